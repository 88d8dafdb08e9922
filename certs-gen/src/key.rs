//! Private keys: derived from the seed (elliptic curves), taken from the committed pool (RSA), or an operator's.
//!
//! A [`KeyPair`] signs certificates and TLS handshakes, also with what no TLS library would sign with: 512-bit RSA,
//! SHA-1, secp256k1. Nothing here is secret or runs in constant time; these keys protect nothing.

mod curve;
mod file;
mod pool;
mod rsa;

use std::sync::Arc;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use thiserror::Error;

pub use pool::PoolKey;

use crate::der::DerError;
use crate::hash::{self, Hash};
use crate::signature::SignatureAlgorithm;
use crate::{der, oid};
use curve::Curve;
use rsa::RsaSecret;

/// Why a key could not be read or could not sign.
#[derive(Debug, Error)]
pub enum KeyError {
    /// The bytes of a key file are not the structure that its PEM label promises.
    #[error("read key structure: {0}")]
    Structure(#[from] DerError),
    /// The PEM armour is damaged or holds no private key.
    #[error("read key PEM: {0}")]
    Pem(String),
    /// The key is encrypted and no passphrase was given.
    #[error("key is encrypted and no passphrase was given")]
    NoPassphrase,
    /// The passphrase does not open the key, or the key uses an encryption other than PBES2.
    #[error("decrypt key: {0}")]
    Decrypt(String),
    /// The key's algorithm or curve is not one of this crate.
    #[error("key algorithm is not supported")]
    Unsupported,
    /// The numbers of the key make no sense together.
    #[error("key is not valid: {0}")]
    Invalid(&'static str),
    /// This kind of key cannot make this kind of signature.
    #[error("a {key:?} key cannot sign with {wanted}")]
    CannotSign {
        /// The kind of key.
        key: KeyAlgorithm,
        /// The signature asked for.
        wanted: String,
    },
}

/// The kind of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// NIST P-224, below every modern minimum and unknown to TLS 1.3.
    P224,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// SEC 2 secp256k1: a strong curve that TLS does not name.
    Secp256k1,
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// RSA with a modulus of so many bits.
    Rsa(u16),
    /// A public-key algorithm that nobody knows; its signatures are noise.
    Unknown,
}

#[derive(Clone)]
enum Secret {
    Curve(Box<Curve>),
    Ed25519(Arc<Ed25519KeyPair>),
    Rsa(Arc<RsaSecret>),
    Noise,
}

/// A private key with its public half.
#[derive(Clone)]
pub struct KeyPair {
    algorithm: KeyAlgorithm,
    spki: Vec<u8>,
    pkcs8: Option<Vec<u8>>,
    secret: Secret,
}

impl std::fmt::Debug for KeyPair {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("KeyPair")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

impl KeyPair {
    /// The key of this name under this seed. RSA and P-224 keys cannot be derived: they come from the pool, chosen by
    /// the name among those of the size.
    ///
    /// # Errors
    /// [`KeyError::Unsupported`] for an RSA size that the pool lacks.
    pub fn derive(seed: u64, name: &str, algorithm: KeyAlgorithm) -> Result<Self, KeyError> {
        match algorithm {
            KeyAlgorithm::P256 | KeyAlgorithm::P384 | KeyAlgorithm::P521 | KeyAlgorithm::Secp256k1 => {
                // A hash is a valid scalar with overwhelming likelihood; the counter is for the one that is not.
                for counter in 0..16 {
                    let label = format!("{algorithm:?}/{counter}");
                    let material = Hash::Sha512.digest(&hash::derive(seed, &["key", name, &label]));
                    if let Some(curve) = Curve::from_material(algorithm, &material) {
                        return Self::from_curve(curve);
                    }
                }
                Err(KeyError::Invalid("no scalar after sixteen tries"))
            }
            KeyAlgorithm::Ed25519 => Self::from_ed25519_seed(&hash::derive(seed, &["key", name, "Ed25519"])),
            KeyAlgorithm::Rsa(bits) => PoolKey::of_size(bits, hash::derive(seed, &["key", name, "RSA"])[0])
                .ok_or(KeyError::Unsupported)
                .and_then(Self::from_pool),
            KeyAlgorithm::P224 => Self::from_pool(PoolKey::P224),
            KeyAlgorithm::Unknown => Ok(Self::noise(der::sequence(&[
                &der::sequence(&[&der::oid(oid::UNKNOWN)]),
                &der::bits(&hash::derive(seed, &["key", name, "unknown"])),
            ]))),
        }
    }

