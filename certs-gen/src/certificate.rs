//! The parameters of a certificate and its encoding: the first of the three seams at which a fault can act.
//!
//! A [`Draft`] holds every field already encoded, so that a fault may put any bytes into any of them.

use crate::signature::SignatureAlgorithm;
use crate::{der, oid};

/// keyUsage bit: digitalSignature.
pub const DIGITAL_SIGNATURE: u8 = 0;
/// keyUsage bit: keyEncipherment.
pub const KEY_ENCIPHERMENT: u8 = 2;
/// keyUsage bit: keyAgreement.
pub const KEY_AGREEMENT: u8 = 4;
/// keyUsage bit: keyCertSign.
pub const KEY_CERT_SIGN: u8 = 5;
/// keyUsage bit: cRLSign.
pub const CRL_SIGN: u8 = 6;

// The tag of a GeneralName that is a URI (RFC 5280 4.2.1.6).
const URI: u8 = 6;

/// One extension: its type, criticality and the content of its OCTET STRING.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// The extension's arcs.
    pub kind: &'static [u64],
    /// Whether whoever does not know it must refuse.
    pub critical: bool,
    /// What the OCTET STRING holds.
    pub value: Vec<u8>,
}

impl Extension {
    /// An extension of any kind.
    #[must_use]
    pub fn new(kind: &'static [u64], critical: bool, value: Vec<u8>) -> Self {
        Self {
            kind,
            critical,
            value,
        }
    }

    /// basicConstraints of an authority, or of a leaf (empty: CA defaults to false).
    #[must_use]
    pub fn basic_constraints(authority: bool, path_length: Option<u8>) -> Self {
        let flag = if authority { der::boolean(true) } else { Vec::new() };
        let length = path_length
            .map(|length| der::small(length.into()))
            .unwrap_or_default();
        Self::new(oid::BASIC_CONSTRAINTS, true, der::sequence(&[&flag, &length]))
    }

    /// keyUsage with these bits.
    #[must_use]
    pub fn key_usage(bits: &[u8]) -> Self {
        Self::new(oid::KEY_USAGE, true, der::named_bits(bits))
    }

    /// extKeyUsage with these purposes.
    #[must_use]
    pub fn extended_key_usage(purposes: &[&[u64]]) -> Self {
        let purposes: Vec<u8> = purposes.iter().flat_map(|purpose| der::oid(purpose)).collect();
        Self::new(oid::EXTENDED_KEY_USAGE, false, der::tlv(der::SEQUENCE, &purposes))
    }

    /// subjectKeyIdentifier.
    #[must_use]
    pub fn subject_key_identifier(identifier: &[u8]) -> Self {
        Self::new(oid::SUBJECT_KEY_IDENTIFIER, false, der::octets(identifier))
    }

    /// authorityKeyIdentifier by key identifier alone.
    #[must_use]
    pub fn authority_key_identifier(identifier: &[u8]) -> Self {
        let identifier = der::context_primitive(0, identifier);
        Self::new(
            oid::AUTHORITY_KEY_IDENTIFIER,
            false,
            der::sequence(&[&identifier]),
        )
    }

    /// subjectAltName, critical or not, from encoded general names.
    #[must_use]
    pub fn subject_alt_name(critical: bool, names: &[Vec<u8>]) -> Self {
        Self::new(
            oid::SUBJECT_ALT_NAME,
            critical,
            der::tlv(der::SEQUENCE, &names.concat()),
        )
    }

    /// authorityInfoAccess that names an OCSP responder.
    #[must_use]
    pub fn ocsp_responder(url: &str) -> Self {
        let access = der::sequence(&[&der::oid(oid::OCSP), &der::context_primitive(URI, url.as_bytes())]);
        Self::new(oid::AUTHORITY_INFO_ACCESS, false, der::sequence(&[&access]))
    }

    /// cRLDistributionPoints with one full name.
    #[must_use]
    pub fn crl_distribution_point(url: &str) -> Self {
        let full_name = der::context(0, &der::context_primitive(URI, url.as_bytes()));
        let point = der::sequence(&[&der::context(0, &full_name)]);
        Self::new(oid::CRL_DISTRIBUTION_POINTS, false, der::sequence(&[&point]))
    }

    /// The DER.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let critical = if self.critical {
            der::boolean(true)
        } else {
            Vec::new()
        };
        der::sequence(&[&der::oid(self.kind), &critical, &der::octets(&self.value)])
    }
}

/// All fields of a TBSCertificate, encoded or about to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The version number as written (2 is v3); `None` leaves the field out, which means v1.
    pub version: Option<u8>,
    /// Content octets of the serial number's INTEGER.
    pub serial: Vec<u8>,
    /// AlgorithmIdentifier inside the signed part; `None` takes the signer's.
    pub inner_algorithm: Option<Vec<u8>>,
    /// AlgorithmIdentifier outside the signed part; `None` takes the signer's.
    pub outer_algorithm: Option<Vec<u8>>,
    /// The issuer's Name.
    pub issuer: Vec<u8>,
    /// The encoded Time of the first second of validity.
    pub not_before: Vec<u8>,
    /// The encoded Time of the last second of validity.
    pub not_after: Vec<u8>,
    /// The subject's Name.
    pub subject: Vec<u8>,
    /// The SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// The extensions in order; an empty list leaves the field out.
    pub extensions: Vec<Extension>,
}

impl Draft {
    /// Replaces the extension of the same kind in its place, or appends it.
    pub fn replace(&mut self, extension: Extension) {
        match self.extensions.iter_mut().find(|old| old.kind == extension.kind) {
            Some(old) => *old = extension,
            None => self.extensions.push(extension),
        }
    }

    /// Removes every extension of a kind.
    pub fn remove(&mut self, kind: &[u64]) {
        self.extensions.retain(|extension| extension.kind != kind);
    }

    /// The TBSCertificate that a signer of this algorithm signs.
    #[must_use]
    pub fn to_be_signed(&self, algorithm: SignatureAlgorithm) -> Vec<u8> {
        let version = self
            .version
            .map(|version| der::context(0, &der::small(version.into())))
            .unwrap_or_default();
        let extensions = if self.extensions.is_empty() {
            Vec::new()
        } else {
            let list: Vec<u8> = self.extensions.iter().flat_map(Extension::to_der).collect();
            der::context(3, &der::tlv(der::SEQUENCE, &list))
        };
        der::sequence(&[
            &version,
            &der::tlv(der::INTEGER, &self.serial),
            &self
                .inner_algorithm
                .clone()
                .unwrap_or_else(|| algorithm.identifier()),
            &self.issuer,
            &der::sequence(&[&self.not_before, &self.not_after]),
            &self.subject,
            &self.spki,
            &extensions,
        ])
    }

    /// Puts the signed part, the outer algorithm and the signature together.
    #[must_use]
    pub fn assemble(&self, to_be_signed: &[u8], algorithm: SignatureAlgorithm, signature: &[u8]) -> Vec<u8> {
        let outer = self
            .outer_algorithm
            .clone()
            .unwrap_or_else(|| algorithm.identifier());
        der::sequence(&[to_be_signed, &outer, &der::bits(signature)])
    }
}
