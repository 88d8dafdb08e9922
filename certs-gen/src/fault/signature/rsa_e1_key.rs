//! The leaf has an RSA key with public exponent 1.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::key::PoolKey;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "rsa-e1-key",
    group: Group::Signature,
    title: "the leaf has an RSA key with public exponent 1",
    clause: "RFC 8017 3.1: e is at least 3; FIPS 186-5: at least 65,537",
    why: "the padded message is its own signature, so anybody can sign as the user; a strict \
           server refuses the exponent",
    twin: "alice-rsa2048",
    openssl: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    webpki: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered_under(
        mint.authority(Role::Issuing)?,
        mint.pool_key(PoolKey::RsaE1)?,
        |_| {},
    )
}
