use std::io::Read;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::pki::{Credential, PKI, SERVER};
use super::server::{at_once, config, dial, echo, listen, script, soon};
use crate::address::Address;
use crate::http1::{Limits, ReadFault, Request, exchange};
use crate::tls::client::{Handshake, HandshakeOutcome, PlanError, Presented, TlsPlan, Versions, handshake};
use crate::tls::session::TlsSession;
use crate::tls::sign::{
    Capturing, EmptySignature, GarbageSignature, KeySigner, Replayed, Sign, WrongKey, WrongScheme,
    WrongTranscript,
};
use crate::transport::{Received, Segments};

pub(super) const WAIT: Duration = Duration::from_millis(300);

pub(super) fn plan(versions: Versions, credential: Option<&Credential>) -> TlsPlan {
    let presented = credential.map(Credential::presented);
    TlsPlan {
        versions,
        presented,
        ..TlsPlan::honest(SERVER, vec![PKI.ca.certificate.clone()])
    }
}

pub(super) fn run(plan: &TlsPlan, address: &Address) -> (Handshake, Option<TlsSession>) {
    handshake(plan, dial(address), soon()).unwrap()
}

/// Speaks the plan, sends a request, and says the body or the fault.
fn speak(plan: &TlsPlan, address: &Address) -> Result<Vec<u8>, ReadFault> {
    let (handshake, session) = run(plan, address);
    let Some(session) = session else {
        let HandshakeOutcome::Alert(number) = handshake.outcome else {
            panic!("{:?}", handshake.outcome)
        };
        return Err(ReadFault::Alert(number));
    };
    let request = Request::new("GET", "/", SERVER).to_bytes();
    let exchange = exchange(
        &mut session.into(),
        "GET",
        &request,
        WAIT,
        Limits::default(),
        soon(),
    );
    exchange
        .reply
        .map(|response| response.body)
        .map_err(|failure| failure.fault)
}

pub(super) fn handshake_again(plan: &TlsPlan, address: &Address) -> Result<bool, PlanError> {
    handshake(plan, dial(address), soon()).map(|(handshake, _)| handshake.resumed)
}

#[test]
fn an_honest_client_is_served_in_both_versions() {
    let address = echo(config());
    for (versions, version) in [(Versions::Tls12, 0x0303), (Versions::Tls13, 0x0304)] {
        let plan = TlsPlan {
            alpn: vec![b"http/1.1".to_vec()],
            ..plan(versions, Some(&PKI.alice))
        };
        let (handshake, session) = run(&plan, &address);
        assert_eq!(handshake.outcome, HandshakeOutcome::Done);
        assert_eq!(
            (handshake.version, handshake.alpn.as_deref()),
            (Some(version), Some(&b"http/1.1"[..]))
        );
        assert!(handshake.certificate_requested && handshake.certificate_sent && handshake.flight_sent);
        assert!(!handshake.resumed && handshake.suite.is_some() && handshake.group.is_some());
        assert_eq!(
            handshake.server_chain,
            std::slice::from_ref(&PKI.server.certificate)
        );
        assert_eq!(
            (handshake.accepted_issuers.len(), handshake.first_flight[0]),
            (1, 22)
        );
        drop(session);
        assert!(speak(&plan, &address).unwrap().starts_with(b"GET / "));
    }
}

#[test]
fn presenting_nothing_is_told_from_presenting() {
    let (handshake, _) = run(&plan(Versions::Both, None), &echo(config()));
    assert!(handshake.certificate_requested && !handshake.certificate_sent);
}

#[test]
fn a_refusal_is_an_alert_in_1_2_and_a_late_alert_in_1_3() {
    let address = echo(config());
    let (early, none) = run(&plan(Versions::Tls12, Some(&PKI.stranger)), &address);
    assert!(
        matches!(early.outcome, HandshakeOutcome::Alert(48)),
        "{:?}",
        early.outcome
    );
    assert!(none.is_none());
    let (late, session) = run(&plan(Versions::Tls13, Some(&PKI.stranger)), &address);
    assert_eq!(late.outcome, HandshakeOutcome::Done);
    let mut session = session.unwrap();
    assert_eq!(
        session.short_read(Duration::from_secs(5)),
        Some(Received::Alert(48))
    );
    assert_eq!(
        session.read(&mut [0; 1], soon()),
        Received::Alert(48),
        "a final event is repeated"
    );
    assert_eq!(
        speak(&plan(Versions::Tls13, Some(&PKI.stranger)), &address),
        Err(ReadFault::Alert(48))
    );
}

#[test]
fn a_willing_server_keeps_silent_in_the_short_read() {
    let (_, session) = run(&plan(Versions::Tls13, Some(&PKI.alice)), &echo(config()));
    assert_eq!(session.unwrap().short_read(Duration::from_millis(30)), None);
}

