//! The signature has no octets.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "empty-signature",
    group: Group::Signature,
    title: "the signature has no octets",
    clause: "RFC 5280 4.1.1.3",
    why: "a gullible server takes an empty comparison for a match; a strict one refuses",
    twin: "alice",
    openssl: refused("signature failure", "there is nothing to verify"),
    webpki: refused("InvalidSignatureForPublicKey", "there is nothing to verify"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let issuing = mint.authority(Role::Issuing)?;
    mint.lying(issuing, issuing.key.usual_signature(), |_, _| Vec::new())
}
