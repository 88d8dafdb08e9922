//! TLS to the app: the app's certificate is verified, its name too, and the proxy shows its own where it has one.

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::aws_lc_rs as provider;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::TlsConnector;

use super::config::UpstreamTlsConfig;
use super::fault::{ProxyFaults, UpstreamTls};
use crate::error::StartError;
use crate::pki;

/// Reads the files that `settings` names.
pub(super) fn connector(
    settings: &UpstreamTlsConfig,
    faults: &ProxyFaults,
) -> Result<(TlsConnector, ServerName<'static>), StartError> {
    let wrong = |what: String| StartError::Tls { what };
    let name =
        ServerName::try_from(settings.server_name.clone()).map_err(|error| wrong(error.to_string()))?;
    let mut roots = RootCertStore::empty();
    for root in pki::certificates(&settings.ca)? {
        roots.add(root).map_err(|error| wrong(error.to_string()))?;
    }
    let provider = Arc::new(provider::default_provider());
    let strict = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(|error| wrong(error.to_string()))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| wrong(error.to_string()))?;
    // FAULT upstream-tls.
    let builder = match faults.upstream_tls {
        UpstreamTls::Verify | UpstreamTls::Anonymous | UpstreamTls::Unnamed => {
            builder.with_webpki_verifier(strict)
        }
        UpstreamTls::IgnoreSignature => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Careless { chain: Some(strict) })),
        UpstreamTls::Ignore => builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Careless { chain: None })),
    };
    let own = settings.own.as_ref();
    // FAULT upstream-tls.
    let own = own.filter(|_| faults.upstream_tls != UpstreamTls::Anonymous);
    let mut config = match own {
        None => builder.with_no_client_auth(),
        Some(own) => {
            let chain = pki::certificates(&own.certificate)?;
            let key = pki::private_key(&own.key)?;
            builder
                .with_client_auth_cert(chain, key)
                .map_err(|error| wrong(error.to_string()))?
        }
    };
    // FAULT upstream-tls.
    config.enable_sni = faults.upstream_tls != UpstreamTls::Unnamed;
    Ok((TlsConnector::from(Arc::new(config)), name))
}

/// FAULT upstream-tls: the signature that shows possession of the key is not looked at, and without `chain` the certificate
/// neither.
#[derive(Debug)]
struct Careless {
    chain: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for Careless {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match &self.chain {
            None => Ok(ServerCertVerified::assertion()),
            Some(chain) => {
                chain.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            }
        }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}
