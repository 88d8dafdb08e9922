//! Certificate revocation lists: their parameters and their encoding. Which lists a situation has is the business of
//! `crl_set`.

use crate::authority::Authority;
use crate::certificate::Extension;
use crate::key::KeyError;
use crate::{der, oid};

/// A signed list under the name of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crl {
    /// The issuer's role, `root` or `issuing`; for an operator's other authorities `also-trusted-N`. A set that holds a
    /// second list of an issuer names it `ISSUER-something`.
    pub name: String,
    /// The CertificateList.
    pub der: Vec<u8>,
}

/// Why a certificate was revoked (RFC 5280 5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The key is in other hands.
    KeyCompromise,
    /// Suspended, and perhaps coming back: until then as good as revoked.
    CertificateHold,
    /// Taken off hold or expired; has a meaning in a delta list only.
    RemoveFromCrl,
}

impl Reason {
    /// The number of the ENUMERATED.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::KeyCompromise => 1,
            Self::CertificateHold => 6,
            Self::RemoveFromCrl => 8,
        }
    }
}

/// One revoked certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revoked {
    /// Content octets of its serial number.
    pub serial: Vec<u8>,
    /// Unix seconds of the revocation.
    pub when: i64,
    /// The crlEntryExtensions; none leaves the field out.
    pub extensions: Vec<Extension>,
}

impl Revoked {
    /// An entry without extensions.
    #[must_use]
    pub fn new(serial: Vec<u8>, when: i64) -> Self {
        Self {
            serial,
            when,
            extensions: Vec::new(),
        }
    }

    /// The same entry with a reason.
    #[must_use]
    pub fn because(mut self, reason: Reason) -> Self {
        let code = der::tlv(der::ENUMERATED, &[reason.code()]);
        self.extensions.push(Extension::new(oid::CRL_REASON, false, code));
        self
    }

    fn to_der(&self) -> Vec<u8> {
        let extensions = if self.extensions.is_empty() {
            Vec::new()
        } else {
            list(&self.extensions)
        };
        der::sequence(&[
            &der::tlv(der::INTEGER, &self.serial),
            &der::time(self.when),
            &extensions,
        ])
    }
}

/// The parameters of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrlDraft {
    /// Unix seconds of thisUpdate.
    pub this_update: i64,
    /// Unix seconds of nextUpdate; `None` leaves it out, against RFC 5280 5.1.2.5.
    pub next_update: Option<i64>,
    /// The cRLNumber.
    pub number: u64,
    /// The base of a delta list; `None` for a complete one.
    pub delta_base: Option<u64>,
    /// What follows the usual extensions.
    pub extensions: Vec<Extension>,
    /// Version 1: neither version nor extensions are written.
    pub version_1: bool,
}

impl CrlDraft {
    /// Signs the list. The issuer's name is the signer's.
    ///
    /// # Errors
    /// [`KeyError`] when the key cannot sign.
    pub(crate) fn sign(&self, issuer: &Authority, revoked: &[Revoked]) -> Result<Vec<u8>, KeyError> {
        let algorithm = issuer.key.usual_signature();
        let entries: Vec<u8> = revoked.iter().flat_map(Revoked::to_der).collect();
        // The list is absent, not empty, when nothing is revoked (RFC 5280 5.1.2.6).
        let entries = if entries.is_empty() {
            entries
        } else {
            der::tlv(der::SEQUENCE, &entries)
        };
        let mut extensions = vec![
            Extension::authority_key_identifier(&issuer.key_identifier),
            Extension::new(oid::CRL_NUMBER, false, der::small(self.number)),
        ];
        extensions.extend(
            self.delta_base
                .map(|base| Extension::new(oid::DELTA_CRL_INDICATOR, true, der::small(base))),
        );
        extensions.extend_from_slice(&self.extensions);
        let (version, extensions) = if self.version_1 {
            (Vec::new(), Vec::new())
        } else {
            (der::small(1), der::context(0, &list(&extensions)))
        };
        let to_be_signed = der::sequence(&[
            &version,
            &algorithm.identifier(),
            &issuer.subject,
            &der::time(self.this_update),
            &self.next_update.map(der::time).unwrap_or_default(),
            &entries,
            &extensions,
        ]);
        let signature = issuer.key.sign(algorithm, &to_be_signed)?;
        Ok(der::sequence(&[
            &to_be_signed,
            &algorithm.identifier(),
            &der::bits(&signature),
        ]))
    }
}

fn list(extensions: &[Extension]) -> Vec<u8> {
    let encoded: Vec<u8> = extensions.iter().flat_map(Extension::to_der).collect();
    der::tlv(der::SEQUENCE, &encoded)
}
