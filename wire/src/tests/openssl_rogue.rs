use std::time::Duration;

use super::openssl::{FILES, OpensslServer, with_sha1};
use super::pki::PKI;
use super::rogue::{BOTH, ask, deviating, plan, refused_with, run, speak};
use super::rogue_sessions::tickets;
use super::server::{dial, soon};
use crate::channel::Channel;
use crate::http1::ReadFault;
use crate::tls::client::{HandshakeOutcome, Presented, Versions};
use crate::tls::rogue::{Deviation, PostHandshake, Renegotiation, RogueClient, RoguePlan};
use crate::transport::Received;

const STRICT: [&str; 4] = ["-www", "-Verify", "5", "-verify_return_error"];

fn with(more: &[&'static str]) -> Vec<&'static str> {
    [&STRICT[..], more].concat()
}

/// The status page that `-www` answers with.
fn page(answer: Result<Vec<u8>, ReadFault>) -> String {
    String::from_utf8(answer.unwrap()).unwrap()
}

fn presenting(versions: Versions, presented: Presented) -> RoguePlan {
    let mut plan = plan(versions, None);
    plan.tls.presented = Some(presented);
    plan
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn an_honest_rogue_is_served() {
    let server = OpensslServer::start(&STRICT);
    for (versions, version) in BOTH {
        for presented in [PKI.alice.presented(), FILES.rsa_alice.presented()] {
            let rsa = presented.chain[0] == FILES.rsa_alice.certificate;
            let (report, answer) = speak(&presenting(versions, presented), &server.address);
            let page = page(answer);
            assert_eq!(report.handshake.version, Some(version));
            assert!(report.handshake.certificate_requested && report.handshake.certificate_sent);
            assert!(report.server_finished && !report.deviated);
            let name = if rsa {
                "Subject: CN=rsa-alice"
            } else {
                "Subject: CN=alice"
            };
            assert!(
                page.contains(name) && page.contains("Verify return code: 0 (ok)"),
                "{page}"
            );
        }
        assert_eq!(
            speak(&plan(versions, Some(&PKI.stranger)), &server.address).1,
            Err(ReadFault::Alert(48))
        );
    }
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn every_deviation_is_refused() {
    let server = OpensslServer::start(&STRICT);
    for (deviation, in_1_2, in_1_3) in [
        (Deviation::CertificateOmitted, 10, 10),
        (Deviation::CertificateVerifyOmitted, 10, 10),
        // handshake_failure in TLS 1.2, which has no certificate_required.
        (Deviation::EmptyCertificate, 40, 116),
        (Deviation::EmptyCertificateVerified, 40, 116),
        (Deviation::FinishedOmitted, 10, 20),
        (Deviation::TwoCertificates, 10, 10),
        (Deviation::WrongFinished, 51, 51),
        (Deviation::WrongTranscript, 51, 51),
    ] {
        refused_with(&deviating(Versions::Tls12, deviation), &server.address, in_1_2);
        refused_with(&deviating(Versions::Tls13, deviation), &server.address, in_1_3);
    }
    refused_with(
        &deviating(Versions::Tls13, Deviation::FinishedOmittedEarly),
        &server.address,
        10,
    );
    refused_with(
        &deviating(Versions::Tls13, Deviation::ServerContext),
        &server.address,
        51,
    );
    let asks_nobody = OpensslServer::start(&["-www"]);
    for (versions, _) in BOTH {
        refused_with(
            &deviating(versions, Deviation::CertificateUnasked),
            &asks_nobody.address,
            10,
        );
    }
}

/// OpenSSL takes a certificate transparency list from a client that it did not ask; RFC 8446 section 4.4.2 forbids it.
#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn an_unasked_extension_of_a_certificate_is_wrongly_accepted() {
    let server = OpensslServer::start(&STRICT);
    let (report, answer) = speak(
        &deviating(Versions::Tls13, Deviation::CertificateExtension),
        &server.address,
    );
    assert!(report.deviated && page(answer).contains("Subject: CN=alice"));
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn sha_1_and_pkcs_1_signatures_are_refused_and_true() {
    let strict = OpensslServer::start(&STRICT);
    let lax = OpensslServer::start(&with(&[
        "-cipher",
        "DEFAULT@SECLEVEL=0",
        "-client_sigalgs",
        "ECDSA+SHA1:RSA+SHA1:RSA+SHA256",
    ]));
    let ecdsa = with_sha1(&PKI.alice, "alice");
    let rsa = with_sha1(&FILES.rsa_alice, "rsa-alice");
    for (scheme, presented) in [(0x0203, &ecdsa), (0x0201, &rsa)] {
        let plan = |versions| RoguePlan {
            deviation: Deviation::Scheme(scheme),
            ..presenting(versions, presented.clone())
        };
        refused_with(&plan(Versions::Tls12), &strict.address, 40);
        refused_with(&plan(Versions::Tls13), &strict.address, 47);
        // Where SHA-1 is allowed the signature is found to be right: it is the scheme that was refused above.
        let (report, answer) = speak(&plan(Versions::Tls12), &lax.address);
        assert!(report.deviated && report.verify_scheme == Some(scheme));
        assert!(page(answer).contains("Peer signing digest: SHA1"));
    }
    let pkcs1 = |versions| RoguePlan {
        deviation: Deviation::Scheme(0x0401),
        ..presenting(versions, rsa.clone())
    };
    refused_with(&pkcs1(Versions::Tls13), &strict.address, 47);
    let (report, answer) = speak(&pkcs1(Versions::Tls12), &strict.address);
    assert!(!report.deviated && page(answer).contains("Peer signature type: RSA"));
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn static_rsa_is_carried_to_the_end() {
    let server = OpensslServer::start_as(
        "rsa-server",
        &with(&[
            "-cipher",
            "AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA:AES256-SHA:ECDHE-RSA-AES128-GCM-SHA256:\
             ECDHE-RSA-AES256-GCM-SHA384",
        ]),
    );
    for (suite, name) in [
        (0x009C, "Cipher is AES128-GCM-SHA256"),
        (0x009D, "Cipher is AES256-GCM-SHA384"),
        (0x002F, "Cipher is AES128-SHA"),
        (0x0035, "Cipher is AES256-SHA"),
        (0xC02F, "Cipher is ECDHE-RSA-AES128-GCM-SHA256"),
        (0xC030, "Cipher is ECDHE-RSA-AES256-GCM-SHA384"),
    ] {
        for extended_master_secret in [true, false] {
            let mut plan = plan(Versions::Tls12, Some(&PKI.alice));
            plan.tls.suites = Some(vec![suite]);
            plan.extended_master_secret = extended_master_secret;
            let (report, answer) = speak(&plan, &server.address);
            let page = page(answer);
            assert_eq!(report.handshake.suite, Some(suite));
            assert_eq!(report.extended_master_secret, extended_master_secret);
            assert!(
                page.contains(name) && page.contains("Subject: CN=alice"),
                "{page}"
            );
            let said = if extended_master_secret { "yes" } else { "no" };
            assert!(
                page.contains(&format!("Extended master secret: {said}")),
                "{page}"
            );
        }
    }
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn sessions_resume_by_id_by_ticket_and_by_psk() {
    let (by_id, by_ticket) = (
        OpensslServer::start(&with(&["-no_ticket"])),
        OpensslServer::start(&STRICT),
    );
    for (server, versions, is_by_id) in [
        (&by_id, Versions::Tls12, true),
        (&by_ticket, Versions::Tls12, false),
        (&by_ticket, Versions::Tls13, false),
    ] {
        let ticket = tickets(&plan(versions, Some(&PKI.alice)), &server.address)
            .pop()
            .unwrap();
        assert_eq!(ticket.is_by_id(), is_by_id);
        let resuming = RoguePlan {
            resume: Some(ticket),
            ..plan(versions, None)
        };
        for _ in 0..2 {
            let (report, answer) = speak(&resuming, &server.address);
            assert!(
                report.handshake.resumed && !report.handshake.certificate_requested,
                "{versions:?}"
            );
            assert!(page(answer).contains("Reused, TLSv1."), "{versions:?}");
        }
    }
}

/// Renegotiates alice's session with another certificate; what came of it, and what is answered afterwards.
fn renegotiate(
    server: &OpensslServer,
    secure: bool,
    how: Renegotiation,
) -> (HandshakeOutcome, Result<Vec<u8>, ReadFault>) {
    let first = RoguePlan {
        secure_renegotiation: secure,
        ..plan(Versions::Tls12, Some(&PKI.alice))
    };
    let (report, session) = run(&first, &server.address);
    assert_eq!(report.secure_renegotiation, secure);
    let mut channel = Channel::from(session.unwrap());
    let again = channel
        .rogue_mut()
        .unwrap()
        .renegotiate(Some(FILES.rsa_alice.presented()), how, soon())
        .unwrap();
    assert_eq!(again.deviated, how != Renegotiation::Secure);
    (again.handshake.outcome, ask(&mut channel))
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn renegotiation_is_carried_to_the_end_where_it_is_allowed() {
    let open = OpensslServer::start(&with(&["-client_renegotiation"]));
    let legacy = OpensslServer::start(&with(&["-client_renegotiation", "-legacy_renegotiation"]));
    for (server, secure, how) in [
        (&open, true, Renegotiation::Secure),
        (&legacy, false, Renegotiation::Legacy),
    ] {
        let (outcome, answer) = renegotiate(server, secure, how);
        assert_eq!(outcome, HandshakeOutcome::Done, "{how:?}");
        // The program asks once a connection (SSL_VERIFY_CLIENT_ONCE), so that the new session is nobody's.
        assert!(
            page(answer).contains("no client certificate available"),
            "{how:?}"
        );
    }
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn renegotiation_is_refused_where_it_is_not_allowed_or_not_bound() {
    let closed = OpensslServer::start(&STRICT);
    let open = OpensslServer::start(&with(&["-client_renegotiation"]));
    for how in [Renegotiation::Legacy, Renegotiation::WrongBinding] {
        let (outcome, answer) = renegotiate(&open, true, how);
        assert_eq!(outcome, HandshakeOutcome::Alert(40), "{how:?}");
        assert_eq!(answer, Err(ReadFault::Alert(40)), "{how:?}");
    }
    for (server, secure, how) in [
        (&closed, true, Renegotiation::Secure),
        (&open, false, Renegotiation::Legacy),
    ] {
        let (outcome, answer) = renegotiate(server, secure, how);
        assert_eq!(outcome, HandshakeOutcome::Alert(100), "{how:?}");
        // The old session goes on, and with it the old identity.
        assert!(page(answer).contains("Subject: CN=alice"), "{how:?}");
    }
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn a_late_request_for_a_certificate_is_answered_as_planned() {
    let other = || Some(FILES.rsa_alice.presented());
    for (deviation, presented, said) in [
        (Deviation::Honest, other(), None),
        (Deviation::Honest, Some(PKI.stranger.presented()), Some(48)),
        // The program's late request does not insist.
        (Deviation::Honest, None, None),
        (Deviation::CertificateVerifyOmitted, other(), Some(10)),
        (Deviation::WrongFinished, other(), Some(51)),
        (Deviation::WrongTranscript, other(), Some(51)),
    ] {
        let nobody = presented.is_none();
        let mut server = OpensslServer::start(&["-Verify", "5", "-verify_return_error"]);
        let plan = RoguePlan {
            post_handshake: Some(PostHandshake { presented, deviation }),
            ..plan(Versions::Tls13, Some(&PKI.alice))
        };
        let (_, session) = run(&plan, &server.address);
        let mut session = session.unwrap();
        session.write(b"before\n", soon());
        assert!(server.says("before") && !server.said().contains("rsa-alice"));
        server.command("c\n");
        let wait = Duration::from_millis(if said.is_some() { 5000 } else { 500 });
        assert_eq!(
            session.short_read(wait),
            said.map(Received::Alert),
            "{deviation:?}"
        );
        let seen = session.post_handshake();
        assert_eq!(
            (seen.requested, seen.answered, seen.failed),
            (1, usize::from(!nobody), 0)
        );
        if said.is_none() {
            session.write(b"after\n", soon());
            assert!(server.says("after"));
            assert_eq!(server.said().contains("CN = rsa-alice"), !nobody);
        }
    }
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn a_renegotiation_that_the_server_asks_for_is_answered_as_planned() {
    let other = || Some(FILES.rsa_alice.presented());
    for (deviation, presented, said) in [
        (Deviation::Honest, other(), None),
        (Deviation::Honest, Some(PKI.stranger.presented()), Some(48)),
        (Deviation::CertificateVerifyOmitted, other(), Some(10)),
        (Deviation::TwoCertificates, other(), Some(10)),
        (Deviation::WrongFinished, other(), Some(51)),
        (Deviation::WrongTranscript, other(), Some(51)),
    ] {
        // It asks for a certificate in the renegotiation and not before.
        let mut server = OpensslServer::start(&["-verify_return_error"]);
        let plan = RoguePlan {
            post_handshake: Some(PostHandshake { presented, deviation }),
            ..plan(Versions::Tls12, Some(&PKI.alice))
        };
        let (report, session) = run(&plan, &server.address);
        assert!(!report.handshake.certificate_requested);
        let mut session = session.unwrap();
        session.write(b"before\n", soon());
        assert!(server.says("before") && !server.said().contains("rsa-alice"));
        server.command("R\n");
        let wait = Duration::from_millis(if said.is_some() { 5000 } else { 1000 });
        assert_eq!(
            session.short_read(wait),
            said.map(Received::Alert),
            "{deviation:?}"
        );
        let seen = session.post_handshake();
        assert_eq!((seen.requested, seen.answered, seen.failed), (1, 1, 0));
        if said.is_none() {
            session.write(b"after\n", soon());
            assert!(server.says("after") && server.said().contains("CN = rsa-alice"));
        }
    }
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn early_data_is_replayed_byte_for_byte() {
    const EARLY: &str = "transfer all of it";
    for (arguments, taken) in [
        (&["-early_data", "-Verify", "5", "-verify_return_error"][..], 1),
        (
            &[
                "-early_data",
                "-no_anti_replay",
                "-Verify",
                "5",
                "-verify_return_error",
            ],
            3,
        ),
    ] {
        let server = OpensslServer::start(arguments);
        let (_, session) = run(&plan(Versions::Tls13, Some(&PKI.alice)), &server.address);
        let mut session = session.unwrap();
        assert_eq!(session.short_read(Duration::from_millis(300)), None);
        let ticket = session.tickets().last().cloned().unwrap();
        // The program serves one connection at a time.
        session.close(soon());
        drop(session);
        let client = RogueClient::new(&RoguePlan {
            resume: Some(ticket),
            early_data: Some(EARLY.into()),
            ..plan(Versions::Tls13, Some(&PKI.alice))
        })
        .unwrap();
        let accepted = (0..3)
            .filter(|_| {
                let (report, session) = client.handshake(dial(&server.address), soon());
                assert_eq!(report.handshake.early_data_sent, EARLY.len());
                let mut session = session.unwrap();
                session.write(b"and late\n", soon());
                session.close(soon());
                assert!(matches!(
                    session.read(&mut [0; 1], soon()),
                    Received::Eof | Received::CloseNotify
                ));
                report.handshake.early_data_accepted
            })
            .count();
        assert_eq!(accepted, taken);
        assert_eq!(server.said().matches(EARLY).count(), taken, "{}", server.said());
        assert_eq!(server.said().matches("and late").count(), 3);
    }
}
