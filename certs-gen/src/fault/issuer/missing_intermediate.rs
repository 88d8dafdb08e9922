//! The intermediate is left out of the chain.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "missing-intermediate",
    group: Group::Issuer,
    title: "the intermediate is left out of the chain",
    clause: "RFC 8446 4.4.2: each certificate should certify the one before it",
    why: "a gullible server that cannot build a path falls back to accepting the leaf, or \
           fetches the issuer from a URL of the attacker's choice; a strict one refuses unless \
           it holds the intermediate itself",
    twin: "alice",
    openssl: refused(
        "unable to get local issuer certificate",
        "only roots are trusted and the intermediate is not there",
    ),
    webpki: refused(
        "UnknownIssuer",
        "only roots are trusted and the intermediate is not there",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let mut minted = mint.altered(|_| {})?;
    if minted.chain.len() < 2 {
        return Err(PkiError::NeedsRoot(Role::Root));
    }
    minted.chain.truncate(1);
    Ok(minted)
}
