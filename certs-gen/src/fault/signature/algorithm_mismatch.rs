//! The algorithm inside the signed part is not the one outside it.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::hash::Hash;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "algorithm-mismatch",
    group: Group::Signature,
    title: "the algorithm inside the signed part is not the one outside it",
    clause: "RFC 5280 4.1.1.2: both fields MUST be the same; CVE-2014-8275 (OpenSSL)",
    why: "a gullible server reads one of the two, so the certificate's fingerprint can be \
           changed without its signer; a strict one compares",
    twin: "alice",
    openssl: refused(
        "certificate signature failure",
        "the two are compared when the signature is verified",
    ),
    webpki: refused("SignatureAlgorithmMismatch", "the two are compared"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let other = mint
        .authority(Role::Issuing)?
        .key
        .usual_signature()
        .over(Hash::Sha512)
        .identifier();
    mint.altered(|draft| draft.inner_algorithm = Some(other))
}
