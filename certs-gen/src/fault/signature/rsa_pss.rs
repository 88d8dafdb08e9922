//! The certificate is signed with RSA-PSS, SHA-256 and a salt of 32 octets.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::hash::Hash;
use crate::signature::SignatureAlgorithm;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "rsa-pss",
    group: Group::Signature,
    title: "the certificate is signed with RSA-PSS, SHA-256 and a salt of 32 octets",
    clause: "RFC 4055; nothing is wrong with it, but old servers do not know it",
    why: "a server without RSA-PSS refuses a good certificate, which is safe",
    twin: "alice-via-rsa",
    openssl: accepted("the parameters are the usual ones"),
    webpki: accepted("the parameters are the usual ones"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.signed_with(
        mint.authority(Role::IssuingRsa)?,
        SignatureAlgorithm::RsaPss {
            hash: Hash::Sha256,
            mask: Hash::Sha256,
            salt: 32,
        },
    )
}
