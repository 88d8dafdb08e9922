//! What a certificate says: names with their exact bytes, alternative names, serial, validity, usages, fingerprints.
//!
//! The signature is not checked: whoever forwards the certificate has done that, or has not, and the difference is what
//! the scenarios are about.

mod attribute_types;
pub mod general_name;
pub mod name;
pub mod oid;
pub mod serial;
pub mod validity;

use sha1::Digest as _;
use x509_parser::extensions::ParsedExtension;
use x509_parser::prelude::{FromDer as _, X509Certificate};

pub use general_name::GeneralName;
pub use name::{Attribute, Name, Rdn, StringType};
pub use oid::{Oid, OidError};
pub use serial::{Serial, SerialError};
pub use validity::{DateError, DateStyle, Validity};

use crate::der;

/// The longest accepted certificate, in octets. The largest of the catalogue is a few hundred thousand.
pub const MAX_CERTIFICATE: usize = 1024 * 1024;
/// The most extensions that a certificate may have.
pub const MAX_EXTENSIONS: usize = 1024;

/// Why bytes are not a certificate that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// The extension with this identifier is not as RFC 5280 has it.
    #[error("read the extension {0:?}")]
    Extension(Oid),
    /// The subject, the issuer, or a name by itself is not DER of that form.
    #[error("read a distinguished name")]
    Name,
    /// The outer structure is not a certificate (RFC 5280, section 4.1).
    #[error("read the certificate's structure")]
    Structure,
    /// The serial number is empty or longer than [`serial::MAX_SERIAL`].
    #[error("read the serial number")]
    Serial,
    /// Longer than [`MAX_CERTIFICATE`], or more extensions than [`MAX_EXTENSIONS`].
    #[error("read the certificate: over the size limit")]
    TooLarge,
    /// Bytes follow the certificate.
    #[error("read the certificate: {0} bytes after its end")]
    TrailingBytes(usize),
}

/// The bits of a key usage extension (RFC 5280, section 4.2.1.3), first bit lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyUsage {
    /// Bit 0 is digitalSignature, bit 5 keyCertSign, bit 8 decipherOnly.
    pub bits: u16,
}

impl KeyUsage {
    /// Whether the key may sign, as a TLS client's must.
    #[must_use]
    pub fn digital_signature(self) -> bool {
        self.bits & 1 != 0
    }

    /// Whether the key may sign certificates.
    #[must_use]
    pub fn key_cert_sign(self) -> bool {
        self.bits & (1 << 5) != 0
    }
}

/// A basic constraints extension (RFC 5280, section 4.2.1.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BasicConstraints {
    /// Whether the holder may issue certificates.
    pub ca: bool,
    /// How many further authorities may follow.
    pub path_length: Option<u32>,
}

/// An extension as it is encoded.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Extension {
    /// The kind.
    pub oid: Oid,
    /// Whether a reader who does not know it must refuse the certificate.
    pub critical: bool,
    /// The DER of its value.
    pub value: Vec<u8>,
}

/// A certificate, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whom it names; may be empty.
    pub subject: Name,
    /// Who issued it, by its own account.
    pub issuer: Name,
    /// The issuer's number for it.
    pub serial: Serial,
    /// From when to when it is valid.
    pub validity: Validity,
    /// The alternative names, in order; those of several extensions one after the other.
    pub subject_alt_names: Vec<GeneralName>,
    /// What the key may do; the first such extension.
    pub key_usage: Option<KeyUsage>,
    /// What the certificate is for, in order; the first such extension.
    pub extended_key_usage: Option<Vec<Oid>>,
    /// Whether the holder may issue; the first such extension.
    pub basic_constraints: Option<BasicConstraints>,
    /// All extensions in order, duplicates included.
    pub extensions: Vec<Extension>,
    /// SHA-256 of the DER.
    pub sha256: [u8; 32],
    /// SHA-1 of the DER.
    pub sha1: [u8; 20],
    der: Vec<u8>,
}

const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 17];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 37];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 15];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 19];

impl Certificate {
    /// Reads a DER certificate. Its signature is not checked.
    ///
    /// # Errors
    /// [`CertificateError`] when it is not a certificate, has bytes after its end, or exceeds the limits.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAX_CERTIFICATE {
            return Err(CertificateError::TooLarge);
        }
        let (rest, frame) = X509Certificate::from_der(der).map_err(|_| CertificateError::Structure)?;
        if !rest.is_empty() {
            return Err(CertificateError::TrailingBytes(rest.len()));
        }
        if frame.extensions().len() > MAX_EXTENSIONS {
            return Err(CertificateError::TooLarge);
        }
        let mut certificate = Self {
            subject: Name::from_der(frame.subject().as_raw())?,
            issuer: Name::from_der(frame.issuer().as_raw())?,
            serial: Serial::from_content(frame.raw_serial()).map_err(|_| CertificateError::Serial)?,
            validity: Validity {
                not_before: frame.validity().not_before.timestamp(),
                not_after: frame.validity().not_after.timestamp(),
            },
            subject_alt_names: Vec::new(),
            key_usage: None,
            extended_key_usage: None,
            basic_constraints: None,
            extensions: Vec::with_capacity(frame.extensions().len()),
            sha256: sha2::Sha256::digest(der).into(),
            sha1: sha1::Sha1::digest(der).into(),
            der: der.to_vec(),
        };
        for extension in frame.extensions() {
            let oid = Oid::from_content(extension.oid.as_bytes()).map_err(|_| CertificateError::Structure)?;
            certificate.read_extension(&oid, extension.value, extension.parsed_extension())?;
            certificate.extensions.push(Extension {
                oid,
                critical: extension.critical,
                value: extension.value.to_vec(),
            });
        }
        Ok(certificate)
    }

    /// The DER that was read.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    fn read_extension(
        &mut self,
        oid: &Oid,
        value: &[u8],
        parsed: &ParsedExtension<'_>,
    ) -> Result<(), CertificateError> {
        let malformed = || CertificateError::Extension(oid.clone());
        match oid.content() {
            SUBJECT_ALT_NAME => {
                self.subject_alt_names
                    .extend(GeneralName::list(value).ok_or_else(malformed)?);
            }
            EXTENDED_KEY_USAGE if self.extended_key_usage.is_none() => {
                self.extended_key_usage = Some(purposes(value).ok_or_else(malformed)?);
            }
            KEY_USAGE if self.key_usage.is_none() => {
                let ParsedExtension::KeyUsage(usage) = parsed else {
                    return Err(malformed());
                };
                self.key_usage = Some(KeyUsage { bits: usage.flags });
            }
            BASIC_CONSTRAINTS if self.basic_constraints.is_none() => {
                let ParsedExtension::BasicConstraints(constraints) = parsed else {
                    return Err(malformed());
                };
                self.basic_constraints = Some(BasicConstraints {
                    ca: constraints.ca,
                    path_length: constraints.path_len_constraint,
                });
            }
            _ => {}
        }
        Ok(())
    }
}

fn purposes(value: &[u8]) -> Option<Vec<Oid>> {
    let mut rest = der::only(value, der::SEQUENCE).ok()?;
    let mut purposes = Vec::new();
    while !rest.is_empty() {
        let (content, after) = der::expect(rest, der::OBJECT_IDENTIFIER).ok()?;
        purposes.push(Oid::from_content(content).ok()?);
        rest = after;
    }
    Some(purposes)
}
