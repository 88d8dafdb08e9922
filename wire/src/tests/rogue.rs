use std::sync::Arc;
use std::time::Duration;

use super::pki::{Credential, PKI, SERVER};
use super::server::{at_once, config, config_with, dial, echo, listen, script, soon, strict};
use super::tls::WAIT;
use crate::address::Address;
use crate::channel::Channel;
use crate::http1::{Limits, ReadFault, Request, exchange};
use crate::tls::client::{HandshakeOutcome, PlanError, Presented, TlsPlan, Versions};
use crate::tls::rogue::{DEVIATIONS, Deviation, Report, RoguePlan, RogueSession, handshake};
use crate::tls::sign::{Capturing, KeySigner, Replayed, WrongKey};
use crate::transport::Received;

pub(super) const BOTH: [(Versions, u16); 2] = [(Versions::Tls12, 0x0303), (Versions::Tls13, 0x0304)];

pub(super) fn plan(versions: Versions, credential: Option<&Credential>) -> RoguePlan {
    RoguePlan::honest(TlsPlan {
        versions,
        presented: credential.map(Credential::presented),
        ..TlsPlan::honest(SERVER, vec![PKI.ca.certificate.clone()])
    })
}

pub(super) fn deviating(versions: Versions, deviation: Deviation) -> RoguePlan {
    RoguePlan {
        deviation,
        ..plan(versions, Some(&PKI.alice))
    }
}

pub(super) fn run(plan: &RoguePlan, address: &Address) -> (Report, Option<RogueSession>) {
    handshake(plan, dial(address), soon()).unwrap()
}

/// Carries the plan out, sends a request, and says the body or the fault.
pub(super) fn speak(plan: &RoguePlan, address: &Address) -> (Report, Result<Vec<u8>, ReadFault>) {
    let (report, session) = run(plan, address);
    let Some(session) = session else {
        let HandshakeOutcome::Alert(number) = report.handshake.outcome else {
            panic!("{:?}", report.handshake.outcome)
        };
        return (report, Err(ReadFault::Alert(number)));
    };
    (report, ask(&mut session.into()))
}

/// The same where no refusal is expected: nobody waits for one.
pub(super) fn served(plan: &RoguePlan, address: &Address) -> (Report, Vec<u8>) {
    let (report, session) = run(plan, address);
    let what = (plan.tls.versions, plan.deviation);
    let session = session.unwrap_or_else(|| panic!("{what:?}: {:?}", report.handshake.outcome));
    let answer = ask_within(&mut session.into(), Duration::ZERO);
    (report, answer.unwrap_or_else(|fault| panic!("{what:?}: {fault}")))
}

pub(super) fn ask(channel: &mut Channel) -> Result<Vec<u8>, ReadFault> {
    ask_within(channel, WAIT)
}

fn ask_within(channel: &mut Channel, late_alert_wait: Duration) -> Result<Vec<u8>, ReadFault> {
    let request = Request::new("GET", "/", SERVER).to_bytes();
    exchange(
        channel,
        "GET",
        &request,
        late_alert_wait,
        Limits::default(),
        soon(),
    )
    .reply
    .map(|response| response.body)
    .map_err(|failure| failure.fault)
}

/// A deviation that was carried out and refused with this alert.
pub(super) fn refused_with(plan: &RoguePlan, address: &Address, alert: u8) {
    let (report, answer) = speak(plan, address);
    let what = (plan.tls.versions, plan.deviation);
    assert!(report.deviated, "{what:?} was not carried out");
    assert_eq!(answer, Err(ReadFault::Alert(alert)), "{what:?}");
}

