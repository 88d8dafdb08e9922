//! The version number is one that does not exist.

use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "version-4",
    group: Group::Encoding,
    title: "the version number is one that does not exist",
    clause: "RFC 5280 4.1.2.1: v1, v2 or v3",
    why: "a gullible parser takes any number from 2 up for v3; a strict one refuses",
    twin: "alice",
    openssl: accepted("the number is looked at only to tell v1 from the others"),
    webpki: refused("UnsupportedCertVersion", "only v3 is supported"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.version = Some(3))
}
