//! The subject has a user id of another user.

use super::subject;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::Attribute;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "uid-admin",
    group: Group::Names,
    title: "the subject has a user id of another user",
    clause: "RFC 4519 2.39",
    why: "a gullible app takes the user id before the common name, since it sounds more like one; \
           a strict one reads the attribute that it was told to read",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let uid = Attribute::text(oid::USER_ID, &mint.victim());
    subject(mint, |name| name.0.push(vec![uid]))
}
