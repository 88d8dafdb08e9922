//! The subjectAltName extension has no names in it.

use super::alternative_names;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "san-empty",
    group: Group::Names,
    title: "the subjectAltName extension has no names in it",
    clause: "RFC 5280 4.2.1.6: it must contain at least one entry",
    why: "a gullible app takes the first name without looking whether there is one; a strict one \
           refuses",
    twin: "alice",
    openssl: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    webpki: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    alternative_names(mint, &[])
}
