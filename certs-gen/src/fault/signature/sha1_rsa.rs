//! The certificate is signed with RSA over SHA-1.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::hash::Hash;
use crate::signature::SignatureAlgorithm;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "sha1-rsa",
    group: Group::Signature,
    title: "the certificate is signed with RSA over SHA-1",
    clause: "RFC 9155; NIST SP 800-131A: SHA-1 disallowed for signatures; SHAttered and SHA-1 is \
           a Shambles",
    why: "a server at a low security level accepts it, so a chosen-prefix collision forges a \
           certificate; a strict one has no SHA-1 signature algorithm enabled",
    twin: "alice-via-rsa",
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
    mint.signed_with(
        mint.authority(Role::IssuingRsa)?,
        SignatureAlgorithm::RsaPkcs1(Hash::Sha1),
    )
}
