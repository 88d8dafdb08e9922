//! The leaf's rfc822Name is what the intermediate must not issue for.

use super::{EXCLUDED, constrained, own_domain};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "constraint-email-excluded",
    group: Group::Names,
    title: "the leaf's rfc822Name is what the intermediate must not issue for",
    clause: "RFC 5280 4.2.1.10 and 6.1.3 (b), (c)",
    why: "a gullible server ignores the constraint, so that a CA for one organisation makes users \
           of another; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "excluded subtree violation",
        "the name matches the excluded subtree",
    ),
    webpki: refused("NameConstraintViolation", "the name matches the excluded subtree"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let domain = own_domain(mint);
    let own = GeneralName::Email(format!("alice@{domain}").into_bytes());
    constrained(
        mint,
        Some(own),
        EXCLUDED,
        &GeneralName::Email(domain.into_bytes()),
    )
}
