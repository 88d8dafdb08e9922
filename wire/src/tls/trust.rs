//! Whom we take for the server: whoever a trusted CA vouches for, or exactly a certificate that was named.
//!
//! A server of a test often has a certificate that signs itself, and that `openssl req -x509` marks as a CA's. webpki takes no
//! CA for a server, but whoever names this very certificate as trusted means it.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::server::ParsedCertificate;
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

/// CAs, and certificates that are trusted as they are.
#[derive(Debug)]
pub(super) struct Trust {
    /// Judges by path.
    pub(super) authorities: Arc<WebPkiServerVerifier>,
    /// DER.
    pub(super) named: Vec<Vec<u8>>,
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let by_path =
            self.authorities
                .verify_server_cert(end_entity, intermediates, name, ocsp_response, now);
        if by_path.is_err()
            && self
                .named
                .iter()
                .any(|named| named.as_slice() == end_entity.as_ref())
        {
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, name)?;
            return Ok(ServerCertVerified::assertion());
        }
        by_path
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities
            .verify_tls12_signature(message, certificate, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.authorities
            .verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.authorities.supported_verify_schemes()
    }
}
