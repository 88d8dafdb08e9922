//! A URI that names another user stands beside the own alternative names.

use super::also_named;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "uri-admin",
    group: Group::Names,
    title: "a URI that names another user stands beside the own alternative names",
    clause: "RFC 5280 4.2.1.6; CVE-2021-44531 (Node)",
    why: "a gullible app takes the last part of any URI for the user; a strict one looks at one \
           kind of name, and at the whole of it",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    also_named(
        mint,
        GeneralName::Uri(format!("https://example.test/users/{}", mint.victim()).into_bytes()),
    )
}
