//! The common name has no letters.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-empty",
    group: Group::Names,
    title: "the common name has no letters",
    clause: "RFC 5280 appendix A: a DirectoryString has at least one",
    why: "a gullible app takes the empty name for no certificate at all, or for the first row of \
           its table; a strict one refuses",
    twin: "alice",
    openssl: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    webpki: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    common_name(mint, der::UTF8_STRING, &[])
}
