use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};

use super::gullible::AnyScheme;
use super::pki::{Credential, PKI};
use super::rogue::{BOTH, ask, deviating, plan, run, speak};
use super::server::{listen, soon};
use crate::address::Address;
use crate::channel::Channel;
use crate::http1::ReadFault;
use crate::tls::client::{HandshakeOutcome, Presented, Versions};
use crate::tls::rogue::lenient::{Gate, Hello, Lapse, LenientServer};
use crate::tls::rogue::{Deviation, Renegotiation, RoguePlan};
use crate::transport::Sent;

/// Knows two clients, and holds their keys against what they sign.
struct Two;

impl Gate for Two {
    fn certificate(&self, chain: &[Vec<u8>]) -> Result<(), u8> {
        owner(&chain[0]).map(drop).ok_or(48)
    }

    fn signature(&self, leaf: &[u8], _: u16, content: &[u8], signature: &[u8]) -> bool {
        let owner = owner(leaf).unwrap();
        let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &owner.key).unwrap();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, key.public_key().as_ref())
            .verify(content, signature)
            .is_ok()
    }
}

fn owner(leaf: &[u8]) -> Option<&'static Credential> {
    [&PKI.alice, &PKI.stranger]
        .into_iter()
        .find(|known| known.certificate == leaf)
}

fn name(chain: &[Vec<u8>]) -> &'static str {
    match chain.first() {
        None => "nobody",
        Some(leaf) if *leaf == PKI.alice.certificate => "alice",
        Some(_) => "stranger",
    }
}

/// Answers every read of application bytes with the name of whom it takes the client for.
fn serve(mut socket: TcpStream, lapse: Lapse) {
    let mut server = LenientServer::new(PKI.server.presented(), Arc::new(Two), lapse);
    let mut piece = [0; 4096];
    while let Ok(count @ 1..) = socket.read(&mut piece) {
        // Byte by byte: nothing may depend on how the network cuts it.
        for byte in &piece[..count] {
            let output = server.receive(&[*byte]);
            socket.write_all(&output.send).unwrap();
            if !output.plaintext.is_empty() {
                let who = name(server.chain());
                let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{who}", who.len());
                let sealed = server.seal(answer.as_bytes());
                socket.write_all(&sealed).unwrap();
            }
            if output.ended {
                let _gone = socket.shutdown(Shutdown::Write);
            }
        }
    }
}

fn lenient(lapse: Lapse) -> Address {
    listen(move |socket| serve(socket, lapse))
}

const LAPSES: [Lapse; 10] = [
    Lapse::CertificateAfterwards,
    Lapse::CertificateOmitted,
    Lapse::CertificateVerifyOmitted,
    Lapse::EmptyCertificate,
    Lapse::FinishedOmitted,
    Lapse::LegacyScheme,
    Lapse::Renegotiation,
    Lapse::ServerContext,
    Lapse::TranscriptBeforeCertificate,
    Lapse::WrongFinished,
];

/// Each deviation of the handshake with the lapse that lets it through, and as whom.
const LET_THROUGH: [(Deviation, Lapse, &str); 11] = [
    (Deviation::CertificateOmitted, Lapse::CertificateOmitted, "nobody"),
    (
        Deviation::CertificateVerifyOmitted,
        Lapse::CertificateVerifyOmitted,
        "alice",
    ),
    (Deviation::EmptyCertificate, Lapse::EmptyCertificate, "nobody"),
    (Deviation::FinishedOmitted, Lapse::FinishedOmitted, "alice"),
    (Deviation::FinishedOmittedEarly, Lapse::FinishedOmitted, "alice"),
    (Deviation::Scheme(0x0201), Lapse::LegacyScheme, "alice"),
    (Deviation::Scheme(0x0203), Lapse::LegacyScheme, "alice"),
    (Deviation::Scheme(0x0401), Lapse::LegacyScheme, "alice"),
    (Deviation::ServerContext, Lapse::ServerContext, "alice"),
    (
        Deviation::WrongTranscript,
        Lapse::TranscriptBeforeCertificate,
        "alice",
    ),
    (Deviation::WrongFinished, Lapse::WrongFinished, "alice"),
];

fn only_in_1_3(deviation: Deviation) -> bool {
    matches!(
        deviation,
        Deviation::FinishedOmittedEarly | Deviation::ServerContext | Deviation::Scheme(0x0401)
    )
}

