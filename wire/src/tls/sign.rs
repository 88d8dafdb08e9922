//! Proof of possession, honest and not: who makes the CertificateVerify signature.
//!
//! [`Sign`] is the seam. [`KeySigner`] holds a key and tells the truth; every other signer here wraps one and lies in
//! exactly one way (RFC 5246 section 7.4.8, RFC 8446 section 4.4.3). Next: [`crate::tls::client`].

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use rustls::SignatureScheme;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::sign::SigningKey;
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// Something that answers "prove that you hold the key of this certificate".
pub trait Sign: Send + Sync {
    /// The signature schemes that it can be asked for, by IANA code point, best first.
    fn schemes(&self) -> Vec<u16>;

    /// The signature to send over `message`, the unhashed handshake transcript.
    ///
    /// # Errors
    /// The signer cannot sign at all. A signature that is wrong on purpose is `Ok`.
    fn sign(&self, scheme: u16, message: &[u8]) -> Result<Vec<u8>, SignFailure>;

    /// The scheme that CertificateVerify claims, when `scheme` was chosen.
    fn label(&self, scheme: u16) -> u16 {
        scheme
    }
}

/// Why there is no signature or no signer: a mistake of ours, never of the peer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignFailure {
    /// The key file holds no private key that aws-lc-rs can use.
    #[error("not a usable private key: {0}")]
    BadKey(String),
    /// The library refused to sign.
    #[error("cannot sign: {0}")]
    Library(String),
    /// The key does not know the scheme.
    #[error("the key cannot sign with scheme {0:#06x}")]
    Scheme(u16),
}

/// The schemes that [`KeySigner`] asks its key about. PSS comes first, since TLS 1.3 allows no PKCS#1 v1.5 signature.
const KEY_SCHEMES: [SignatureScheme; 10] = [
    SignatureScheme::ECDSA_NISTP256_SHA256,
    SignatureScheme::ECDSA_NISTP384_SHA384,
    SignatureScheme::ECDSA_NISTP521_SHA512,
    SignatureScheme::ED25519,
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::RSA_PKCS1_SHA256,
    SignatureScheme::RSA_PKCS1_SHA384,
    SignatureScheme::RSA_PKCS1_SHA512,
];

/// Signs truthfully with a private key.
#[derive(Clone, Debug)]
pub struct KeySigner(Arc<dyn SigningKey>);

impl KeySigner {
    /// Reads a PKCS#8, SEC1 or PKCS#1 private key in DER: RSA of 2048 bits or more, P-256, P-384, P-521 or Ed25519.
    ///
    /// # Errors
    /// The bytes are no such key.
    pub fn from_der(key: &[u8]) -> Result<Self, SignFailure> {
        let key = PrivateKeyDer::try_from(key).map_err(|why| SignFailure::BadKey(why.to_owned()))?;
        any_supported_type(&key)
            .map(Self)
            .map_err(|error| SignFailure::BadKey(error.to_string()))
    }

    /// A fresh P-256 key that no certificate vouches for.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn fresh() -> Result<Self, SignFailure> {
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new())
            .map_err(|error| SignFailure::Library(error.to_string()))?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.as_ref()));
        any_supported_type(&key)
            .map(Self)
            .map_err(|error| SignFailure::BadKey(error.to_string()))
    }
}

impl Sign for KeySigner {
    fn schemes(&self) -> Vec<u16> {
        KEY_SCHEMES
            .iter()
            .filter(|scheme| self.0.choose_scheme(&[**scheme]).is_some())
            .map(|s| u16::from(*s))
            .collect()
    }

    fn sign(&self, scheme: u16, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        let signer = self
            .0
            .choose_scheme(&[SignatureScheme::from(scheme)])
            .ok_or(SignFailure::Scheme(scheme))?;
        signer
            .sign(message)
            .map_err(|error| SignFailure::Library(error.to_string()))
    }
}

/// Signs truthfully and keeps the last signature, for [`Replayed`].
pub struct Capturing {
    inner: Arc<dyn Sign>,
    last: Mutex<Option<Vec<u8>>>,
}

impl Capturing {
    /// Wraps an honest signer.
    #[must_use]
    pub fn new(inner: Arc<dyn Sign>) -> Self {
        Self {
            inner,
            last: Mutex::new(None),
        }
    }

    /// The signature made last.
    #[must_use]
    pub fn last(&self) -> Option<Vec<u8>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Sign for Capturing {
    fn schemes(&self) -> Vec<u16> {
        self.inner.schemes()
    }

    fn sign(&self, scheme: u16, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        let signature = self.inner.sign(scheme, message)?;
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(signature.clone());
        Ok(signature)
    }
}

/// Sends a signature of zero bytes. A verifier that skips an absent signature lets it in.
pub struct EmptySignature(pub Arc<dyn Sign>);

impl Sign for EmptySignature {
    fn schemes(&self) -> Vec<u16> {
        self.0.schemes()
    }

