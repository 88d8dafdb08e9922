//! Another user's common name stands after the own one.

use super::subject;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::Attribute;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "two-cns-admin-last",
    group: Group::Names,
    title: "another user's common name stands after the own one",
    clause: "RFC 4514 2.1; CVE-2026-22747 (Spring Security)",
    why: "a gullible app takes the last of two, or the first of the printed order; a strict one \
           refuses a subject with two common names",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let other = Attribute::text(oid::COMMON_NAME, &mint.victim());
    subject(mint, |name| name.0.push(vec![other]))
}
