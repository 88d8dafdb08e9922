//! Is this client certificate good?
//!
//! Strict is webpki's path building with CRLs for every level, plus what webpki leaves open ([`profile`]). Only when a
//! fault is planted and webpki refuses, [`path`] judges again with the one faulty rule relaxed.

mod path;
mod profile;
mod refusal;
mod relax;
mod signature;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::CryptoProvider;
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{CertificateError, DigitallySignedStruct, DistinguishedName, SignatureScheme};
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, TrustAnchor, UnixTime};
use webpki::{
    CertRevocationList, EndEntityCert, Error, ExpirationPolicy, KeyUsage, OwnedCertRevocationList,
    RevocationCheckDepth, RevocationOptionsBuilder, UnknownStatusPolicy, anchor_from_trusted_cert,
};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

pub(crate) use refusal::Refused;
use refusal::refused;
use relax::is_beside_the_point;

use super::fault::{self, ProxyFaults};
use super::ocsp::Responder;
use crate::error::StartError;
use crate::log::{Log, quote};

/// Most certificates in a client's list.
const LONGEST_LIST: usize = 10;

/// Longest list in octets; a longer one would not fit into a request head anyway.
const LARGEST_LIST: usize = 32 * 1024;

/// Whether a planted crash or hang has happened.
#[derive(Debug, Default)]
pub(crate) struct Health {
    down: AtomicBool,
}

impl Health {
    /// Whether the proxy must play dead.
    pub(crate) fn go_down(&self) {
        self.down.store(true, Ordering::Relaxed);
    }

    /// Whether a fault has brought the proxy down.
    pub(crate) fn is_down(&self) -> bool {
        self.down.load(Ordering::Relaxed)
    }
}

/// The rules for client certificates of one vhost.
pub(crate) struct ClientVerifier {
    anchors: Vec<TrustAnchor<'static>>,
    roots: Vec<CertificateDer<'static>>,
    hints: Vec<DistinguishedName>,
    lists: Vec<CertRevocationList<'static>>,
    list_files: Vec<CertificateRevocationListDer<'static>>,
    provider: Arc<CryptoProvider>,
    faults: ProxyFaults,
    audit: Arc<Log>,
    health: Arc<Health>,
}

impl fmt::Debug for ClientVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientVerifier")
            .field("anchors", &self.anchors.len())
            .finish_non_exhaustive()
    }
}

impl ClientVerifier {
    /// The verifier for a bundle of CAs and their CRLs. A CRL that cannot be used (a delta, a broken one) is passed over,
    /// so that the certificates of its level are refused for want of a list; it is named in the error log.
    pub(crate) fn new(
        roots: Vec<CertificateDer<'static>>,
        list_files: Vec<CertificateRevocationListDer<'static>>,
        provider: Arc<CryptoProvider>,
        faults: &ProxyFaults,
        logs: (&Arc<Log>, &Log),
        health: &Arc<Health>,
    ) -> Result<Self, StartError> {
        let (audit, errors) = logs;
        let mut anchors = Vec::new();
        for root in &roots {
            let anchor = anchor_from_trusted_cert(root).map_err(|error| StartError::Tls {
                what: format!("a certificate of the client CA bundle: {error}"),
            })?;
            anchors.push(anchor.to_owned());
        }
        let mut lists = Vec::new();
        for file in &list_files {
            match OwnedCertRevocationList::from_der(file) {
                Ok(list) => lists.push(CertRevocationList::from(list)),
                Err(error) => errors.line(&format!("a CRL is not used: {error}")),
            }
        }
        let hints = anchors
            .iter()
            .map(|anchor| DistinguishedName::in_sequence(&anchor.subject))
            .collect();
        Ok(Self {
            anchors,
            roots,
            hints,
            lists,
            list_files,
            provider,
            faults: faults.clone(),
            audit: Arc::clone(audit),
            health: Arc::clone(health),
        })
    }

