//! The common name is `alice,CN=admin`, one value with a comma in it.

use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::Attribute;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-comma-admin",
    group: Group::Names,
    title: "the common name is `alice,CN=admin`, one value with a comma in it",
    clause: "RFC 4514 2.4: a comma in a value is escaped; CVE-2026-22747 (Spring Security)",
    why: "a gullible app splits a printed name at its commas and finds a second CN; a strict \
           one reads the attribute from the certificate, where its value is one string",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let common_name = format!("{},CN={}", mint.user().name, mint.victim());
    let attribute = Attribute::common_name(der::UTF8_STRING, common_name.as_bytes());
    mint.altered(|draft| draft.subject = mint.user().subject.clone().with_common_name(attribute).to_der())
}
