//! The leaf has a secp256k1 key.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::key::KeyAlgorithm;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "secp256k1-key",
    group: Group::Signature,
    title: "the leaf has a secp256k1 key",
    clause: "RFC 8422 5.1.1: secp256k1 is deprecated; RFC 8446 4.2.7: obsolete",
    why: "a gullible TLS 1.2 server verifies with whatever curve the certificate names; a \
           strict one refuses curves that were not offered",
    twin: "alice",
    openssl: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    webpki: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered_under(
        mint.authority(Role::Issuing)?,
        mint.key_of(KeyAlgorithm::Secp256k1)?,
        |_| {},
    )
}