#[test]
fn an_honest_rogue_is_served_in_both_versions() {
    let address = echo(strict());
    for (versions, version) in BOTH {
        let mut plan = plan(versions, Some(&PKI.alice));
        plan.tls.alpn = vec![b"http/1.1".to_vec()];
        let (report, answer) = speak(&plan, &address);
        let handshake = report.handshake;
        assert!(answer.unwrap().starts_with(b"GET / "));
        assert_eq!(
            (handshake.outcome, handshake.version, handshake.alpn.as_deref()),
            (HandshakeOutcome::Done, Some(version), Some(&b"http/1.1"[..]))
        );
        assert!(handshake.certificate_requested && handshake.certificate_sent && handshake.flight_sent);
        assert!(!handshake.resumed && report.server_finished && !report.deviated);
        assert_eq!((report.verify_scheme, handshake.group), (Some(0x0403), Some(29)));
        assert_eq!(
            handshake.server_chain,
            std::slice::from_ref(&PKI.server.certificate)
        );
        assert_eq!(
            (handshake.accepted_issuers.len(), handshake.first_flight[0]),
            (1, 22)
        );
        assert!(handshake.accepted_schemes.contains(&0x0403));
        assert_eq!(report.extended_master_secret, version == 0x0303);
    }
    let (report, answer) = speak(&plan(Versions::Both, Some(&PKI.alice)), &address);
    assert!(answer.is_ok() && report.handshake.version == Some(0x0304));
}

#[test]
fn every_suite_and_group_is_carried_to_the_end() {
    let address = echo(strict());
    for (versions, suites) in [
        (Versions::Tls13, &[0x1301, 0x1302, 0x1303][..]),
        (Versions::Tls12, &[0xC02B, 0xC02C]),
    ] {
        for suite in suites {
            for group in [23, 24, 29] {
                let mut plan = plan(versions, Some(&PKI.alice));
                plan.tls.suites = Some(vec![*suite]);
                plan.tls.groups = Some(vec![group]);
                let (report, _) = served(&plan, &address);
                assert_eq!(
                    (report.handshake.suite, report.handshake.group),
                    (Some(*suite), Some(group))
                );
            }
        }
    }
}

#[test]
fn every_deviation_is_refused_by_a_strict_server() {
    let address = echo(strict());
    let refusals = [
        (Deviation::CertificateOmitted, 10, 10),
        (Deviation::CertificateVerifyOmitted, 10, 10),
        (Deviation::EmptyCertificate, 116, 116),
        (Deviation::EmptyCertificateVerified, 116, 116),
        (Deviation::FinishedOmitted, 10, 20),
        (Deviation::TwoCertificates, 10, 10),
        (Deviation::WrongFinished, 51, 51),
        (Deviation::WrongTranscript, 51, 51),
    ];
    for (deviation, in_1_2, in_1_3) in refusals {
        refused_with(&deviating(Versions::Tls12, deviation), &address, in_1_2);
        refused_with(&deviating(Versions::Tls13, deviation), &address, in_1_3);
    }
    for (deviation, alert) in [
        (Deviation::CertificateExtension, 50),
        (Deviation::FinishedOmittedEarly, 10),
        (Deviation::ServerContext, 51),
    ] {
        refused_with(&deviating(Versions::Tls13, deviation), &address, alert);
    }
}

#[test]
fn what_needs_no_certificate_is_refused_without_one_too() {
    let address = echo(config());
    for (versions, _) in BOTH {
        // An empty list is an honest "none" for a server that does not insist; a proof for nobody is not.
        let (report, answer) = speak(&deviating(versions, Deviation::EmptyCertificate), &address);
        assert!(report.deviated && answer.is_ok());
        refused_with(
            &deviating(versions, Deviation::EmptyCertificateVerified),
            &address,
            10,
        );
        let nobody = RoguePlan {
            deviation: Deviation::CertificateOmitted,
            ..plan(versions, None)
        };
        refused_with(&nobody, &address, 10);
    }
}

#[test]
fn a_certificate_that_nobody_asked_for_is_refused() {
    let asks_nobody = echo(config_with(rustls::server::WebPkiClientVerifier::no_client_auth()));
    for (versions, _) in BOTH {
        let (report, answer) = speak(&plan(versions, Some(&PKI.alice)), &asks_nobody);
        assert!(
            answer.is_ok() && !report.handshake.certificate_requested && !report.handshake.certificate_sent
        );
        refused_with(
            &deviating(versions, Deviation::CertificateUnasked),
            &asks_nobody,
            10,
        );
    }
}

