//! The leaf's public key is of an algorithm that nobody knows.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::key::KeyAlgorithm;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "unknown-key-algorithm",
    group: Group::Signature,
    title: "the leaf's public key is of an algorithm that nobody knows",
    clause: "CVE-2024-24783 (Go: verifying such a client certificate panics)",
    why: "a fragile server crashes; a gullible one cannot verify possession and goes on; a \
           strict one refuses and serves the next client",
    twin: "alice",
    openssl: refused(
        "unspecified certificate verification error",
        "the leaf's key must be decoded to see whether the leaf is self-signed, and cannot be",
    ),
    webpki: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered_under(
        mint.authority(Role::Issuing)?,
        mint.key_of(KeyAlgorithm::Unknown)?,
        |_| {},
    )
}
