//! The common name shares its relative name with a user id, `CN=alice+UID=admin`.

use super::{beside_common_name, subject};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::Attribute;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-with-uid-admin",
    group: Group::Names,
    title: "the common name shares its relative name with a user id, `CN=alice+UID=admin`",
    clause: "RFC 4514 2.2; CVE-2021-44533 (Node)",
    why: "a gullible app splits at commas only, or takes whichever it finds first, and sees the \
           other user; a strict one reads the attribute that it was told to read",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let uid = Attribute::text(oid::USER_ID, &mint.victim());
    subject(mint, |name| beside_common_name(name, uid))
}
