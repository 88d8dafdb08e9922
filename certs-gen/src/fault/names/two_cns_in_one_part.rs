//! Another user's common name shares its relative name with the own one.

use super::{beside_common_name, subject};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::Attribute;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "two-cns-in-one-part",
    group: Group::Names,
    title: "another user's common name shares its relative name with the own one",
    clause: "RFC 4514 2.2; X.501 9.3: a relative name has one value of a type",
    why: "a gullible app takes whichever the sorting of the encoding puts first; a strict one \
           refuses a subject with two common names",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let other = Attribute::text(oid::COMMON_NAME, &mint.victim());
    subject(mint, |name| beside_common_name(name, other))
}
