//! What the planted faults make of a refusal: which rule each leaves out, and what it must let stand.

use rustls::DigitallySignedStruct;
use rustls::client::danger::HandshakeSignatureValid;
use rustls_pki_types::CertificateDer;
use webpki::Error;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::{ClientVerifier, signature};
use crate::proxy::fault::{self, ProxyFaults};

impl ClientVerifier {
    /// FAULT handshake: whether a signature of a handshake that rustls has no part in is by the key in `leaf`.
    pub(in crate::proxy) fn possessed(
        &self,
        leaf: &CertificateDer<'_>,
        scheme: u16,
        message: &[u8],
        proof: &[u8],
    ) -> bool {
        let Ok(([], certificate)) = X509Certificate::from_der(leaf) else {
            return false;
        };
        signature::handshake(&self.provider, certificate.public_key(), scheme, message, proof)
    }

    /// What the faults make of a CertificateVerify that webpki refused.
    pub(super) fn relax_possession(
        &self,
        strict: Result<HandshakeSignatureValid, rustls::Error>,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        // FAULT possession.
        if self.faults.possession == fault::Possession::Ignore {
            return Ok(HandshakeSignatureValid::assertion());
        }
        // webpki refuses to read a leaf with an unknown critical extension or a short key at all, so a fault that lets
        // such a leaf through must check its signature by other means.
        if strict.is_err()
            && relaxes_leaves(&self.faults)
            && let Ok(([], certificate)) = X509Certificate::from_der(leaf)
        {
            let key = certificate.public_key();
            let weak = self.faults.key_strength == fault::KeyStrength::Ignore;
            if signature::possessed(&self.provider, key, signed, message, weak) {
                return Ok(HandshakeSignatureValid::assertion());
            }
        }
        strict
    }
}

/// Whether a fault makes another path acceptable than webpki's.
fn relaxes_paths(faults: &ProxyFaults) -> bool {
    faults.basic_constraints != fault::BasicConstraints::Check
        || faults.critical_extensions != fault::CriticalExtensions::Refuse
        || faults.extended_key_usage != fault::ExtendedKeyUsage::Check
        || faults.key_strength != fault::KeyStrength::Check
        || faults.name_constraints != fault::NameConstraints::Check
        || faults.revocation == fault::Revocation::AcceptUnverified
        || faults.serial != fault::Serial::Check
        || faults.signature_algorithms != fault::SignatureAlgorithms::Strong
        || faults.trust != fault::Trust::Bundle
        || faults.validity != fault::Validity::Check
}

/// Whether webpki's refusal has nothing to do with any fault, so that it stands: a fault is about one thing.
pub(super) fn is_beside_the_point(error: &Error, faults: &ProxyFaults) -> bool {
    let trusting = faults.trust != fault::Trust::Bundle;
    let encoding = matches!(
        error,
        Error::BadDer
            | Error::ExtensionValueInvalid
            | Error::MalformedDnsIdentifier
            | Error::MalformedExtensions
            | Error::MalformedNameConstraint
            | Error::TrailingData(_)
            | Error::UnsupportedNameType
    );
    !relaxes_paths(faults)
        || encoding
        || (matches!(error, Error::BadDerTime) && faults.validity == fault::Validity::Check)
        || (matches!(
            error,
            Error::SignatureAlgorithmMismatch | Error::UnsupportedSignatureAlgorithmContext(_)
        ) && !trusting
            && faults.signature_algorithms == fault::SignatureAlgorithms::Strong)
        || (matches!(error, Error::NameConstraintViolation)
            && !trusting
            && faults.name_constraints == fault::NameConstraints::Check)
}

/// Whether a fault lets leaves through whose signatures webpki will not check.
fn relaxes_leaves(faults: &ProxyFaults) -> bool {
    faults.client_auth == fault::ClientAuth::OptionalAny
        || faults.critical_extensions != fault::CriticalExtensions::Refuse
        || faults.key_strength != fault::KeyStrength::Check
        || faults.serial != fault::Serial::Check
        || faults.trust == fault::Trust::Any
}