#[test]
fn a_deviation_without_its_occasion_is_not_claimed() {
    let (asks_nobody, strict) = (
        echo(config_with(rustls::server::WebPkiClientVerifier::no_client_auth())),
        echo(strict()),
    );
    for (_, deviation) in DEVIATIONS {
        let needs_request = !matches!(
            deviation,
            Deviation::CertificateUnasked
                | Deviation::FinishedOmitted
                | Deviation::FinishedOmittedEarly
                | Deviation::WrongFinished
        );
        if needs_request {
            let (report, _) = served(&deviating(Versions::Tls13, *deviation), &asks_nobody);
            assert!(!report.deviated, "{deviation:?}");
        }
    }
    for deviation in [
        Deviation::CertificateExtension,
        Deviation::CertificateUnasked,
        Deviation::FinishedOmittedEarly,
        Deviation::ServerContext,
    ] {
        let (report, _) = served(&deviating(Versions::Tls12, deviation), &strict);
        assert!(!report.deviated, "{deviation:?} in TLS 1.2");
    }
}

#[test]
fn a_stolen_proof_is_refused() {
    let address = echo(strict());
    let Presented { chain, signer } = PKI.alice.presented();
    for (versions, _) in BOTH {
        let captured = Arc::new(Capturing::new(signer.clone()));
        let mut honest = plan(versions, None);
        honest.tls.presented = Some(Presented {
            chain: chain.clone(),
            signer: captured.clone(),
        });
        assert!(speak(&honest, &address).1.is_ok());
        let replayed = Arc::new(Replayed {
            owner: signer.clone(),
            signature: captured.last().unwrap(),
        });
        let other_key = Arc::new(WrongKey {
            claimed: signer.schemes(),
            key: Arc::new(KeySigner::fresh().unwrap()),
        });
        let liars: [Arc<dyn crate::tls::sign::Sign>; 2] = [replayed, other_key];
        for signer in liars {
            let mut plan = honest.clone();
            plan.tls.presented = Some(Presented {
                chain: chain.clone(),
                signer,
            });
            assert_eq!(speak(&plan, &address).1, Err(ReadFault::Alert(51)));
        }
    }
}

#[test]
fn the_server_must_be_the_one_that_was_meant() {
    let address = echo(strict());
    for (versions, _) in BOTH {
        let mut other = plan(versions, Some(&PKI.alice));
        other.tls.expect_name = "other.test".to_owned();
        let (report, session) = run(&other, &address);
        assert!(session.is_none() && !report.handshake.certificate_sent);
        assert!(matches!(
            report.handshake.outcome,
            HandshakeOutcome::ServerCertificateRefused(_)
        ));
        other.tls.verify_server = false;
        assert!(run(&other, &address).1.is_some());
    }
}

#[test]
fn what_the_client_cannot_do_is_an_error() {
    let address = echo(strict());
    let fails = |change: fn(&mut RoguePlan)| {
        let mut plan = plan(Versions::Both, None);
        change(&mut plan);
        handshake(&plan, dial(&address), soon()).map(|_| ()).unwrap_err()
    };
    assert_eq!(
        fails(|plan| plan.tls.suites = Some(vec![5])),
        PlanError::UnknownSuite(5)
    );
    assert_eq!(
        fails(|plan| plan.tls.groups = Some(vec![1])),
        PlanError::UnknownGroup(1)
    );
    assert_eq!(fails(|plan| plan.tls.trust = Vec::new()), PlanError::NoTrust);
    for change in [
        (|plan: &mut RoguePlan| plan.tls.early_data = Some(Vec::new())) as fn(&mut RoguePlan),
        |plan| plan.tls.record_size = Some(64),
        |plan| plan.tls.hello_fragment = Some(1),
        |plan| (plan.tls.versions, plan.tls.suites) = (Versions::Tls12, Some(vec![0x1301])),
    ] {
        assert!(matches!(fails(change), PlanError::Unsupported(_)));
    }
}

