//! Another user's certificate with the attacker's own key.

use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::key::KeyAlgorithm;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "key-mismatch",
    group: Group::Presence,
    title: "another user's certificate with the attacker's own key",
    clause: "RFC 8446 4.4.3: the CertificateVerify signature must verify under the leaf's key",
    why: "a gullible server reads the certificate and never checks the signature, so a \
           certificate, which is public, is enough to be its subject; a strict one aborts with \
           decrypt_error",
    twin: "alice",
    openssl: accepted(
        "the certificate is good; possession is proved in the handshake, which a chain check \
           does not see",
    ),
    webpki: accepted(
        "the certificate is good; possession is proved in the handshake, which a chain check \
           does not see",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let mut minted = mint.altered(|_| {})?;
    minted.key = mint.named_key("thief", KeyAlgorithm::P256)?;
    Ok(minted)
}
