//! The leaf has an RSA key with public exponent 3.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::key::PoolKey;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "rsa-e3-key",
    group: Group::Signature,
    title: "the leaf has an RSA key with public exponent 3",
    clause: "FIPS 186-5: at least 65,537; CVE-2006-4339 (Bleichenbacher's forgery with e = 3)",
    why: "a server with lax padding checks accepts forged signatures under such keys; with \
           strict checks the key is sound",
    twin: "alice-rsa2048",
    openssl: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    webpki: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered_under(
        mint.authority(Role::Issuing)?,
        mint.pool_key(PoolKey::RsaE3)?,
        |_| {},
    )
}
