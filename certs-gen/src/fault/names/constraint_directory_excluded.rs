//! The leaf's subject is what the intermediate must not issue for.

use super::{EXCLUDED, constrained};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "constraint-directory-excluded",
    group: Group::Names,
    title: "the leaf's subject is what the intermediate must not issue for",
    clause: "RFC 5280 4.2.1.10 and 6.1.3 (b), (c)",
    why: "a gullible server ignores the constraint, so that a CA for one organisation makes users \
           of another; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "excluded subtree violation",
        "the name matches the excluded subtree",
    ),
    webpki: refused(
        "NameConstraintViolation",
        "constraints on directory names are not evaluated, so that every one counts as violated",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let own = mint.user().subject.clone();
    constrained(mint, None, EXCLUDED, &GeneralName::Directory(own))
}
