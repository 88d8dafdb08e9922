//! The client's certificate is itself a CA's.

use crate::certificate::{DIGITAL_SIGNATURE, Extension, KEY_CERT_SIGN};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "ca-as-leaf",
    group: Group::Purpose,
    title: "the client's certificate is itself a CA's",
    clause: "RFC 5280 4.2.1.9; CA/Browser Forum Baseline Requirements 7.1.2.7",
    why: "the holder can make more clients at will; RFC 5280 does not forbid it, a strict \
           deployment does",
    twin: "alice",
    openssl: accepted("a CA may be a client for it"),
    webpki: refused("CaUsedAsEndEntity", "a leaf must not be a CA"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| {
        draft.replace(Extension::basic_constraints(true, None));
        draft.replace(Extension::key_usage(&[DIGITAL_SIGNATURE, KEY_CERT_SIGN]));
    })
}
