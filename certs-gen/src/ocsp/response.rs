//! Writes an OCSPResponse (RFC 6960 4.2.1) from its parameters, true or not.

use super::request::{CertId, nonce_extension};
use crate::certificate::Extension;
use crate::der;
use crate::key::{KeyError, KeyPair};
use crate::oid;

/// The responseStatus values that carry no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// The request is not well-formed.
    MalformedRequest,
    /// Something is wrong with the responder.
    InternalError,
    /// Come back later.
    TryLater,
    /// The request must be signed.
    SignatureRequired,
    /// This responder does not answer for that issuer (RFC 5019 2.2.3), or not to this client.
    Unauthorized,
}

impl Trouble {
    /// The response: a status and nothing else.
    #[must_use]
    pub fn to_der(self) -> Vec<u8> {
        let code = match self {
            Self::MalformedRequest => 1,
            Self::InternalError => 2,
            Self::TryLater => 3,
            Self::SignatureRequired => 5,
            Self::Unauthorized => 6,
        };
        der::sequence(&[&der::tlv(der::ENUMERATED, &[code])])
    }
}

/// What is said of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Not revoked.
    Good,
    /// Revoked at these Unix seconds.
    Revoked(i64),
    /// The responder does not know it.
    Unknown,
}

/// The answer about one certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Single {
    /// Which certificate.
    pub certificate: CertId,
    /// Its status.
    pub status: Status,
    /// Unix seconds from which this is known to be so.
    pub this_update: i64,
    /// Unix seconds until which it holds.
    pub next_update: Option<i64>,
}

impl Single {
    fn to_der(&self) -> Vec<u8> {
        let status = match self.status {
            Status::Good => der::context_primitive(0, &[]),
            Status::Revoked(when) => der::context(1, &der::generalized_time(when)),
            Status::Unknown => der::context_primitive(2, &[]),
        };
        let next_update = self
            .next_update
            .map(|time| der::context(0, &der::generalized_time(time)))
            .unwrap_or_default();
        der::sequence(&[
            &self.certificate.to_der(),
            &status,
            &der::generalized_time(self.this_update),
            &next_update,
        ])
    }
}

/// The parameters of a BasicOCSPResponse.
#[derive(Clone, Debug)]
pub struct ResponseDraft {
    /// SHA-1 of the signer's public key: how the responder names itself.
    pub responder_key_hash: Vec<u8>,
    /// Unix seconds of the signature.
    pub produced_at: i64,
    /// The answers.
    pub singles: Vec<Single>,
    /// The nonce to repeat.
    pub nonce: Option<Vec<u8>>,
    /// Further extensions.
    pub extensions: Vec<Extension>,
    /// Certificates that help to verify the signature, DER.
    pub certificates: Vec<Vec<u8>>,
}

impl ResponseDraft {
    /// Signs the response; `lie` may exchange the signature octets.
    ///
    /// # Errors
    /// [`KeyError`] when the key cannot sign.
    pub(super) fn sign(&self, key: &KeyPair, lie: fn(&mut Vec<u8>)) -> Result<Vec<u8>, KeyError> {
        let singles: Vec<u8> = self.singles.iter().flat_map(Single::to_der).collect();
        let nonce = self.nonce.as_deref().map(nonce_extension);
        let extensions: Vec<u8> = nonce
            .into_iter()
            .chain(self.extensions.iter().map(Extension::to_der))
            .flatten()
            .collect();
        let extensions = if extensions.is_empty() {
            extensions
        } else {
            der::context(1, &der::tlv(der::SEQUENCE, &extensions))
        };
        let data = der::sequence(&[
            &der::context(2, &der::octets(&self.responder_key_hash)),
            &der::generalized_time(self.produced_at),
            &der::tlv(der::SEQUENCE, &singles),
            &extensions,
        ]);
        let algorithm = key.usual_signature();
        let mut signature = key.sign(algorithm, &data)?;
        lie(&mut signature);
        let certificates = if self.certificates.is_empty() {
            Vec::new()
        } else {
            der::context(0, &der::tlv(der::SEQUENCE, &self.certificates.concat()))
        };
        let basic = der::sequence(&[
            &data,
            &algorithm.identifier(),
            &der::bits(&signature),
            &certificates,
        ]);
        Ok(successful(oid::OCSP_BASIC, &basic))
    }
}

/// A successful response of any type.
pub(super) fn successful(kind: &[u64], body: &[u8]) -> Vec<u8> {
    let bytes = der::sequence(&[&der::oid(kind), &der::octets(body)]);
    der::sequence(&[&der::tlv(der::ENUMERATED, &[0]), &der::context(0, &bytes)])
}