#[test]
fn hostile_peers_are_outcomes() {
    let run = |bytes: &[u8]| {
        run(&plan(Versions::Both, None), &script(bytes.to_vec()))
            .0
            .handshake
            .outcome
    };
    assert_eq!(run(b""), HandshakeOutcome::Closed);
    assert_eq!(run(b"\x15\x03\x03\0\x02\x02\x46"), HandshakeOutcome::Alert(70));
    assert_eq!(
        run(b"HTTP/1.1 400 Bad\r\n"),
        HandshakeOutcome::NotTls(b"HTTP/1.1 400 Bad\r\n".to_vec())
    );
    for garbage in [
        &b"\x16\x03\x03\xFF\xFF"[..],
        b"\x16\x03\x03\0\x04\x02\0\0\0",
        b"\x16\x03\x03\0\x04\x0B\0\0\0",
        b"\x16\x03\x03\0\x04\x02\xFF\xFF\xFF",
        b"\x14\x03\x03\0\x01\x01",
        b"\x17\x03\x03\0\x01x",
        b"\x15\x03\x03\0\x01\x01",
        &b"\x15\x03\x03\0\x02\x01\x70".repeat(1000),
        &b"\x16\x03\x03\0\0".repeat(1000),
    ] {
        let outcome = run(garbage);
        assert!(
            matches!(outcome, HandshakeOutcome::Garbled(_)),
            "{garbage:?}: {outcome:?}"
        );
    }
    let tls10 = [
        &b"\x16\x03\x01\0\x2A\x02\0\0\x26\x03\x01"[..],
        &[7; 32],
        b"\0\0\x2F\0",
    ]
    .concat();
    assert!(matches!(run(&tls10), HandshakeOutcome::Incompatible(_)));
}

#[test]
fn a_stall_is_a_timeout_and_a_willing_server_keeps_silent() {
    let silent = listen(|socket| {
        std::thread::sleep(Duration::from_secs(1));
        drop(socket);
    });
    let (report, _) = handshake(&plan(Versions::Both, None), dial(&silent), at_once()).unwrap();
    assert_eq!(report.handshake.outcome, HandshakeOutcome::Timeout);
    let (_, session) = run(&plan(Versions::Tls13, Some(&PKI.alice)), &echo(strict()));
    let mut session = session.unwrap();
    assert_eq!(session.short_read(Duration::from_millis(30)), None);
    session.close(soon());
    assert_eq!(session.read(&mut [0; 1], soon()), Received::Eof);
    assert_eq!(session.read_outcome(), Some(&Received::Eof));
}

#[test]
fn a_server_may_cut_its_messages_into_tiny_records() {
    let mut config = strict();
    config.max_fragment_size = Some(32);
    let address = echo(config);
    for (versions, _) in BOTH {
        served(&plan(versions, Some(&PKI.alice)), &address);
    }
}

#[test]
fn no_mutation_of_a_servers_flight_is_believed() {
    let strict = echo(strict());
    for (versions, _) in BOTH {
        let (_, session) = run(&plan(versions, Some(&PKI.alice)), &strict);
        // The hello, and what follows it; our random is another one now, and so are all keys.
        let flight = session.unwrap().record().received.clone();
        let mutations = (0..flight.len()).step_by(23).flat_map(|at| {
            let mut flipped = flight.clone();
            flipped[at] ^= 1 << (at % 8);
            [flipped, flight[..at].to_vec()]
        });
        for bytes in mutations {
            let (report, session) = run(&plan(versions, Some(&PKI.alice)), &script(bytes));
            assert!(session.is_none() && !report.server_finished && !report.handshake.certificate_sent);
        }
    }
}
