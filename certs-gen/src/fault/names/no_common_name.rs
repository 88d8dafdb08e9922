//! The subject has no common name.

use super::subject;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "no-common-name",
    group: Group::Names,
    title: "the subject has no common name",
    clause: "RFC 5280 4.1.2.4 asks for none",
    why: "a gullible app reads the attribute that is not there, and falls to a default, an \
           exception or the previous request; a strict one refuses",
    twin: "alice",
    openssl: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    webpki: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    subject(mint, |name| {
        name.0.retain(|relative| {
            !relative
                .iter()
                .any(|attribute| attribute.kind == oid::COMMON_NAME)
        });
    })
}
