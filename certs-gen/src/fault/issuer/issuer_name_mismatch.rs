//! The leaf's issuer field names another authority than the one that signed it.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "issuer-name-mismatch",
    group: Group::Issuer,
    title: "the leaf's issuer field names another authority than the one that signed it",
    clause: "RFC 5280 6.1.3 (a)(4)",
    why: "a gullible server tries every key at hand and takes the one that verifies, and the \
           app sees the false issuer; a strict one chains names as well as signatures",
    twin: "alice",
    openssl: refused(
        "unable to get local issuer certificate",
        "no certificate has the name",
    ),
    webpki: refused("UnknownIssuer", "no certificate has the name"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let other = mint.authority(Role::Public)?;
    mint.altered(|draft| draft.issuer = other.subject.clone())
}
