//! One bit of the signature is flipped.

use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "bit-flipped",
    group: Group::Signature,
    title: "one bit of the signature is flipped",
    clause: "RFC 5280 6.1.3 (a)(1)",
    why: "a gullible server parses without verifying; a strict one refuses",
    twin: "alice",
    openssl: refused("certificate signature failure", "the signature does not verify"),
    webpki: refused("InvalidSignatureForPublicKey", "the signature does not verify"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.spoiled(|mut leaf| {
        if let Some(last) = leaf.last_mut() {
            *last ^= 1;
        }
        leaf
    })
}