#[test]
fn every_lie_about_possession_is_refused() {
    let address = echo(config());
    let Presented { chain, signer } = PKI.alice.presented();
    let captured = Arc::new(Capturing::new(signer.clone()));
    let honest = Presented {
        chain: chain.clone(),
        signer: captured.clone(),
    };
    for versions in [Versions::Tls12, Versions::Tls13] {
        let honest = TlsPlan {
            presented: Some(honest.clone()),
            ..plan(versions, None)
        };
        speak(&honest, &address).unwrap();
        let lies: [(&str, Arc<dyn Sign>); 6] = [
            ("empty", Arc::new(EmptySignature(signer.clone()))),
            ("garbage", Arc::new(GarbageSignature(signer.clone()))),
            (
                "replayed",
                Arc::new(Replayed {
                    owner: signer.clone(),
                    signature: captured.last().unwrap(),
                }),
            ),
            (
                "key",
                Arc::new(WrongKey {
                    claimed: signer.schemes(),
                    key: Arc::new(KeySigner::fresh().unwrap()),
                }),
            ),
            (
                "scheme",
                Arc::new(WrongScheme {
                    inner: signer.clone(),
                    claimed: 0x0203,
                }),
            ),
            ("transcript", Arc::new(WrongTranscript(signer.clone()))),
        ];
        for (lie, signer) in lies {
            let presented = Some(Presented {
                chain: chain.clone(),
                signer,
            });
            let answer = speak(
                &TlsPlan {
                    presented,
                    ..plan(versions, None)
                },
                &address,
            );
            assert!(
                matches!(answer, Err(ReadFault::Alert(_))),
                "{lie} in {versions:?}: {answer:?}"
            );
        }
    }
}

#[test]
fn any_chain_can_be_presented() {
    let address = echo(config());
    for chain in [
        vec![b"garbage".to_vec()],
        vec![PKI.alice.certificate.clone(); 40],
        Vec::new(),
    ] {
        let presented = Some(Presented {
            chain,
            ..PKI.alice.presented()
        });
        let (handshake, _) = run(
            &TlsPlan {
                presented,
                ..plan(Versions::Tls13, None)
            },
            &address,
        );
        assert!(handshake.certificate_sent && handshake.outcome == HandshakeOutcome::Done);
    }
}

#[test]
fn the_server_is_judged_by_the_expected_name_whatever_the_sni() {
    let address = echo(config());
    let honest = plan(Versions::Both, None);
    let without = TlsPlan {
        server_name: None,
        ..honest.clone()
    };
    assert_eq!(run(&without, &address).0.outcome, HandshakeOutcome::Done);
    let other_sni = TlsPlan {
        server_name: Some("other.test".to_owned()),
        ..honest.clone()
    };
    assert_eq!(run(&other_sni, &address).0.outcome, HandshakeOutcome::Done);
    let other_name = TlsPlan {
        expect_name: "other.test".to_owned(),
        ..honest.clone()
    };
    let (refused, _) = run(&other_name, &address);
    assert!(
        matches!(refused.outcome, HandshakeOutcome::ServerCertificateRefused(_)),
        "{:?}",
        refused.outcome
    );
    assert_eq!(refused.server_chain.len(), 1);
    let unverified = TlsPlan {
        verify_server: false,
        ..other_name
    };
    assert_eq!(run(&unverified, &address).0.outcome, HandshakeOutcome::Done);
}

#[test]
fn a_server_that_signs_itself_as_a_ca_is_taken_where_it_is_named_and_under_its_name_only() {
    let itself = &PKI.itself.certificate;
    let chain = vec![CertificateDer::from(itself.clone())];
    let key = PrivateKeyDer::try_from(PKI.itself.key.clone()).unwrap();
    let server = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let address = echo(server);
    let outcome = |name: &str, trust: &[u8]| {
        let plan = TlsPlan {
            server_name: Some(SERVER.to_owned()),
            ..TlsPlan::honest(name, vec![trust.to_vec()])
        };
        run(&plan, &address).0.outcome
    };
    assert_eq!(outcome(SERVER, itself), HandshakeOutcome::Done);
    for refused in [
        outcome("other.test", itself),
        outcome(SERVER, &PKI.ca.certificate),
    ] {
        assert!(
            matches!(refused, HandshakeOutcome::ServerCertificateRefused(_)),
            "{refused:?}"
        );
    }
}