    fn sign(&self, _scheme: u16, _message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        Ok(Vec::new())
    }
}

/// Sends bytes that are no signature, in the length of a real one.
pub struct GarbageSignature(pub Arc<dyn Sign>);

impl Sign for GarbageSignature {
    fn schemes(&self) -> Vec<u16> {
        self.0.schemes()
    }

    fn sign(&self, scheme: u16, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        Ok(vec![0xA5; self.0.sign(scheme, message)?.len()])
    }
}

/// Sends a signature captured in an earlier handshake: right key, right scheme, another transcript.
pub struct Replayed {
    /// Says which schemes the stolen chain's key would have.
    pub owner: Arc<dyn Sign>,
    /// The signature to send again.
    pub signature: Vec<u8>,
}

impl Sign for Replayed {
    fn schemes(&self) -> Vec<u16> {
        self.owner.schemes()
    }

    fn sign(&self, _scheme: u16, _message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        Ok(self.signature.clone())
    }
}

/// Signs with another key than the certificate's: the thief of a chain, who has no key of it.
pub struct WrongKey {
    /// The schemes that fit the stolen certificate, so that the lie is only in the key.
    pub claimed: Vec<u16>,
    /// The key that really signs.
    pub key: Arc<dyn Sign>,
}

impl Sign for WrongKey {
    fn schemes(&self) -> Vec<u16> {
        self.claimed.clone()
    }

    fn sign(&self, scheme: u16, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        let own = self.key.schemes();
        let used = if own.contains(&scheme) {
            Some(scheme)
        } else {
            own.first().copied()
        };
        self.key.sign(used.ok_or(SignFailure::Scheme(scheme))?, message)
    }
}

/// Signs truthfully, but claims another scheme than the one used, such as `rsa_pkcs1_sha1` (0x0201).
pub struct WrongScheme {
    /// The honest signer.
    pub inner: Arc<dyn Sign>,
    /// The scheme that CertificateVerify claims.
    pub claimed: u16,
}

impl Sign for WrongScheme {
    fn schemes(&self) -> Vec<u16> {
        self.inner.schemes()
    }

    fn sign(&self, scheme: u16, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        self.inner.sign(scheme, message)
    }

    fn label(&self, _scheme: u16) -> u16 {
        self.claimed
    }
}

/// Signs with the right key over another transcript: one bit of the message is flipped.
pub struct WrongTranscript(pub Arc<dyn Sign>);

impl Sign for WrongTranscript {
    fn schemes(&self) -> Vec<u16> {
        self.0.schemes()
    }

    fn sign(&self, scheme: u16, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        let mut other = message.to_vec();
        match other.last_mut() {
            Some(last) => *last ^= 1,
            None => other.push(0),
        }
        self.0.sign(scheme, &other)
    }
}

impl fmt::Debug for dyn Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sign")
            .field("schemes", &self.schemes())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const P256: u16 = 0x0403;

    fn honest() -> Arc<dyn Sign> {
        Arc::new(KeySigner::fresh().unwrap())
    }

    #[test]
    fn a_p256_key_knows_exactly_its_scheme() {
        let signer = honest();
        assert_eq!(signer.schemes(), [P256]);
        assert_eq!(signer.sign(0x0804, b"message"), Err(SignFailure::Scheme(0x0804)));
        assert!(!signer.sign(P256, b"message").unwrap().is_empty());
    }

    #[test]
    fn a_file_that_is_no_key_is_our_mistake() {
        assert!(matches!(
            KeySigner::from_der(b"no key"),
            Err(SignFailure::BadKey(_))
        ));
    }

    #[test]
    fn each_liar_lies_in_one_way() {
        let inner = honest();
        assert_eq!(EmptySignature(inner.clone()).sign(P256, b"m"), Ok(Vec::new()));
        assert!(
            GarbageSignature(inner.clone())
                .sign(P256, b"m")
                .unwrap()
                .iter()
                .all(|byte| *byte == 0xA5)
        );
        let capturing = Capturing::new(inner.clone());
        let signature = capturing.sign(P256, b"m").unwrap();
        assert_eq!(capturing.last(), Some(signature.clone()));
        let replayed = Replayed {
            owner: inner.clone(),
            signature: signature.clone(),
        };
        assert_eq!(replayed.sign(P256, b"other"), Ok(signature));
        let relabelled = WrongScheme {
            inner: inner.clone(),
            claimed: 0x0203,
        };
        assert_eq!(
            (relabelled.label(P256), relabelled.schemes()),
            (0x0203, vec![P256])
        );
        let thief = WrongKey {
            claimed: vec![0x0804],
            key: inner,
        };
        assert_eq!(thief.schemes(), [0x0804]);
        assert!(!thief.sign(0x0804, b"m").unwrap().is_empty());
    }
}
