//! The leaf's subject lies outside what the intermediate permits.

use super::{PERMITTED, constrained};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::name::{GeneralName, Name};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "constraint-directory",
    group: Group::Names,
    title: "the leaf's subject lies outside what the intermediate permits",
    clause: "RFC 5280 4.2.1.10 and 6.1.3 (b), (c)",
    why: "a gullible server ignores the constraint, so that a CA for one organisation makes users \
           of another; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "permitted subtree violation",
        "the name is of a constrained kind and matches no permitted subtree",
    ),
    webpki: refused(
        "NameConstraintViolation",
        "constraints on directory names are not evaluated, so that every one counts as violated",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let permitted = Name::parse("O=Partner Test PKI,C=DE")?;
    constrained(mint, None, PERMITTED, &GeneralName::Directory(permitted))
}
