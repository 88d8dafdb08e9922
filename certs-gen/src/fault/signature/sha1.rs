//! The certificate is signed with ECDSA over SHA-1.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::hash::Hash;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "sha1",
    group: Group::Signature,
    title: "the certificate is signed with ECDSA over SHA-1",
    clause: "RFC 9155; NIST SP 800-131A: SHA-1 disallowed for signatures",
    why: "a server at a low security level accepts it, so a collision in the issuer's input \
           forges a certificate; a strict one has no SHA-1 signature algorithm enabled",
    twin: "alice",
    openssl: accepted(
        "the default security level of verify lets SHA-1 pass; TLS at security level 1 \
           refuses it",
    ),
    webpki: refused(
        "UnsupportedSignatureAlgorithm",
        "SHA-1 is not among the algorithms",
    ),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let issuing = mint.authority(Role::Issuing)?;
    mint.signed_with(issuing, issuing.key.usual_signature().over(Hash::Sha1))
}
