//! Certificate revocation lists: fresh ones, and those that must not be believed.

use crate::authority::Authority;
use crate::certificate::Extension;
use crate::key::KeyError;
use crate::{der, oid};

/// A signed list under the name of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crl {
    /// The issuer's role, `root` or `issuing`; for an operator's other authorities `also-trusted-N`.
    pub name: String,
    /// The CertificateList.
    pub der: Vec<u8>,
}

/// A complete set of lists for one situation of the revocation family.
#[derive(Clone, Debug)]
pub struct CrlSet {
    /// `stale`, `empty`, `delta`, `wrong-issuer`, `without-intermediate`.
    pub name: &'static str,
    /// What is wrong with it, and what a gullible and a strict server make of it.
    pub why: &'static str,
    /// The lists.
    pub crls: Vec<Crl>,
}

/// One revoked certificate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Revoked {
    /// Content octets of its serial number.
    pub serial: Vec<u8>,
    /// Unix seconds of the revocation.
    pub when: i64,
}

/// The parameters of a list.
#[derive(Clone, Copy, Debug)]
pub struct CrlDraft {
    /// Unix seconds of thisUpdate.
    pub this_update: i64,
    /// Unix seconds of nextUpdate.
    pub next_update: i64,
    /// The cRLNumber.
    pub number: u64,
    /// The base of a delta list; `None` for a complete one.
    pub delta_base: Option<u64>,
}

impl CrlDraft {
    pub(crate) fn sign(&self, issuer: &Authority, revoked: &[Revoked]) -> Result<Vec<u8>, KeyError> {
        let algorithm = issuer.key.usual_signature();
        let entries: Vec<u8> = revoked
            .iter()
            .flat_map(|entry| {
                der::sequence(&[&der::tlv(der::INTEGER, &entry.serial), &der::time(entry.when)])
            })
            .collect();
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
        let extensions: Vec<u8> = extensions.iter().flat_map(Extension::to_der).collect();
        let to_be_signed = der::sequence(&[
            &der::small(1),
            &algorithm.identifier(),
            &issuer.subject,
            &der::time(self.this_update),
            &der::time(self.next_update),
            &entries,
            &der::context(0, &der::tlv(der::SEQUENCE, &extensions)),
        ]);
        let signature = issuer.key.sign(algorithm, &to_be_signed)?;
        Ok(der::sequence(&[
            &to_be_signed,
            &algorithm.identifier(),
            &der::bits(&signature),
        ]))
    }
}