#[test]
fn an_honest_client_is_served_whatever_the_lapse() {
    for lapse in LAPSES {
        let address = lenient(lapse);
        for (versions, version) in BOTH {
            let plan = RoguePlan {
                sessions: false,
                ..plan(versions, Some(&PKI.alice))
            };
            let (report, answer) = speak(&plan, &address);
            assert_eq!(answer, Ok(b"alice".to_vec()), "{lapse:?} {version:#06x}");
            assert!(report.server_finished && report.handshake.certificate_sent);
            let hello = Hello::of_record(&report.handshake.first_flight).unwrap();
            assert!(hello.is_served(), "{version:#06x}");
        }
    }
}

#[test]
fn a_client_that_wants_a_session_is_another_servers() {
    for (versions, _) in BOTH {
        let (report, _) = speak(&plan(versions, Some(&PKI.alice)), &lenient(Lapse::WrongFinished));
        let hello = Hello::of_record(&report.handshake.first_flight).unwrap();
        assert!(!hello.is_served());
        assert_eq!(hello.server_name().as_deref(), Some(super::pki::SERVER));
    }
    assert!(Hello::of_record(b"GET / HTTP/1.1\r\n\r\n").is_none());
}

#[test]
fn each_lapse_lets_through_its_own_deviation_and_no_other() {
    for lapse in LAPSES {
        let address = lenient(lapse);
        for (versions, _) in BOTH {
            for (deviation, own, who) in LET_THROUGH {
                if versions == Versions::Tls12 && only_in_1_3(deviation) {
                    continue;
                }
                let mut plan = deviating(versions, deviation);
                if let Deviation::Scheme(_) = deviation {
                    let Presented { chain, signer } = PKI.alice.presented();
                    let signer = Arc::new(AnyScheme(signer));
                    plan.tls.presented = Some(Presented { chain, signer });
                }
                let (report, answer) = speak(&plan, &address);
                assert!(report.deviated, "{versions:?} {deviation:?}");
                let what = format!("{lapse:?} {versions:?} {deviation:?}: {answer:?}");
                if lapse == own {
                    assert_eq!(answer, Ok(who.as_bytes().to_vec()), "{what}");
                } else {
                    assert!(matches!(answer, Err(ReadFault::Alert(_))), "{what}");
                }
            }
        }
    }
}

#[test]
fn a_certificate_after_the_handshake_counts_only_by_its_lapse() {
    for lapse in LAPSES {
        let address = lenient(lapse);
        for (versions, _) in BOTH {
            let (_, session) = run(&plan(versions, Some(&PKI.alice)), &address);
            let mut channel = Channel::from(session.unwrap());
            let sent = channel
                .rogue_mut()
                .unwrap()
                .present_unasked(&PKI.stranger.presented(), soon());
            assert_eq!(sent, Ok(Sent::All));
            let answer = ask(&mut channel);
            if lapse == Lapse::CertificateAfterwards {
                assert_eq!(answer, Ok(b"stranger".to_vec()), "{versions:?}");
            } else {
                assert_eq!(answer, Err(ReadFault::Alert(10)), "{lapse:?} {versions:?}");
            }
        }
    }
}

#[test]
fn a_renegotiation_changes_the_client_only_by_its_lapse() {
    for lapse in LAPSES {
        let address = lenient(lapse);
        for how in [
            Renegotiation::Legacy,
            Renegotiation::Secure,
            Renegotiation::WrongBinding,
        ] {
            let (_, session) = run(&plan(Versions::Tls12, Some(&PKI.alice)), &address);
            let mut channel = Channel::from(session.unwrap());
            let rogue = channel.rogue_mut().unwrap();
            let report = rogue
                .renegotiate(Some(PKI.stranger.presented()), how, soon())
                .unwrap();
            let outcome = report.handshake.outcome;
            match (lapse, how) {
                (Lapse::Renegotiation, Renegotiation::WrongBinding) => {
                    assert_eq!(outcome, HandshakeOutcome::Alert(40));
                }
                (Lapse::Renegotiation, Renegotiation::Legacy | Renegotiation::Secure) => {
                    assert_eq!(outcome, HandshakeOutcome::Done);
                    assert_eq!(ask(&mut channel), Ok(b"stranger".to_vec()), "{how:?}");
                }
                _ => {
                    assert_eq!(outcome, HandshakeOutcome::Alert(100), "{lapse:?}");
                    assert_eq!(ask(&mut channel), Ok(b"alice".to_vec()));
                }
            }
        }
    }
}