    /// A key of the committed pool.
    ///
    /// # Errors
    /// [`KeyError`] when the committed file is damaged.
    pub fn from_pool(key: PoolKey) -> Result<Self, KeyError> {
        if key == PoolKey::RsaE1 {
            return Ok(Self::from_rsa(
                RsaSecret::identity(&Self::from_pool(PoolKey::Rsa2048A)?.modulus()?)?,
                None,
            ));
        }
        Self::from_pem(key.pem(), None)
    }

    /// Reads a private key from PEM: PKCS #8, encrypted PKCS #8 (PBES2), PKCS #1 or SEC 1.
    ///
    /// # Errors
    /// [`KeyError`] when the text holds no readable key, or one that needs a passphrase.
    pub fn from_pem(text: &str, passphrase: Option<&str>) -> Result<Self, KeyError> {
        file::read(text, passphrase)
    }

    fn from_curve(curve: Curve) -> Result<Self, KeyError> {
        let public = curve.public_point();
        let arcs = curve.arcs();
        let algorithm_identifier = der::sequence(&[&der::oid(oid::EC_PUBLIC_KEY), &der::oid(arcs)]);
        let inner = der::sequence(&[
            &der::small(1),
            &der::octets(&curve.scalar()),
            &der::context(1, &der::bits(&public)),
        ]);
        Ok(Self {
            algorithm: curve.algorithm(),
            spki: der::sequence(&[&algorithm_identifier, &der::bits(&public)]),
            pkcs8: Some(der::sequence(&[
                &der::small(0),
                &algorithm_identifier,
                &der::octets(&inner),
            ])),
            secret: Secret::Curve(Box::new(curve)),
        })
    }

    fn from_ed25519_seed(seed: &[u8]) -> Result<Self, KeyError> {
        let pair =
            Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError::Invalid("Ed25519 seed"))?;
        let algorithm_identifier = der::sequence(&[&der::oid(oid::ED25519)]);
        Ok(Self {
            algorithm: KeyAlgorithm::Ed25519,
            spki: der::sequence(&[&algorithm_identifier, &der::bits(pair.public_key().as_ref())]),
            pkcs8: Some(der::sequence(&[
                &der::small(0),
                &algorithm_identifier,
                &der::octets(&der::octets(seed)),
            ])),
            secret: Secret::Ed25519(Arc::new(pair)),
        })
    }

    fn from_rsa(secret: RsaSecret, pkcs8: Option<Vec<u8>>) -> Self {
        let algorithm_identifier = der::sequence(&[&der::oid(oid::RSA), &der::null()]);
        Self {
            algorithm: KeyAlgorithm::Rsa(secret.bits()),
            spki: der::sequence(&[&algorithm_identifier, &der::bits(&secret.public_key())]),
            pkcs8,
            secret: Secret::Rsa(Arc::new(secret)),
        }
    }

    /// A public key that no private key belongs to; whatever it signs is noise of plausible size.
    #[must_use]
    pub fn noise(spki: Vec<u8>) -> Self {
        Self {
            algorithm: KeyAlgorithm::Unknown,
            spki,
            pkcs8: None,
            secret: Secret::Noise,
        }
    }

    /// The same private key under another SubjectPublicKeyInfo: a lie about its kind or parameters.
    #[must_use]
    pub fn disguised(mut self, spki: Vec<u8>) -> Self {
        self.spki = spki;
        self
    }

    /// The PKCS #8 structure, `None` for keys that no file format holds (RSA with e = 1, noise). A TLS library that
    /// refuses the kind or the size is served by [`Self::sign_tls`] instead.
    #[must_use]
    pub fn pkcs8_der(&self) -> Option<&[u8]> {
        self.pkcs8.as_deref()
    }

    /// The kind of the private key.
    #[must_use]
    pub fn algorithm(&self) -> KeyAlgorithm {
        self.algorithm
    }

    /// The SubjectPublicKeyInfo, DER unless a fault wants it otherwise.
    #[must_use]
    pub fn spki_der(&self) -> &[u8] {
        &self.spki
    }

    /// SHA-1 of the public key bits, the first method of RFC 5280 4.2.1.2.
    #[must_use]
    pub fn key_identifier(&self) -> Vec<u8> {
        key_identifier(&self.spki)
    }