#[test]
fn fragments_and_tiny_records_do_not_break_the_handshake() {
    let address = echo(config());
    for versions in [Versions::Tls12, Versions::Tls13] {
        let tiny = TlsPlan {
            hello_fragment: Some(1),
            record_size: Some(32),
            ..plan(versions, Some(&PKI.alice))
        };
        let (handshake, session) = run(&tiny, &address);
        assert_eq!(handshake.outcome, HandshakeOutcome::Done, "{versions:?}");
        assert_eq!(
            handshake.first_flight[..6],
            [22, 3, handshake.first_flight[2], 0, 1, 1]
        );
        drop(session);
        assert!(speak(&tiny, &address).is_ok());
    }
    let mut stream = dial(&address);
    stream.segment(Some(Segments {
        size: 50,
        pause: Duration::from_millis(1),
    }));
    let (handshake, _) = handshake(&plan(Versions::Both, None), stream, soon()).unwrap();
    assert_eq!(handshake.outcome, HandshakeOutcome::Done);
}

#[test]
fn chosen_suites_and_groups_are_negotiated() {
    let address = echo(config());
    let chosen = TlsPlan {
        suites: Some(vec![0xC02B]),
        groups: Some(vec![24]),
        ..plan(Versions::Tls12, None)
    };
    let (handshake, _) = run(&chosen, &address);
    assert_eq!((handshake.suite, handshake.group), (Some(0xC02B), Some(24)));
    let plan = |suites, groups| TlsPlan {
        suites,
        groups,
        ..plan(Versions::Tls12, None)
    };
    assert_eq!(
        handshake_again(&plan(Some(vec![5]), None), &address),
        Err(PlanError::UnknownSuite(5))
    );
    assert_eq!(
        handshake_again(&plan(None, Some(vec![1])), &address),
        Err(PlanError::UnknownGroup(1))
    );
    assert!(matches!(
        handshake_again(&plan(Some(vec![0x1301]), None), &address),
        Err(PlanError::Library(_))
    ));
}

#[test]
fn what_the_library_cannot_send_is_an_error() {
    let address = echo(config());
    for name in ["127.0.0.1", "a.test.", "a b", "a.test:443", ""] {
        let plan = TlsPlan {
            server_name: Some(name.to_owned()),
            ..plan(Versions::Both, None)
        };
        assert_eq!(
            handshake_again(&plan, &address),
            Err(PlanError::UnsendableName(name.to_owned()))
        );
    }
    let blind = TlsPlan {
        trust: Vec::new(),
        ..plan(Versions::Both, None)
    };
    assert_eq!(handshake_again(&blind, &address), Err(PlanError::NoTrust));
}

#[test]
fn hostile_peers_are_outcomes() {
    let run = |bytes: &[u8]| {
        handshake(&plan(Versions::Both, None), dial(&script(bytes.to_vec())), soon())
            .unwrap()
            .0
            .outcome
    };
    assert_eq!(run(b""), HandshakeOutcome::Closed);
    assert_eq!(run(b"\x15\x03\x03\0\x02\x02\x46"), HandshakeOutcome::Alert(70));
    assert_eq!(
        run(b"HTTP/1.1 400 Bad\r\n"),
        HandshakeOutcome::NotTls(b"HTTP/1.1 400 Bad\r\n".to_vec())
    );
    assert_eq!(run(b"220"), HandshakeOutcome::NotTls(b"220".to_vec()));
    assert_eq!(run(b"\x16\x03\x03"), HandshakeOutcome::Closed);
    for garbage in [
        &b"\x16\x03\x03\xFF\xFF"[..],
        b"\x16\x03\x03\0\x04\x01\0\0\0",
        b"\x17\x03\x03\0\x01x",
    ] {
        assert!(
            matches!(run(garbage), HandshakeOutcome::Garbled(_)),
            "{garbage:?}"
        );
    }
    let tls10 = [
        &b"\x16\x03\x01\0\x2A\x02\0\0\x26\x03\x01"[..],
        &[7; 32],
        b"\0\0\x2F\0",
    ]
    .concat();
    assert!(
        matches!(run(&tls10), HandshakeOutcome::Incompatible(_)),
        "{:?}",
        run(&tls10)
    );
}

#[test]
fn a_stall_is_a_timeout_and_a_reset_is_a_reset() {
    let stall = listen(|mut socket| while socket.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {});
    let (outcome, _) = handshake(&plan(Versions::Both, None), dial(&stall), at_once()).unwrap();
    assert_eq!(outcome.outcome, HandshakeOutcome::Timeout);
    // Closing a socket with unread bytes makes the kernel send a reset.
    let reset = listen(|mut socket| {
        let _one = socket.read(&mut [0; 1]);
        thread::sleep(Duration::from_millis(20));
    });
    let (outcome, _) = handshake(&plan(Versions::Both, None), dial(&reset), soon()).unwrap();
    assert_eq!(outcome.outcome, HandshakeOutcome::Reset);
}
