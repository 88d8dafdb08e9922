use std::time::{Duration, Instant};

use super::openssl::{FILES, OpensslServer};
use super::openssl_rogue::{STRICT, page, with};
use super::pki::PKI;
use super::rogue::{ask, plan, run, speak};
use super::rogue_sessions::tickets;
use super::server::{dial, soon};
use crate::channel::Channel;
use crate::http1::ReadFault;
use crate::tls::client::{self, HandshakeOutcome, TlsPlan, Versions};
use crate::tls::rogue::{Deviation, PostHandshake, Renegotiation, RogueClient, RoguePlan, RogueSession};
use crate::transport::Received;

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

/// alice over TLS 1.2, by the client of ordinary attempts.
fn honest() -> TlsPlan {
    plan(Versions::Tls12, Some(&PKI.alice)).tls
}

#[test]
#[cfg_attr(no_openssl, ignore = "the openssl program is missing")]
fn a_session_by_id_needs_a_good_parting() {
    let server = OpensslServer::start(&with(&["-no_ticket"]));
    for parted in [true, false] {
        let (handshake, session) = client::handshake(&honest(), dial(&server.address), soon()).unwrap();
        let session = session.unwrap();
        let ticket = session.ticket().unwrap();
        let mut channel = Channel::from(session);
        if parted {
            channel.part(Duration::from_secs(1));
        }
        drop(channel);
        assert!(!handshake.resumed);
        let again = TlsPlan {
            resume: Some(ticket),
            ..honest()
        };
        let (handshake, _) = client::handshake(&again, dial(&server.address), soon()).unwrap();
        assert_eq!(handshake.resumed, parted);
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

/// What the server says after its late request: the awaited alert, or nothing.
fn heard(session: &mut RogueSession, awaited: Option<u8>) -> Option<Received> {
    let until = Instant::now() + Duration::from_secs(10);
    let mut end = None;
    while end.is_none()
        && Instant::now() < until
        && (awaited.is_some() || session.post_handshake().requested == 0)
    {
        end = session.short_read(Duration::from_millis(100));
    }
    end.or_else(|| session.short_read(Duration::from_millis(300)))
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
        assert_eq!(
            heard(&mut session, said),
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
            // Verification is told on another pipe than the data, maybe later; where nobody is named, nothing is awaited.
            assert!(nobody || server.says("CN = rsa-alice"));
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
        assert_eq!(
            heard(&mut session, said),
            said.map(Received::Alert),
            "{deviation:?}"
        );
        let seen = session.post_handshake();
        assert_eq!((seen.requested, seen.answered, seen.failed), (1, 1, 0));
        if said.is_none() {
            session.write(b"after\n", soon());
            assert!(server.says("after") && server.says("CN = rsa-alice"));
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
        // What was early was written before what was late.
        assert!(server.says_times("and late", 3));
        assert_eq!(server.said().matches(EARLY).count(), taken);
    }
}
