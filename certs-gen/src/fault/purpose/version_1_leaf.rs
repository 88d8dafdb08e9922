//! The leaf is a version 1 certificate without extensions.

use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "version-1-leaf",
    group: Group::Purpose,
    title: "the leaf is a version 1 certificate without extensions",
    clause: "RFC 5280 4.1.2.1; AWS ALB refuses version 1",
    why: "without extensions nothing limits its use; a strict server wants version 3",
    twin: "alice",
    openssl: accepted("version 1 has no restriction"),
    webpki: refused("UnsupportedCertVersion", "only version 3 is read"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| {
        draft.version = None;
        draft.extensions.clear();
    })
}
