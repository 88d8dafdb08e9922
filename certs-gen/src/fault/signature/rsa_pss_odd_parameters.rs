//! The certificate is signed with RSA-PSS over SHA-256 with a SHA-1 mask and a salt of 20 octets.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::hash::Hash;
use crate::signature::SignatureAlgorithm;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "rsa-pss-odd-parameters",
    group: Group::Signature,
    title: "the certificate is signed with RSA-PSS over SHA-256 with a SHA-1 mask and a salt of \
           20 octets",
    clause: "RFC 4055 3.1: the mask SHOULD use the same hash; CVE-2015-3194 (OpenSSL) was a crash \
           over PSS parameters",
    why: "a fragile server crashes over parameters that it does not expect; a strict one knows \
           the usual sets only",
    twin: "alice-via-rsa",
    openssl: accepted("any parameters are carried out"),
    webpki: refused(
        "UnsupportedSignatureAlgorithm",
        "only the usual parameters are known",
    ),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.signed_with(
        mint.authority(Role::IssuingRsa)?,
        SignatureAlgorithm::RsaPss {
            hash: Hash::Sha256,
            mask: Hash::Sha1,
            salt: 20,
        },
    )
}
