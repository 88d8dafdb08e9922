//! The leaf has no basicConstraints.

use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "no-basic-constraints",
    group: Group::Purpose,
    title: "the leaf has no basicConstraints",
    clause: "RFC 5280 4.2.1.9: no extension, no CA",
    why: "the leaf is no CA either way; nothing is lost",
    twin: "alice",
    openssl: accepted("no extension means no CA"),
    webpki: accepted("no extension means no CA"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.remove(oid::BASIC_CONSTRAINTS))
}
