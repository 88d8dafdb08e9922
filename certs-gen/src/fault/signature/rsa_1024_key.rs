//! The leaf has a 1024-bit RSA key.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::key::KeyAlgorithm;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "rsa-1024-key",
    group: Group::Signature,
    title: "the leaf has a 1024-bit RSA key",
    clause: "NIST SP 800-131A: disallowed since 2014",
    why: "within reach of a state; a hardened server (OpenSSL security level 2) refuses it",
    twin: "alice-rsa2048",
    openssl: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    webpki: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered_under(
        mint.authority(Role::Issuing)?,
        mint.key_of(KeyAlgorithm::Rsa(1024))?,
        |_| {},
    )
}
