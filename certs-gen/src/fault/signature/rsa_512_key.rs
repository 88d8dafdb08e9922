//! The leaf has a 512-bit RSA key.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::key::KeyAlgorithm;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "rsa-512-key",
    group: Group::Signature,
    title: "the leaf has a 512-bit RSA key",
    clause: "NIST SP 800-131A; factored in hours by anyone (Factoring as a Service, 2015)",
    why: "a gullible server accepts the key, so whoever factors the public modulus is the \
           user; a strict one sets a minimum",
    twin: "alice-rsa2048",
    openssl: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    webpki: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered_under(
        mint.authority(Role::Issuing)?,
        mint.key_of(KeyAlgorithm::Rsa(512))?,
        |_| {},
    )
}
