//! rustls-webpki as a judge: what rustls servers with a `WebPkiClientVerifier` do.

use std::time::Duration;

use rustls_pki_types::{CertificateDer, UnixTime};
use webpki::{
    ALL_VERIFICATION_ALGS, BorrowedCertRevocationList, CertRevocationList, EndEntityCert, Error,
    ExpirationPolicy, KeyUsage, RevocationCheckDepth, RevocationOptionsBuilder, UnknownStatusPolicy,
    anchor_from_trusted_cert,
};

use crate::{Answer, Question};

/// Asks rustls-webpki. A refusal is the debug form of its error.
#[must_use]
pub fn ask(question: &Question<'_>) -> Answer {
    match verify(question) {
        Ok(()) => Answer::Accepted,
        Err(error) => Answer::Refused(format!("{error:?}")),
    }
}

fn verify(question: &Question<'_>) -> Result<(), Error> {
    let roots: Vec<CertificateDer<'_>> = question
        .anchors
        .iter()
        .map(|anchor| CertificateDer::from(anchor.as_slice()))
        .collect();
    let anchors = roots
        .iter()
        .map(anchor_from_trusted_cert)
        .collect::<Result<Vec<_>, _>>()?;
    let lists = question
        .crls
        .iter()
        .map(|crl| BorrowedCertRevocationList::from_der(crl).map(CertRevocationList::from))
        .collect::<Result<Vec<_>, _>>()?;
    let lists: Vec<&CertRevocationList<'_>> = lists.iter().collect();
    let revocation = RevocationOptionsBuilder::new(&lists).ok().map(|builder| {
        builder
            .with_depth(RevocationCheckDepth::Chain)
            .with_status_policy(UnknownStatusPolicy::Deny)
            .with_expiration_policy(ExpirationPolicy::Enforce)
            .build()
    });
    let leaf = CertificateDer::from(question.chain.first().map(Vec::as_slice).unwrap_or_default());
    let intermediates: Vec<CertificateDer<'_>> = question
        .chain
        .iter()
        .skip(1)
        .map(|certificate| CertificateDer::from(certificate.as_slice()))
        .collect();
    let time = UnixTime::since_unix_epoch(Duration::from_secs(question.time));
    EndEntityCert::try_from(&leaf)?
        .verify_for_usage(
            ALL_VERIFICATION_ALGS,
            &anchors,
            &intermediates,
            time,
            KeyUsage::client_auth(),
            revocation,
            None,
        )
        .map(|_| ())
}
