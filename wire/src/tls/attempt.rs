//! What one handshake is about, as the TLS library's callbacks see it.
//!
//! rustls resumes a session only under the very same verifier and resolver objects (pointer equality), but an attacker
//! resumes a ticket under any plan. So verifier and resolver are one object each for the whole process, and the state of
//! the handshake in progress is found through the thread that drives it: [`with`] puts it there and takes it back.

use std::cell::RefCell;
use std::fmt;
use std::mem;
use std::sync::{Arc, LazyLock};

use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs;
use rustls::sign::{CertifiedKey, Signer, SigningKey};
use rustls::{DigitallySignedStruct, Error, SignatureAlgorithm, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

use super::sign::Sign;
use super::trust::Trust;

/// The state of one handshake.
#[derive(Debug, Default)]
pub(super) struct Attempt {
    /// What to present when asked; `None` presents nothing.
    pub(super) presented: Option<Arc<CertifiedKey>>,
    /// Who judges the server's certificate, and under which name; `None` accepts any.
    pub(super) judge: Option<(Arc<Trust>, ServerName<'static>)>,
    /// What happened so far.
    pub(super) seen: Seen,
}

/// What the callbacks saw.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) certificate_requested: bool,
    pub(super) certificate_sent: bool,
    pub(super) accepted_issuers: Vec<Vec<u8>>,
    pub(super) accepted_schemes: Vec<u16>,
    pub(super) server_chain: Vec<Vec<u8>>,
    pub(super) refused_server: Option<String>,
}

thread_local! {
    static CURRENT: RefCell<Attempt> = RefCell::new(Attempt::default());
}

/// Runs `step`, a call into rustls, with `attempt` as the state that its callbacks find.
pub(super) fn with<T>(attempt: &mut Attempt, step: impl FnOnce() -> T) -> T {
    CURRENT.with_borrow_mut(|current| mem::swap(current, attempt));
    let done = step();
    CURRENT.with_borrow_mut(|current| mem::swap(current, attempt));
    done
}

/// The process's only verifier.
pub(super) static VERIFIER: LazyLock<Arc<dyn ServerCertVerifier>> =
    LazyLock::new(|| Arc::new(RecordingVerifier));

/// The process's only resolver.
pub(super) static RESOLVER: LazyLock<Arc<dyn ResolvesClientCert>> =
    LazyLock::new(|| Arc::new(PlannedResolver));

#[derive(Debug)]
struct RecordingVerifier;

impl RecordingVerifier {
    fn judge() -> Option<Arc<Trust>> {
        CURRENT.with_borrow(|current| current.judge.as_ref().map(|(judge, _)| judge.clone()))
    }

    fn refuse_by(error: Error) -> Error {
        CURRENT.with_borrow_mut(|current| current.seen.refused_server = Some(error.to_string()));
        error
    }
}

impl ServerCertVerifier for RecordingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        // The plan's expected name counts, since the SNI that was sent may be a lie or absent.
        _server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let judge = CURRENT.with_borrow_mut(|current| {
            let chain = std::iter::once(end_entity).chain(intermediates);
            current.seen.server_chain = chain.map(|certificate| certificate.to_vec()).collect();
            current.judge.clone()
        });
        match judge {
            None => Ok(ServerCertVerified::assertion()),
            Some((judge, name)) => judge
                .verify_server_cert(end_entity, intermediates, &name, ocsp_response, now)
                .map_err(Self::refuse_by),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match Self::judge() {
            None => Ok(HandshakeSignatureValid::assertion()),
            Some(judge) => judge
                .verify_tls12_signature(message, certificate, signature)
                .map_err(Self::refuse_by),
        }
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        match Self::judge() {
            None => Ok(HandshakeSignatureValid::assertion()),
            Some(judge) => judge
                .verify_tls13_signature(message, certificate, signature)
                .map_err(Self::refuse_by),
        }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        aws_lc_rs::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[derive(Debug)]
struct PlannedResolver;

impl ResolvesClientCert for PlannedResolver {
    fn resolve(&self, issuers: &[&[u8]], schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        CURRENT.with_borrow_mut(|current| {
            current.seen.certificate_requested = true;
            current.seen.accepted_issuers = issuers.iter().map(|issuer| issuer.to_vec()).collect();
            current.seen.accepted_schemes = schemes.iter().map(|scheme| u16::from(*scheme)).collect();
            current.seen.certificate_sent = current.presented.is_some();
            current.presented.clone()
        })
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// A [`Sign`] in the shape that rustls wants.
pub(super) struct PlannedKey(pub(super) Arc<dyn Sign>);

impl fmt::Debug for PlannedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PlannedKey").field(&self.0.schemes()).finish()
    }
}

impl SigningKey for PlannedKey {
    fn choose_scheme(&self, offered: &[SignatureScheme]) -> Option<Box<dyn Signer>> {
        let known = self.0.schemes();
        // A client of good will stays silent if nothing fits; an attacker presents what it has.
        let fitting = known
            .iter()
            .find(|scheme| offered.contains(&SignatureScheme::from(**scheme)));
        let scheme = *fitting.or_else(|| known.first())?;
        Some(Box::new(PlannedSigner {
            by: self.0.clone(),
            scheme,
        }))
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        // Only servers ask; the value decides nothing for a client.
        SignatureAlgorithm::ECDSA
    }
}

struct PlannedSigner {
    by: Arc<dyn Sign>,
    scheme: u16,
}

impl fmt::Debug for PlannedSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("PlannedSigner").field(&self.scheme).finish()
    }
}

impl Signer for PlannedSigner {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.by
            .sign(self.scheme, message)
            .map_err(|error| Error::General(error.to_string()))
    }

    fn scheme(&self) -> SignatureScheme {
        SignatureScheme::from(self.by.label(self.scheme))
    }
}
