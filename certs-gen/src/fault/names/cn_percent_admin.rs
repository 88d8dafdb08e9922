//! The common name spells a comma and a second CN in percent escapes.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-percent-admin",
    group: Group::Names,
    title: "the common name spells a comma and a second CN in percent escapes",
    clause: "RFC 3986 2.4: decode once; CWE-174",
    why: "a gullible app decodes the header twice, or decodes one that was never encoded, and \
           finds a second CN; a strict one decodes as often as the proxy encodes",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    common_name(
        mint,
        der::UTF8_STRING,
        format!("{}%2CCN%3D{}", mint.user().name, mint.victim()).as_bytes(),
    )
}
