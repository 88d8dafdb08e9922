//! The leaf is signed by another key, the honest intermediate follows it.

use crate::authority::{Authority, Role};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::key::KeyAlgorithm;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "true-chain-false-key",
    group: Group::Issuer,
    title: "the leaf is signed by another key, the honest intermediate follows it",
    clause: "RFC 5280 6.1.3 (a)(1)",
    why: "a gullible server compares names along the chain and never the signature; a strict \
           one verifies each signature",
    twin: "alice",
    openssl: refused(
        "signature failure",
        "the intermediate's key does not verify the leaf",
    ),
    webpki: refused(
        "InvalidSignatureForPublicKey",
        "the intermediate's key does not verify the leaf",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let issuing = mint.authority(Role::Issuing)?;
    let thief = Authority {
        key: mint.named_key("thief", KeyAlgorithm::P256)?,
        ..issuing.clone()
    };
    mint.altered_under(&thief, mint.key()?, |_| {})
}
