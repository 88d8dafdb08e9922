//! An extension that nobody knows has a value of no octets.

use super::unknown_extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "empty-extension-value",
    group: Group::Encoding,
    title: "an extension that nobody knows has a value of no octets",
    clause: "RFC 5280 4.2: the value is the DER of the extension's type",
    why: "a gullible parser looks at the first octet of the value; a strict one passes over what \
           it does not know, or refuses",
    twin: "alice",
    openssl: accepted("what is not critical is skipped"),
    webpki: accepted("what is not critical is skipped"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    unknown_extension(mint, Vec::new())
}