    fn modulus(&self) -> Result<Vec<u8>, KeyError> {
        match &self.secret {
            Secret::Rsa(secret) => Ok(secret.modulus()),
            Secret::Curve(_) | Secret::Ed25519(_) | Secret::Noise => Err(KeyError::Unsupported),
        }
    }

    /// The signature octets over a message, deterministic: RFC 6979 for ECDSA, a salt from the message for RSA-PSS.
    ///
    /// # Errors
    /// [`KeyError::CannotSign`] when the key is of another kind or too short for the padding.
    pub fn sign(&self, algorithm: SignatureAlgorithm, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let cannot = || KeyError::CannotSign {
            key: self.algorithm,
            wanted: format!("{algorithm:?}"),
        };
        match (&self.secret, algorithm) {
            (Secret::Curve(curve), SignatureAlgorithm::Ecdsa(hash)) => {
                curve.sign(&hash.digest(message)).ok_or_else(cannot)
            }
            (Secret::Ed25519(pair), SignatureAlgorithm::Ed25519) => {
                Ok(pair.try_sign(message).map_err(|_| cannot())?.as_ref().to_vec())
            }
            (Secret::Rsa(secret), SignatureAlgorithm::RsaPkcs1(hash)) => {
                secret.sign_pkcs1(hash, message).ok_or_else(cannot)
            }
            (Secret::Rsa(secret), SignatureAlgorithm::RsaPss { hash, mask, salt }) => secret
                .sign_pss(hash, mask, usize::from(salt), message)
                .ok_or_else(cannot),
            (Secret::Noise, _) => {
                Ok([Hash::Sha256.digest(message), Hash::Sha256.digest(&self.spki)].concat())
            }
            (Secret::Curve(_) | Secret::Ed25519(_) | Secret::Rsa(_), _) => Err(cannot()),
        }
    }

    /// The octets of a TLS `CertificateVerify` signature. `scheme` is the SignatureScheme number (RFC 8446 4.2.3), in
    /// TLS 1.2 the hash and signature octets; `message` is what is signed, with the padding and context of TLS 1.3
    /// already in front. ECDSA schemes name a hash only: a P-521 key signs with `ecdsa_secp256r1_sha256` as TLS 1.2
    /// allows.
    ///
    /// # Errors
    /// [`KeyError::CannotSign`] when the scheme is unknown or belongs to another kind of key.
    pub fn sign_tls(&self, scheme: u16, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let algorithm = SignatureAlgorithm::from_tls(scheme).ok_or_else(|| KeyError::CannotSign {
            key: self.algorithm,
            wanted: format!("TLS signature scheme {scheme:#06x}"),
        })?;
        self.sign(algorithm, message)
    }

    /// The signature algorithm that an honest issuer with this key uses.
    #[must_use]
    pub fn usual_signature(&self) -> SignatureAlgorithm {
        match self.algorithm {
            KeyAlgorithm::P224 | KeyAlgorithm::P256 | KeyAlgorithm::Secp256k1 | KeyAlgorithm::Unknown => {
                SignatureAlgorithm::Ecdsa(Hash::Sha256)
            }
            KeyAlgorithm::P384 => SignatureAlgorithm::Ecdsa(Hash::Sha384),
            KeyAlgorithm::P521 => SignatureAlgorithm::Ecdsa(Hash::Sha512),
            KeyAlgorithm::Ed25519 => SignatureAlgorithm::Ed25519,
            KeyAlgorithm::Rsa(_) => SignatureAlgorithm::RsaPkcs1(Hash::Sha256),
        }
    }
}

/// SHA-1 over the BIT STRING's octets of a SubjectPublicKeyInfo; over all of it when it cannot be read.
#[must_use]
pub fn key_identifier(spki: &[u8]) -> Vec<u8> {
    Hash::Sha1.digest(public_key_octets(spki))
}

/// The BIT STRING's octets of a SubjectPublicKeyInfo; all of it when it cannot be read.
pub(crate) fn public_key_octets(spki: &[u8]) -> &[u8] {
    let read = || -> Result<&[u8], DerError> {
        let mut inner = der::Reader::new(der::Reader::new(spki).content(der::SEQUENCE)?);
        inner.content(der::SEQUENCE)?;
        inner.content(der::BIT_STRING)
    };
    read().ok().and_then(|bits| bits.get(1..)).unwrap_or(spki)
}

#[cfg(test)]
mod tests;
