//! ECDSA keys on the four curves that have a Rust implementation, and P-224, which signs noise.

use p256::ecdsa::signature::hazmat::PrehashSigner as _;

use super::KeyAlgorithm;
use crate::hash::Hash;
use crate::{der, oid};

/// A scalar on its curve.
#[derive(Clone)]
pub(super) enum Curve {
    P224 { scalar: Vec<u8>, public: Vec<u8> },
    P256(p256::ecdsa::SigningKey),
    P384(p384::ecdsa::SigningKey),
    P521(p521::ecdsa::SigningKey),
    Secp256k1(k256::ecdsa::SigningKey),
}

impl Curve {
    /// A scalar from at least 64 octets of hash.
    pub(super) fn from_material(algorithm: KeyAlgorithm, material: &[u8]) -> Option<Self> {
        match algorithm {
            // 66 octets with 521 bits: two zero octets in front keep the scalar below the order.
            KeyAlgorithm::P521 => Self::from_scalar(algorithm, &[&[0, 0], material.get(..64)?].concat()),
            KeyAlgorithm::P384 => Self::from_scalar(algorithm, material.get(..48)?),
            KeyAlgorithm::P256 | KeyAlgorithm::Secp256k1 => Self::from_scalar(algorithm, material.get(..32)?),
            KeyAlgorithm::P224 | KeyAlgorithm::Ed25519 | KeyAlgorithm::Rsa(_) | KeyAlgorithm::Unknown => None,
        }
    }

    /// A scalar of the curve's full width.
    pub(super) fn from_scalar(algorithm: KeyAlgorithm, scalar: &[u8]) -> Option<Self> {
        match algorithm {
            KeyAlgorithm::P256 => p256::ecdsa::SigningKey::from_slice(scalar).ok().map(Self::P256),
            KeyAlgorithm::P384 => p384::ecdsa::SigningKey::from_slice(scalar).ok().map(Self::P384),
            KeyAlgorithm::P521 => p521::ecdsa::SigningKey::from_slice(scalar).ok().map(Self::P521),
            KeyAlgorithm::Secp256k1 => k256::ecdsa::SigningKey::from_slice(scalar)
                .ok()
                .map(Self::Secp256k1),
            KeyAlgorithm::P224 | KeyAlgorithm::Ed25519 | KeyAlgorithm::Rsa(_) | KeyAlgorithm::Unknown => None,
        }
    }

    pub(super) fn algorithm(&self) -> KeyAlgorithm {
        match self {
            Self::P224 { .. } => KeyAlgorithm::P224,
            Self::P256(_) => KeyAlgorithm::P256,
            Self::P384(_) => KeyAlgorithm::P384,
            Self::P521(_) => KeyAlgorithm::P521,
            Self::Secp256k1(_) => KeyAlgorithm::Secp256k1,
        }
    }

    pub(super) fn arcs(&self) -> &'static [u64] {
        match self {
            Self::P224 { .. } => oid::P224,
            Self::P256(_) => oid::P256,
            Self::P384(_) => oid::P384,
            Self::P521(_) => oid::P521,
            Self::Secp256k1(_) => oid::SECP256K1,
        }
    }

    pub(super) fn scalar(&self) -> Vec<u8> {
        match self {
            Self::P224 { scalar, .. } => scalar.clone(),
            Self::P256(key) => key.to_bytes().to_vec(),
            Self::P384(key) => key.to_bytes().to_vec(),
            Self::P521(key) => key.to_bytes().to_vec(),
            Self::Secp256k1(key) => key.to_bytes().to_vec(),
        }
    }

    /// The uncompressed public point.
    pub(super) fn public_point(&self) -> Vec<u8> {
        match self {
            Self::P224 { public, .. } => public.clone(),
            Self::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::P384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::P521(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::Secp256k1(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
        }
    }

    /// ECDSA-Sig-Value over a digest (RFC 6979); on P-224 a well-formed one that verifies nowhere, since no stable Rust
    /// crate has the curve and no TLS version since 1.3 can negotiate it.
    pub(super) fn sign(&self, digest: &[u8]) -> Option<Vec<u8>> {
        let pair = match self {
            Self::P224 { public, .. } => {
                let noise = |part: &[u8]| Hash::Sha224.digest(&[part, public, digest].concat());
                [noise(b"r"), noise(b"s")].concat()
            }
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&widened(digest, 32)).ok()?;
                signature.to_bytes().to_vec()
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&widened(digest, 48)).ok()?;
                signature.to_bytes().to_vec()
            }
            Self::P521(key) => {
                let signature: p521::ecdsa::Signature = key.sign_prehash(&widened(digest, 66)).ok()?;
                signature.to_bytes().to_vec()
            }
            Self::Secp256k1(key) => {
                let signature: k256::ecdsa::Signature = key.sign_prehash(&widened(digest, 32)).ok()?;
                signature.to_bytes().to_vec()
            }
        };
        let (r, s) = pair.split_at_checked(pair.len() / 2)?;
        Some(der::sequence(&[&der::unsigned(r), &der::unsigned(s)]))
    }
}

/// Zeros in front of a digest shorter than the field, which the crates refuse although bits2int (RFC 6979 2.3.2) gives
/// the same number.
fn widened(digest: &[u8], field: usize) -> Vec<u8> {
    let mut wide = vec![0; field.saturating_sub(digest.len())];
    wide.extend_from_slice(digest);
    wide
}
