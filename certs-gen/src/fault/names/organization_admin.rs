//! The subject has a further organisation `Example,CN=admin`, one value with a comma in it.

use super::subject;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::Attribute;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "organization-admin",
    group: Group::Names,
    title: "the subject has a further organisation `Example,CN=admin`, one value with a comma in it",
    clause: "RFC 4514 2.4: a comma in a value is escaped",
    why: "a gullible app searches a printed name for `CN=` and finds the one in the organisation; \
           a strict one reads the attribute from the certificate",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let organization = Attribute::text(oid::ORGANIZATION, &format!("Example,CN={}", mint.victim()));
    subject(mint, |name| name.0.push(vec![organization]))
}
