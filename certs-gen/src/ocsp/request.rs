//! Reads an OCSPRequest. The bytes are a stranger's: everything is bounded, and nothing in them is believed.

use thiserror::Error;

use crate::authority::Authority;
use crate::der::{self, DerError, Reader};
use crate::hash::Hash;
use crate::key::public_key_octets;
use crate::oid;

/// The most octets of a request. One certificate takes about a hundred.
pub const MAX_SIZE: usize = 16 * 1024;
/// The most certificates of a request.
pub const MAX_CERTIFICATES: usize = 64;
/// The most octets of a serial number; RFC 5280 4.1.2.2 allows 20, faults have more.
pub const MAX_SERIAL: usize = 8 * 1024;
/// The most octets of a nonce (RFC 9654 2.1).
pub const MAX_NONCE: usize = 128;

/// Why some bytes are no request that can be answered.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum RequestError {
    /// The structure is not that of RFC 6960 4.1.1.
    #[error("read request: {0}")]
    Structure(#[from] DerError),
    /// There are more octets than [`MAX_SIZE`].
    #[error("request of {0} octets is too long")]
    TooLong(usize),
    /// There are more certificates than [`MAX_CERTIFICATES`].
    #[error("request is about too many certificates")]
    TooMany,
    /// The request is about no certificate.
    #[error("request is about no certificate")]
    Nothing,
    /// A serial number is empty or longer than [`MAX_SERIAL`].
    #[error("serial number of {0} octets")]
    Serial(usize),
    /// The nonce is empty or longer than [`MAX_NONCE`].
    #[error("nonce of {0} octets")]
    Nonce(usize),
    /// Octets follow the request.
    #[error("octets follow the request")]
    Trailing,
}

/// How a request names a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertId {
    /// The AlgorithmIdentifier of the digest, DER as sent.
    pub algorithm: Vec<u8>,
    /// The digest, if it is one of this crate.
    pub hash: Option<Hash>,
    /// The digest of the issuer's Name.
    pub issuer_name_hash: Vec<u8>,
    /// The digest of the issuer's public key.
    pub issuer_key_hash: Vec<u8>,
    /// Content octets of the serial number.
    pub serial: Vec<u8>,
}

impl CertId {
    /// The identifier of an authority's certificate with this serial number.
    #[must_use]
    pub fn of(issuer: &Authority, serial: &[u8], hash: Hash) -> Self {
        Self {
            algorithm: hash.identifier(),
            hash: Some(hash),
            issuer_name_hash: hash.digest(&issuer.subject),
            issuer_key_hash: hash.digest(public_key_octets(issuer.key.spki_der())),
            serial: serial.to_vec(),
        }
    }

    /// Whether name and key are this authority's.
    #[must_use]
    pub fn is_issued_by(&self, authority: &Authority) -> bool {
        self.hash.is_some_and(|hash| {
            let own = Self::of(authority, &self.serial, hash);
            own.issuer_name_hash == self.issuer_name_hash && own.issuer_key_hash == self.issuer_key_hash
        })
    }

    /// The DER.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        der::sequence(&[
            &self.algorithm,
            &der::octets(&self.issuer_name_hash),
            &der::octets(&self.issuer_key_hash),
            &der::tlv(der::INTEGER, &self.serial),
        ])
    }

    fn parse(content: &[u8]) -> Result<Self, RequestError> {
        let mut fields = Reader::new(content);
        let algorithm = fields.whole(der::SEQUENCE)?.to_vec();
        let issuer_name_hash = fields.content(der::OCTET_STRING)?.to_vec();
        let issuer_key_hash = fields.content(der::OCTET_STRING)?.to_vec();
        let serial = fields.content(der::INTEGER)?.to_vec();
        if serial.is_empty() || serial.len() > MAX_SERIAL {
            return Err(RequestError::Serial(serial.len()));
        }
        let kind =
            Reader::new(Reader::new(&algorithm).content(der::SEQUENCE)?).whole(der::OBJECT_IDENTIFIER)?;
        let hash = [
            Hash::Md5,
            Hash::Sha1,
            Hash::Sha224,
            Hash::Sha256,
            Hash::Sha384,
            Hash::Sha512,
        ]
        .into_iter()
        .find(|hash| kind == der::oid(hash.arcs()));
        Ok(Self {
            algorithm,
            hash,
            issuer_name_hash,
            issuer_key_hash,
            serial,
        })
    }
}

