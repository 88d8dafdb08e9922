use std::sync::Arc;

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{DigitallySignedStruct, DistinguishedName, Error, SignatureScheme};

use super::pki::PKI;
use super::rogue::{BOTH, deviating, plan, served, speak};
use super::server::{config_with, echo, strict};
use crate::address::Address;
use crate::http1::ReadFault;
use crate::tls::client::{Presented, Versions};
use crate::tls::rogue::Deviation;
use crate::tls::sign::{GarbageSignature, Sign, SignFailure};

/// Asks for a certificate and believes everything: the verifier that examples on the web begin with.
#[derive(Debug)]
struct Gullible;

impl ClientCertVerifier for Gullible {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        aws_lc_rs::default_provider()
            .signature_verification_algorithms
            .supported_schemes()
    }
}

fn gullible() -> Address {
    echo(config_with(Arc::new(Gullible)))
}

/// Signs whatever it is asked for with its one key: only a server that does not look believes the scheme.
pub(super) struct AnyScheme(pub(super) Arc<dyn Sign>);

impl Sign for AnyScheme {
    fn schemes(&self) -> Vec<u16> {
        self.0.schemes()
    }

    fn sign(&self, _: u16, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        self.0.sign(0x0403, message)
    }
}

#[test]
fn a_wrong_proof_gets_through_where_nobody_checks_it() {
    let (gullible, strict) = (gullible(), echo(strict()));
    for (versions, _) in BOTH {
        let mut wrong = vec![deviating(versions, Deviation::WrongTranscript)];
        if versions == Versions::Tls13 {
            wrong.push(deviating(versions, Deviation::ServerContext));
        }
        for scheme in [0x0201, 0x0203, 0x0401] {
            let mut plan = deviating(versions, Deviation::Scheme(scheme));
            let Presented { chain, signer } = PKI.alice.presented();
            plan.tls.presented = Some(Presented {
                chain,
                signer: Arc::new(AnyScheme(signer)),
            });
            wrong.push(plan);
        }
        for plan in wrong {
            let (report, _) = served(&plan, &gullible);
            let what = (versions, plan.deviation);
            assert!(report.handshake.certificate_sent && report.server_finished);
            if let Deviation::Scheme(scheme) = plan.deviation {
                assert_eq!(report.verify_scheme, Some(scheme));
            }
            let refused = speak(&plan, &strict).1;
            assert!(
                matches!(refused, Err(ReadFault::Alert(_))),
                "{what:?}: {refused:?}"
            );
        }
    }
}

#[test]
fn a_lying_signer_gets_through_where_nobody_checks_it() {
    for (versions, _) in BOTH {
        let mut plan = plan(versions, None);
        let Presented { chain, signer } = PKI.stranger.presented();
        plan.tls.presented = Some(Presented {
            chain,
            signer: Arc::new(GarbageSignature(signer)),
        });
        served(&plan, &gullible());
    }
}

#[test]
fn a_gullible_verifier_does_not_let_the_state_machine_be_skipped() {
    let gullible = gullible();
    for (versions, _) in BOTH {
        for (deviation, alert) in [
            (Deviation::CertificateOmitted, 10),
            (Deviation::CertificateVerifyOmitted, 10),
            (Deviation::TwoCertificates, 10),
            (Deviation::WrongFinished, 51),
        ] {
            super::rogue::refused_with(&deviating(versions, deviation), &gullible, alert);
        }
    }
}
