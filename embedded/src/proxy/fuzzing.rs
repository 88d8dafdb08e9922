//! The client of OCSP without a connection, for the fuzz targets. Not part of the interface.

use std::sync::LazyLock;

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::fault::Ocsp;
use super::ocsp::{answer_is_good, question};

static PROVIDER: LazyLock<CryptoProvider> = LazyLock::new(aws_lc_rs::default_provider);

/// The question about a certificate, DER; `None` where one of the two certificates cannot be read.
#[must_use]
pub fn ocsp_question(certificate: &[u8], issuer: &[u8]) -> Option<Vec<u8>> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let (_, issuer) = X509Certificate::from_der(issuer).ok()?;
    Some(question(&certificate, &issuer))
}

/// Whether an answer makes the certificate good at `now` (Unix seconds), to the strict proxy or with a planted fault; `None`
/// where one of the two certificates cannot be read.
///
/// # Errors
/// Why it does not.
pub fn ocsp_answer(
    certificate: &[u8],
    issuer: &[u8],
    response: &[u8],
    now: i64,
    fault: Ocsp,
) -> Option<Result<(), &'static str>> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let (_, issuer) = X509Certificate::from_der(issuer).ok()?;
    Some(answer_is_good(
        &certificate,
        &issuer,
        response,
        now,
        &PROVIDER,
        fault,
    ))
}