/// What was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The certificates, at least one.
    pub certificates: Vec<CertId>,
    /// The nonce, unwrapped.
    pub nonce: Option<Vec<u8>>,
}

impl Request {
    /// Reads a request. Requestor, signature and unknown extensions are skipped.
    ///
    /// # Errors
    /// [`RequestError`], also for what is well-formed and beyond the limits of this module.
    pub fn parse(bytes: &[u8]) -> Result<Self, RequestError> {
        if bytes.len() > MAX_SIZE {
            return Err(RequestError::TooLong(bytes.len()));
        }
        let mut outside = Reader::new(bytes);
        let mut outer = Reader::new(outside.content(der::SEQUENCE)?);
        if !outside.is_empty() {
            return Err(RequestError::Trailing);
        }
        let mut fields = Reader::new(outer.content(der::SEQUENCE)?);
        fields.skip_if(VERSION)?;
        fields.skip_if(REQUESTOR)?;
        let mut list = Reader::new(fields.content(der::SEQUENCE)?);
        let mut certificates = Vec::new();
        while !list.is_empty() {
            if certificates.len() == MAX_CERTIFICATES {
                return Err(RequestError::TooMany);
            }
            let single = list.content(der::SEQUENCE)?;
            certificates.push(CertId::parse(Reader::new(single).content(der::SEQUENCE)?)?);
        }
        if certificates.is_empty() {
            return Err(RequestError::Nothing);
        }
        let nonce = match fields.skip_if(EXTENSIONS)? {
            Some(extensions) => nonce(extensions)?,
            None => None,
        };
        Ok(Self { certificates, nonce })
    }

    /// The DER, as an honest client writes it.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let list: Vec<u8> = self
            .certificates
            .iter()
            .flat_map(|certificate| der::sequence(&[&certificate.to_der()]))
            .collect();
        let extensions = self.nonce.as_ref().map_or_else(Vec::new, |nonce| {
            der::context(2, &der::sequence(&[&nonce_extension(nonce)]))
        });
        der::sequence(&[&der::sequence(&[&der::tlv(der::SEQUENCE, &list), &extensions])])
    }
}

const VERSION: u8 = 0xa0;
const REQUESTOR: u8 = 0xa1;
const EXTENSIONS: u8 = 0xa2;

/// The nonce extension of requests and responses.
pub(super) fn nonce_extension(nonce: &[u8]) -> Vec<u8> {
    crate::certificate::Extension::new(oid::OCSP_NONCE, false, der::octets(nonce)).to_der()
}

fn nonce(extensions: &[u8]) -> Result<Option<Vec<u8>>, RequestError> {
    let wanted = der::oid(oid::OCSP_NONCE);
    let mut list = Reader::new(Reader::new(extensions).content(der::SEQUENCE)?);
    while !list.is_empty() {
        let mut extension = Reader::new(list.content(der::SEQUENCE)?);
        let kind = extension.whole(der::OBJECT_IDENTIFIER)?;
        extension.skip_if(der::BOOLEAN)?;
        let value = extension.content(der::OCTET_STRING)?;
        if kind == wanted {
            let nonce = Reader::new(value).content(der::OCTET_STRING)?;
            return match nonce.len() {
                1..=MAX_NONCE => Ok(Some(nonce.to_vec())),
                size => Err(RequestError::Nonce(size)),
            };
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests;
