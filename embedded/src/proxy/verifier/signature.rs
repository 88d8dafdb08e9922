//! Signatures that webpki will not check: used only by planted faults.

use aws_lc_rs::signature::{self, UnparsedPublicKey};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use rustls::crypto::CryptoProvider;
use rustls::{DigitallySignedStruct, SignatureScheme};
use sha1::{Digest, Sha1};
use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::oid;
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::proxy::fault::SignatureAlgorithms;

/// Whether `key` signed `certificate`, with any algorithm that `accepted` allows.
pub(super) fn signed_by(
    provider: &CryptoProvider,
    certificate: &X509Certificate<'_>,
    key: &SubjectPublicKeyInfo<'_>,
    accepted: SignatureAlgorithms,
) -> bool {
    let bits: &[u8] = &key.subject_public_key.data;
    let message = certificate.tbs_certificate.as_ref();
    let proof: &[u8] = &certificate.signature_value.data;
    let strong = provider
        .signature_verification_algorithms
        .all
        .iter()
        .any(|algorithm| algorithm.verify_signature(bits, message, proof).is_ok());
    strong
        // FAULT signature-algorithms.
        || (accepted != SignatureAlgorithms::Strong && sha1(bits, message, proof))
        || (accepted == SignatureAlgorithms::AcceptMd5
            && (prehashed(bits, &md5::Md5::digest(message), proof)
                // No library here computes RSA with MD5. It is believed, which is what a broken digest comes to.
                || certificate.signature_algorithm.algorithm == oid!(1.2.840.113549.1.1.4)))
}

fn sha1(key: &[u8], message: &[u8], proof: &[u8]) -> bool {
    UnparsedPublicKey::new(&signature::RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, key)
        .verify(message, proof)
        .is_ok()
        || prehashed(key, &Sha1::digest(message), proof)
}

/// ECDSA over P-256 with a digest made elsewhere.
fn prehashed(key: &[u8], digest: &[u8], proof: &[u8]) -> bool {
    let Ok(key) = p256::ecdsa::VerifyingKey::from_sec1_bytes(key) else {
        return false;
    };
    let Ok(proof) = p256::ecdsa::Signature::from_der(proof) else {
        return false;
    };
    key.verify_prehash(digest, &proof).is_ok()
}

/// Whether a CertificateVerify or ServerKeyExchange-style signature over `message` is by `key`; with `weak`, RSA keys
/// from 1024 bits will do.
pub(super) fn possessed(
    provider: &CryptoProvider,
    key: &SubjectPublicKeyInfo<'_>,
    signed: &DigitallySignedStruct,
    message: &[u8],
    weak: bool,
) -> bool {
    let bits: &[u8] = &key.subject_public_key.data;
    let proof = signed.signature();
    let usual = usual(provider, bits, signed.scheme, message, proof);
    // FAULT key-strength. RSA-PSS below 2048 bits is not in the library, so TLS 1.3 stays closed to such keys.
    usual
        || (weak
            && signed.scheme == SignatureScheme::RSA_PKCS1_SHA256
            && UnparsedPublicKey::new(&signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY, bits)
                .verify(message, proof)
                .is_ok())
}

/// Whether a signature under `scheme` is by `key`: under what the library knows, and under SHA-1 with the two schemes that
/// say so. Which of them are let in is the caller's business.
pub(super) fn handshake(
    provider: &CryptoProvider,
    key: &SubjectPublicKeyInfo<'_>,
    scheme: u16,
    message: &[u8],
    proof: &[u8],
) -> bool {
    let bits: &[u8] = &key.subject_public_key.data;
    let scheme = SignatureScheme::from(scheme);
    if [
        SignatureScheme::RSA_PKCS1_SHA1,
        SignatureScheme::ECDSA_SHA1_Legacy,
    ]
    .contains(&scheme)
    {
        sha1(bits, message, proof)
    } else {
        usual(provider, bits, scheme, message, proof)
    }
}

fn usual(
    provider: &CryptoProvider,
    key: &[u8],
    scheme: SignatureScheme,
    message: &[u8],
    proof: &[u8],
) -> bool {
    let algorithms = provider.signature_verification_algorithms.mapping.iter();
    algorithms
        .filter(|(own, _)| *own == scheme)
        .flat_map(|(_, algorithms)| algorithms.iter())
        .any(|algorithm| algorithm.verify_signature(key, message, proof).is_ok())
}
