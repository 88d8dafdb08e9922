//! The client's side of the authentication: which Certificate messages go out, and what CertificateVerify says.

use super::message::CertificateRequest;
use super::plan::Deviation;
use crate::tls::client::{HandshakeOutcome, Presented};

/// How a client answers a request, or the want of one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Answer<'a> {
    /// The chain of each Certificate message, in order.
    pub(super) certificates: Vec<&'a [Vec<u8>]>,
    /// Whether CertificateVerify follows.
    pub(super) verified: bool,
    /// Whether this is where the client deviates.
    pub(super) deviates: bool,
}

impl<'a> Answer<'a> {
    pub(super) fn new(
        deviation: Deviation,
        asked: bool,
        presented: Option<&'a Presented>,
        decoy: &'a [Vec<u8>],
    ) -> Self {
        let chain = presented.map_or(&[][..], |presented| presented.chain.as_slice());
        let has_chain = !chain.is_empty();
        let honest = Self {
            certificates: if asked { vec![chain] } else { Vec::new() },
            verified: asked && has_chain,
            deviates: false,
        };
        let one = |chain, verified| Self {
            certificates: vec![chain],
            verified,
            deviates: true,
        };
        match deviation {
            Deviation::CertificateUnasked if !asked && has_chain => one(chain, true),
            Deviation::CertificateOmitted if asked => Self {
                deviates: true,
                ..Self::default()
            },
            Deviation::CertificateVerifyOmitted if asked && has_chain => one(chain, false),
            Deviation::EmptyCertificate if asked => one(&[], false),
            Deviation::EmptyCertificateVerified if asked && presented.is_some() => one(&[], true),
            Deviation::TwoCertificates if asked && has_chain => Self {
                certificates: vec![if decoy.is_empty() { chain } else { decoy }, chain],
                verified: true,
                deviates: true,
            },
            Deviation::CertificateExtension
            | Deviation::CertificateOmitted
            | Deviation::CertificateUnasked
            | Deviation::CertificateVerifyOmitted
            | Deviation::EmptyCertificate
            | Deviation::EmptyCertificateVerified
            | Deviation::FinishedOmitted
            | Deviation::FinishedOmittedEarly
            | Deviation::Honest
            | Deviation::Scheme(_)
            | Deviation::ServerContext
            | Deviation::TwoCertificates
            | Deviation::WrongFinished
            | Deviation::WrongTranscript => honest,
        }
    }

    /// Whether a certificate goes out at all.
    pub(super) fn presents(&self) -> bool {
        self.certificates.iter().any(|chain| !chain.is_empty())
    }
}

/// The scheme to sign with.
pub(super) fn scheme(
    deviation: Deviation,
    presented: &Presented,
    request: Option<&CertificateRequest>,
) -> Result<u16, HandshakeOutcome> {
    if let Deviation::Scheme(scheme) = deviation {
        return Ok(scheme);
    }
    let known = presented.signer.schemes();
    // A client of good will stays silent if nothing fits; an attacker presents what it has.
    known
        .iter()
        .find(|scheme| request.is_none_or(|request| request.schemes.contains(scheme)))
        .or_else(|| known.first())
        .copied()
        .ok_or_else(|| HandshakeOutcome::LocalError("the signer knows no scheme".to_owned()))
}

/// Whether naming `scheme` is wrong here: it was not offered, it is SHA-1, or TLS 1.3 forbids its padding.
pub(super) fn scheme_deviates(scheme: u16, tls13: bool, request: Option<&CertificateRequest>) -> bool {
    let [hash, signature] = scheme.to_be_bytes();
    let (sha1, pkcs1) = (hash == 2, signature == 1 && hash < 8);
    sha1 || (tls13 && pkcs1) || request.is_some_and(|request| !request.schemes.contains(&scheme))
}

/// The signature, and the scheme that CertificateVerify names.
pub(super) fn sign(
    presented: &Presented,
    scheme: u16,
    content: &[u8],
) -> Result<(u16, Vec<u8>), HandshakeOutcome> {
    presented
        .signer
        .sign(scheme, content)
        .map(|signature| (presented.signer.label(scheme), signature))
        .map_err(|failure| HandshakeOutcome::LocalError(failure.to_string()))
}

/// A copy with the last bit flipped.
pub(super) fn flipped(mut bytes: Vec<u8>) -> Vec<u8> {
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::tls::sign::KeySigner;

    fn presented() -> Presented {
        Presented {
            chain: vec![b"leaf".to_vec()],
            signer: Arc::new(KeySigner::fresh().unwrap()),
        }
    }

    #[test]
    fn no_deviation_is_claimed_without_its_occasion() {
        let alice = presented();
        for (_, deviation) in crate::tls::rogue::DEVIATIONS {
            let unasked = Answer::new(*deviation, false, Some(&alice), &[]);
            assert_eq!(
                unasked.deviates,
                *deviation == Deviation::CertificateUnasked,
                "{deviation:?}"
            );
            assert_eq!(unasked.presents(), unasked.deviates);
            let nobody = Answer::new(*deviation, true, None, &[]);
            assert!(!nobody.presents() && !nobody.verified, "{deviation:?}");
        }
    }

    #[test]
    fn each_deviation_changes_the_messages_as_it_says() {
        let alice = presented();
        let shape = |deviation| {
            let answer = Answer::new(deviation, true, Some(&alice), &[]);
            let sizes: Vec<usize> = answer.certificates.iter().map(|chain| chain.len()).collect();
            (sizes, answer.verified, answer.deviates)
        };
        assert_eq!(shape(Deviation::Honest), (vec![1], true, false));
        assert_eq!(shape(Deviation::CertificateOmitted), (vec![], false, true));
        assert_eq!(shape(Deviation::CertificateVerifyOmitted), (vec![1], false, true));
        assert_eq!(shape(Deviation::EmptyCertificate), (vec![0], false, true));
        assert_eq!(shape(Deviation::EmptyCertificateVerified), (vec![0], true, true));
        assert_eq!(shape(Deviation::TwoCertificates), (vec![1, 1], true, true));
        let decoy = vec![b"a".to_vec(), b"b".to_vec()];
        let two = Answer::new(Deviation::TwoCertificates, true, Some(&alice), &decoy);
        assert_eq!(two.certificates, [&decoy[..], &alice.chain]);
    }

    #[test]
    fn the_scheme_is_one_that_was_asked_for_where_possible() {
        let alice = presented();
        let request = |schemes| CertificateRequest {
            schemes,
            ..CertificateRequest::default()
        };
        let choose = |deviation, schemes| scheme(deviation, &alice, Some(&request(schemes)));
        assert_eq!(choose(Deviation::Honest, vec![0x0804, 0x0403]), Ok(0x0403));
        assert_eq!(choose(Deviation::Honest, vec![0x0804]), Ok(0x0403));
        assert_eq!(choose(Deviation::Scheme(0x0203), vec![0x0403]), Ok(0x0203));
        let offered = request(vec![0x0401, 0x0203, 0x0804]);
        let deviates = |scheme, tls13| scheme_deviates(scheme, tls13, Some(&offered));
        assert!(deviates(0x0203, false) && deviates(0x0401, true) && deviates(0x0501, false));
        assert!(!deviates(0x0401, false) && !deviates(0x0804, true));
    }
}
