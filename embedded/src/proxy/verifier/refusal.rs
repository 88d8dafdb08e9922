//! Why a certificate is refused, in the TLS library's words where it has one.

use std::fmt;
use std::sync::Arc;

use rustls::{CertificateError, OtherError};
use webpki::Error;

/// Why a certificate is refused.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    /// For the audit log.
    pub(crate) reason: String,
    /// For the alert.
    pub(crate) error: CertificateError,
}

impl Refused {
    /// A refusal for a rule that the TLS library has no word for.
    pub(crate) fn rule(reason: &str) -> Self {
        #[derive(Debug)]
        struct Rule(String);
        impl fmt::Display for Rule {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl std::error::Error for Rule {}
        Self {
            reason: reason.to_owned(),
            error: CertificateError::Other(OtherError(Arc::new(Rule(reason.to_owned())))),
        }
    }

    pub(super) fn known(reason: &str, error: CertificateError) -> Self {
        Self {
            reason: reason.to_owned(),
            error,
        }
    }
}

/// webpki's reason in the TLS library's words, so that the alert is the usual one.
pub(super) fn refused(error: &Error) -> Refused {
    let known = if matches!(error, Error::CertExpired { .. } | Error::InvalidCertValidity) {
        CertificateError::Expired
    } else if matches!(error, Error::CertNotValidYet { .. }) {
        CertificateError::NotValidYet
    } else if matches!(error, Error::CertRevoked) {
        CertificateError::Revoked
    } else if matches!(error, Error::UnknownIssuer | Error::MaximumPathDepthExceeded) {
        CertificateError::UnknownIssuer
    } else if matches!(error, Error::UnknownRevocationStatus) {
        CertificateError::UnknownRevocationStatus
    } else if matches!(error, Error::CrlExpired { .. }) {
        CertificateError::ExpiredRevocationList
    } else if matches!(error, Error::InvalidSignatureForPublicKey) {
        CertificateError::BadSignature
    } else if matches!(error, Error::RequiredEkuNotFoundContext(_)) {
        CertificateError::InvalidPurpose
    } else if matches!(error, Error::UnsupportedCriticalExtension) {
        CertificateError::UnhandledCriticalExtension
    } else if matches!(error, Error::BadDer | Error::BadDerTime | Error::TrailingData(_)) {
        CertificateError::BadEncoding
    } else {
        return Refused::rule(&error.to_string());
    };
    Refused::known(&error.to_string(), known)
}
