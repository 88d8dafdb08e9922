use super::pki::PKI;
use super::server::{config, echo, soon};
use super::tls::{WAIT, handshake_again, plan, run};
use crate::address::Address;
use crate::channel::Channel;
use crate::http1::{Limits, exchange};
use crate::tls::client::{HandshakeOutcome, PlanError, TlsPlan, Versions};
use crate::tls::ticket::Ticket;
use crate::transport::{Received, Sent};

/// Receives the server's tickets by one exchange.
fn tickets(plan: &TlsPlan, address: &Address) -> Vec<Ticket> {
    let (handshake, session) = run(plan, address);
    assert_eq!(handshake.outcome, HandshakeOutcome::Done);
    let mut session = session.unwrap();
    assert_eq!(session.write(b"hello", soon()), Sent::All);
    assert!(matches!(session.read(&mut [0; 100], soon()), Received::Data(_)));
    session.tickets()
}

#[test]
fn sessions_resume_under_another_plan() {
    let address = echo(config());
    for versions in [Versions::Tls12, Versions::Tls13] {
        let ticket = tickets(&plan(versions, Some(&PKI.alice)), &address)
            .pop()
            .unwrap();
        let resuming = TlsPlan {
            resume: Some(ticket),
            ..plan(versions, None)
        };
        let (handshake, session) = run(&resuming, &address);
        assert!(
            handshake.resumed && session.is_some(),
            "{versions:?}: {:?}",
            handshake.outcome
        );
        assert!(!handshake.certificate_requested);
        assert_eq!(
            handshake.server_chain,
            std::slice::from_ref(&PKI.server.certificate)
        );
        let again = handshake_again(&resuming, &address);
        match versions {
            Versions::Tls13 => assert_eq!(again, Err(PlanError::TicketUsed)),
            Versions::Tls12 | Versions::Both => assert_eq!(again, Ok(true)),
        }
    }
}

#[test]
fn a_ticket_can_be_carried_to_another_name() {
    let address = echo(config());
    for versions in [Versions::Tls12, Versions::Tls13] {
        let ticket = tickets(&plan(versions, Some(&PKI.alice)), &address)
            .pop()
            .unwrap();
        let elsewhere = TlsPlan {
            resume: Some(ticket),
            server_name: Some("b.test".to_owned()),
            ..plan(versions, None)
        };
        let (handshake, _) = run(&elsewhere, &address);
        // A PSK (RFC 8446 section 4.2.11) or a session id makes the hello longer; this server declines it.
        let without = run(
            &TlsPlan {
                resume: None,
                ..elsewhere
            },
            &address,
        )
        .0;
        assert!(handshake.first_flight.len() >= without.first_flight.len() + 32);
        assert!(!handshake.resumed && handshake.outcome == HandshakeOutcome::Done);
    }
}

#[test]
fn early_data_is_sent_with_a_ticket_that_allows_it() {
    let mut config = config();
    config.max_early_data_size = 1000;
    let address = echo(config);
    let ticket = tickets(&plan(Versions::Tls13, Some(&PKI.alice)), &address)
        .pop()
        .unwrap();
    assert_eq!(ticket.early_data_limit(), 1000);
    let early = TlsPlan {
        resume: Some(ticket),
        early_data: Some(b"early bird".to_vec()),
        ..plan(Versions::Tls13, Some(&PKI.alice))
    };
    let (handshake, session) = run(&early, &address);
    assert!(handshake.early_data_accepted && handshake.resumed);
    assert_eq!(handshake.early_data_sent, 10);
    assert!(
        handshake.first_flight.len() > 200,
        "the flight holds the hello and the early data"
    );
    let mut session = session.unwrap();
    session.write(b" and late", soon());
    let mut channel = Channel::from(session);
    let exchange = exchange(&mut channel, "GET", b"", WAIT, Limits::default(), soon());
    assert!(exchange.reply.unwrap().body.starts_with(b"early bird"));
}
