//! Another user's common name stands before the own one.

use super::{common_name_at, subject};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::Attribute;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "two-cns-admin-first",
    group: Group::Names,
    title: "another user's common name stands before the own one",
    clause: "RFC 4514 2.1; CVE-2026-22747 (Spring Security)",
    why: "a gullible app takes the first of two, or the last of the printed order; a strict one \
           refuses a subject with two common names",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let other = Attribute::text(oid::COMMON_NAME, &mint.victim());
    subject(mint, |name| name.0.insert(common_name_at(name), vec![other]))
}
