//! The common name is another user's after a space.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-leading-space",
    group: Group::Names,
    title: "the common name is another user's after a space",
    clause: "RFC 4514 2.4: a leading space is escaped; RFC 4518 2.6.1 ignores it",
    why: "a gullible app trims the value; a strict one compares exactly what was signed, or refuses",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    common_name(mint, der::UTF8_STRING, format!(" {}", mint.victim()).as_bytes())
}
