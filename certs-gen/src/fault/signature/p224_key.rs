//! The leaf has a P-224 key.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::key::KeyAlgorithm;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "p224-key",
    group: Group::Signature,
    title: "the leaf has a P-224 key",
    clause: "RFC 8446 4.2.7 has no such group; 112-bit strength",
    why: "the key is sound but no TLS 1.3 scheme fits; the harness signs noise with it, so a \
           grant means that nobody verified",
    twin: "alice",
    openssl: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    webpki: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered_under(
        mint.authority(Role::Issuing)?,
        mint.key_of(KeyAlgorithm::P224)?,
        |_| {},
    )
}