    /// Judges a client's list of certificates, leaf first.
    pub(crate) fn judge(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Refused> {
        let size: usize = intermediates.iter().map(|certificate| certificate.len()).sum();
        if intermediates.len() >= LONGEST_LIST || size.saturating_add(leaf.len()) > LARGEST_LIST {
            self.meet_oddity(fault::OddCertificate::Hang);
            return Err(Refused::rule("the list of certificates is too long"));
        }
        let parsed_leaf = self.parse(leaf)?;
        let mut others = Vec::new();
        for certificate in intermediates {
            others.push(self.parse(certificate)?);
        }
        let path = presented_path(&parsed_leaf, &others);
        profile::check(&path, &self.faults)?;
        match self.webpki(leaf, intermediates, now) {
            // FAULT revocation = serial-alone.
            Ok(()) if self.faults.revocation == fault::Revocation::SerialAlone => {
                path::on_any_list(&path, self)
            }
            Ok(()) => Ok(()),
            Err(error) if is_beside_the_point(&error, &self.faults) => Err(refused(&error)),
            Err(error) => path::check(&parsed_leaf, &others, self, now).map_err(|_| refused(&error)),
        }
    }

    /// Why the OCSP responder's answers refuse a client's list of certificates, if its path is good by the strict rules.
    pub(super) async fn ask(
        &self,
        responder: &Responder,
        presented: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Option<&'static str> {
        let (leaf, intermediates) = presented.split_first()?;
        self.webpki(leaf, intermediates, now).ok()?;
        let parsed: Vec<X509Certificate<'_>> = presented
            .iter()
            .filter_map(|der| X509Certificate::from_der(der).ok())
            .map(|(_, certificate)| certificate)
            .collect();
        let roots: Vec<X509Certificate<'_>> = self
            .roots
            .iter()
            .filter_map(|der| X509Certificate::from_der(der).ok())
            .map(|(_, certificate)| certificate)
            .collect();
        let (leaf, others) = parsed.split_first()?;
        let path = presented_path(leaf, others);
        let anchor = |certificate: &X509Certificate<'_>| {
            roots.iter().any(|root| root.as_raw() == certificate.as_raw())
        };
        let path: Vec<&X509Certificate<'_>> = path.into_iter().filter(|one| !anchor(one)).collect();
        responder
            .refuses(&path, &roots, seconds(now), &self.provider, self.faults.ocsp)
            .await
    }

