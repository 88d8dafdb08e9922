//! What a row works with: the question, the truth, and the honest answer with one thing altered.

use crate::authority::{Authority, Role};
use crate::certificate::{DIGITAL_SIGNATURE, Draft, Extension};
use crate::der::{self, DAY, MINUTE};
use crate::key::{KeyAlgorithm, KeyPair};
use crate::name::Name;
use crate::ocsp::request::{CertId, Request};
use crate::ocsp::response::{ResponseDraft, Single, Status};
use crate::oid;
use crate::pki::{FRESHNESS, ISSUERS, Pki, Revocation};
use crate::spec::PkiError;

/// How long an answer holds. Short: a server may keep it, and a scenario must not wait for that.
const LIFETIME: i64 = 60 * MINUTE;

/// A question and what the answer depends on.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The authorities.
    pub pki: &'a Pki,
    /// What was asked.
    pub request: &'a Request,
    /// Unix seconds of the answer.
    pub now: i64,
    /// What is revoked: [`Pki::revocations`] and what came later.
    pub revoked: &'a [Revocation],
}

/// Who signs an answer, and what is sent along.
pub(super) struct Signer {
    pub(super) key: KeyPair,
    pub(super) certificates: Vec<Vec<u8>>,
}

impl<'a> Asked<'a> {
    /// The PKI's authority that issued the first certificate asked about.
    #[must_use]
    pub fn issuer(&self) -> Option<&'a Authority> {
        let first = self.request.certificates.first()?;
        ISSUERS
            .iter()
            .filter_map(|role| self.pki.authority(*role).ok())
            .chain(self.pki.also_trusted().map(|(_, authority)| authority))
            .find(|authority| first.is_issued_by(authority))
    }

    /// The truth about a certificate. A responder need not know what was issued: whatever is not revoked is good
    /// (RFC 6960 2.2).
    pub(super) fn truth(&self, certificate: &CertId) -> Status {
        self.revoked
            .iter()
            .find(|revocation| {
                revocation.serial == certificate.serial
                    && self
                        .pki
                        .authority(revocation.issuer)
                        .is_ok_and(|issuer| certificate.is_issued_by(issuer))
            })
            .map_or(Status::Good, |revocation| Status::Revoked(revocation.when))
    }

    /// When everybody was revoked, for the rows that say so of anybody.
    pub(super) fn revoked_status(&self, certificate: &CertId) -> Status {
        match self.truth(certificate) {
            revoked @ Status::Revoked(_) => revoked,
            Status::Good | Status::Unknown => Status::Revoked(self.now - DAY),
        }
    }

    /// One answer for each certificate asked about.
    pub(super) fn singles(&self, status: impl Fn(&CertId) -> Status) -> Vec<Single> {
        let single = |certificate: &CertId| Single {
            certificate: certificate.clone(),
            status: status(certificate),
            this_update: self.now - MINUTE,
            next_update: Some(self.now + LIFETIME),
        };
        self.request.certificates.iter().map(single).collect()
    }

    /// The answer with these statuses, signed by the issuer's delegate, with the parameters altered.
    pub(super) fn answered(
        &self,
        issuer: &Authority,
        status: impl Fn(&CertId) -> Status,
        alter: impl FnOnce(&mut ResponseDraft),
    ) -> Result<Vec<u8>, PkiError> {
        let signer = self.delegate(issuer, |_| {})?;
        self.signed(&signer, self.singles(status), alter, |_| {})
    }

    /// The answer `good`, signed by somebody else.
    pub(super) fn good_by(&self, signer: &Signer) -> Result<Vec<u8>, PkiError> {
        self.signed(signer, self.singles(|_| Status::Good), |_| {}, |_| {})
    }

    /// Any answer by any signer, whose signature `lie` may spoil.
    pub(super) fn signed(
        &self,
        signer: &Signer,
        singles: Vec<Single>,
        alter: impl FnOnce(&mut ResponseDraft),
        lie: fn(&mut Vec<u8>),
    ) -> Result<Vec<u8>, PkiError> {
        let mut draft = ResponseDraft {
            responder_key_hash: signer.key.key_identifier(),
            produced_at: self.now,
            singles,
            nonce: self.request.nonce.clone(),
            extensions: Vec::new(),
            certificates: signer.certificates.clone(),
        };
        alter(&mut draft);
        draft
            .sign(&signer.key, lie)
            .map_err(PkiError::key("OCSP responder"))
    }

    /// The issuer's delegated responder, its certificate altered before the issuer signs it. The chain is sent along:
    /// a server may have the root only.
    pub(super) fn delegate(
        &self,
        issuer: &Authority,
        alter: impl FnOnce(&mut Draft),
    ) -> Result<Signer, PkiError> {
        let label = der_label(&issuer.key_identifier);
        let key = KeyPair::derive(self.pki.spec().seed, &label, KeyAlgorithm::P256)
            .map_err(PkiError::key("OCSP responder"))?;
        let mut draft = Draft {
            version: Some(2),
            serial: self.pki.serial(&label),
            inner_algorithm: None,
            outer_algorithm: None,
            issuer: issuer.subject.clone(),
            not_before: der::time(self.pki.spec().now - DAY),
            not_after: der::time(self.pki.spec().now + FRESHNESS),
            subject: Name::parse("CN=Gauntlet OCSP Responder,O=Gauntlet Test PKI,C=NL")?.to_der(),
            spki: key.spki_der().to_vec(),
            extensions: vec![
                Extension::basic_constraints(false, None),
                Extension::key_usage(&[DIGITAL_SIGNATURE]),
                Extension::extended_key_usage(&[oid::OCSP_SIGNING]),
                Extension::subject_key_identifier(&key.key_identifier()),
                Extension::authority_key_identifier(&issuer.key_identifier),
                Extension::new(oid::OCSP_NO_CHECK, false, der::null()),
            ],
        };
        alter(&mut draft);
        let certificate = issuer.sign(&draft).map_err(PkiError::key("OCSP responder"))?;
        Ok(Signer {
            key,
            certificates: issuer.chain_of(certificate),
        })
    }

    /// A client of the issuer, with the main user's name and key.
    pub(super) fn client(&self, issuer: &Authority) -> Result<Signer, PkiError> {
        let user = self.pki.main_user()?;
        let key = KeyPair::derive(self.pki.spec().seed, &user.name, KeyAlgorithm::P256)
            .map_err(PkiError::key(user.name.as_str()))?;
        let draft = self.pki.leaf(issuer, user, &key, self.pki.serial(&user.name));
        let certificate = issuer.sign(&draft).map_err(PkiError::key(user.name.as_str()))?;
        Ok(Signer {
            key,
            certificates: issuer.chain_of(certificate),
        })
    }

    /// Another trusted authority than the issuer.
    pub(super) fn other(&self, issuer: &Authority) -> Result<&'a Authority, PkiError> {
        let partner = self.pki.authority(Role::Partner)?;
        if partner.subject == issuer.subject {
            self.pki.authority(Role::Issuing)
        } else {
            Ok(partner)
        }
    }
}

fn der_label(key_identifier: &[u8]) -> String {
    use std::fmt::Write as _;
    key_identifier
        .iter()
        .fold("ocsp-responder ".to_owned(), |mut label, octet| {
            // Writing to a String cannot fail.
            let _infallible = write!(label, "{octet:02x}");
            label
        })
}