    fn parse<'a>(&self, der: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>, Refused> {
        match X509Certificate::from_der(der) {
            Ok(([], certificate)) => Ok(certificate),
            Ok(_) | Err(_) => {
                self.meet_oddity(fault::OddCertificate::Crash);
                Err(Refused::known(
                    "the certificate cannot be parsed",
                    CertificateError::BadEncoding,
                ))
            }
        }
    }

    /// FAULT odd-certificate.
    fn meet_oddity(&self, oddity: fault::OddCertificate) {
        if self.faults.odd_certificate == oddity {
            self.health.go_down();
        }
    }

    fn webpki(
        &self,
        leaf: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<(), Error> {
        let lists: Vec<&CertRevocationList<'_>> = self.lists.iter().collect();
        let revocation = match (self.faults.revocation, RevocationOptionsBuilder::new(&lists)) {
            (fault::Revocation::Ignore, _) => None,
            (fault::Revocation::AcceptUnknown, Err(_)) => None,
            // No CRL is configured.
            (_, Err(_)) => return Err(Error::UnknownRevocationStatus),
            (kind, Ok(builder)) => {
                let (depth, unknown, stale) = match kind {
                    fault::Revocation::Leaf => (
                        RevocationCheckDepth::EndEntity,
                        UnknownStatusPolicy::Deny,
                        ExpirationPolicy::Enforce,
                    ),
                    fault::Revocation::AcceptStale => (
                        RevocationCheckDepth::Chain,
                        UnknownStatusPolicy::Deny,
                        ExpirationPolicy::Ignore,
                    ),
                    fault::Revocation::AcceptUnknown => (
                        RevocationCheckDepth::Chain,
                        UnknownStatusPolicy::Allow,
                        ExpirationPolicy::Enforce,
                    ),
                    fault::Revocation::Chain
                    | fault::Revocation::AcceptUnverified
                    | fault::Revocation::SerialAlone
                    | fault::Revocation::Ignore => (
                        RevocationCheckDepth::Chain,
                        UnknownStatusPolicy::Deny,
                        ExpirationPolicy::Enforce,
                    ),
                };
                Some(
                    builder
                        .with_depth(depth)
                        .with_status_policy(unknown)
                        .with_expiration_policy(stale)
                        .build(),
                )
            }
        };
        let end_entity = EndEntityCert::try_from(leaf)?;
        end_entity
            .verify_for_usage(
                self.provider.signature_verification_algorithms.all,
                &self.anchors,
                intermediates,
                now,
                KeyUsage::client_auth(),
                revocation,
                None,
            )
            .map(drop)
    }

    /// Notes a refusal in the audit log: which certificate, and why.
    pub(crate) fn note(&self, leaf: &CertificateDer<'_>, refused: &Refused) {
        // FAULT audit.
        if self.faults.audit == fault::Audit::Omit {
            return;
        }
        let who = match X509Certificate::from_der(leaf) {
            Ok((_, certificate)) => format!(
                "subject={} issuer={} serial={}",
                quote(&certificate.subject().to_string()),
                quote(&certificate.issuer().to_string()),
                quote(&certificate.raw_serial_as_string()),
            ),
            Err(_) => "subject=- issuer=- serial=-".to_owned(),
        };
        self.audit.line(&format!(
            "certificate refused reason={} {who}",
            quote(&refused.reason)
        ));
    }
}

impl ClientCertVerifier for ClientVerifier {
    fn client_auth_mandatory(&self) -> bool {
        self.faults.client_auth == fault::ClientAuth::Require
    }

    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &self.hints
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        now: UnixTime,
    ) -> Result<ClientCertVerified, rustls::Error> {
        match self.judge(end_entity, intermediates, now) {
            Ok(()) => Ok(ClientCertVerified::assertion()),
            Err(refused) => {
                self.note(end_entity, &refused);
                // FAULT client-auth = optional-any.
                if self.faults.client_auth == fault::ClientAuth::OptionalAny {
                    return Ok(ClientCertVerified::assertion());
                }
                Err(refused.error.into())
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        let strict = rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms);
        self.relax_possession(strict, message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        let strict = rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms);
        // No fault of a leaf brings the padding back that TLS 1.3 forbids (RFC 8446 4.2.3).
        let forbidden = u16::from(dss.scheme) & 0xff == 1 && u16::from(dss.scheme) >> 8 < 8;
        if forbidden && self.faults.possession == fault::Possession::Check {
            return strict;
        }
        self.relax_possession(strict, message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// The leaf and, by names only, the certificates of the list that lead up from it. Anything else that a client adds to
/// its list is no part of its identity (CVE-2023-2422).
pub(crate) fn presented_path<'a, 'b>(
    leaf: &'b X509Certificate<'a>,
    others: &'b [X509Certificate<'a>],
) -> Vec<&'b X509Certificate<'a>> {
    let mut path = vec![leaf];
    let mut current = leaf;
    while path.len() <= LONGEST_LIST && current.issuer().as_raw() != current.subject().as_raw() {
        let Some(next) = others.iter().find(|other| {
            other.subject().as_raw() == current.issuer().as_raw()
                && !path.iter().any(|seen| std::ptr::eq(*seen, *other))
        }) else {
            break;
        };
        path.push(next);
        current = next;
    }
    path
}

/// `now` in seconds as a signed number, as certificates count.
fn seconds(now: UnixTime) -> i64 {
    i64::try_from(Duration::from_secs(now.as_secs()).as_secs()).unwrap_or(i64::MAX)
}
