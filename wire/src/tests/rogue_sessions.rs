use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustls::server::{NoServerSessionStorage, ServerSessionMemoryCache, StoresServerSessions};

use super::pki::{PKI, SERVER};
use super::rogue::{BOTH, ask, deviating, plan, run, speak};
use super::server::{dial, echo, soon, strict};
use crate::address::Address;
use crate::channel::Channel;
use crate::http1::{Limits, ReadFault, Request, exchange};
use crate::tls::client::{HandshakeOutcome, PlanError, Versions};
use crate::tls::rogue::{Deviation, Renegotiation, RogueClient, RoguePlan, RogueTicket, handshake};
use crate::transport::{Received, Sent};

/// Receives the server's tickets by one exchange.
pub(super) fn tickets(plan: &RoguePlan, address: &Address) -> Vec<RogueTicket> {
    let (_, session) = run(plan, address);
    let mut channel = Channel::from(session.unwrap());
    assert!(ask(&mut channel).is_ok());
    channel.rogue().unwrap().tickets().to_vec()
}

#[test]
fn sessions_resume_as_often_as_one_likes() {
    let address = echo(strict());
    for (versions, version) in BOTH {
        let ticket = tickets(&plan(versions, Some(&PKI.alice)), &address)
            .pop()
            .unwrap();
        assert_eq!(ticket.version(), version);
        let resuming = RoguePlan {
            resume: Some(ticket),
            ..plan(versions, None)
        };
        let (report, answer) = speak(&resuming, &address);
        assert!(
            report.handshake.resumed && answer.is_ok(),
            "{versions:?}: {answer:?}"
        );
        assert!(!report.handshake.certificate_requested && report.server_finished);
        assert_eq!(
            report.handshake.server_chain,
            std::slice::from_ref(&PKI.server.certificate)
        );
        // A TLS 1.3 session is forgotten by this server once it was resumed; the client still offers it.
        let (again, answer) = speak(&resuming, &address);
        match versions {
            Versions::Tls13 => assert_eq!(
                (again.handshake.resumed, answer),
                (false, Err(ReadFault::Alert(116)))
            ),
            Versions::Tls12 | Versions::Both => assert!(again.handshake.resumed && answer.is_ok()),
        }
    }
}

#[test]
fn a_session_that_the_server_forgot_is_not_resumed() {
    let mut config = strict();
    config.session_storage = Arc::new(NoServerSessionStorage {});
    let forgetful = echo(config);
    let address = echo(strict());
    for (versions, _) in BOTH {
        let ticket = tickets(&plan(versions, Some(&PKI.alice)), &address).pop();
        let elsewhere = RoguePlan {
            resume: ticket,
            ..plan(versions, Some(&PKI.alice))
        };
        let (report, answer) = speak(&elsewhere, &forgetful);
        assert!(!report.handshake.resumed && answer.is_ok(), "{versions:?}");
    }
}

/// A store that gives a session out for ever: no protection against replays (RFC 8446 section 8.1).
#[derive(Debug)]
struct NeverForgets(Mutex<Vec<(Vec<u8>, Vec<u8>)>>);

impl StoresServerSessions for NeverForgets {
    fn put(&self, key: Vec<u8>, value: Vec<u8>) -> bool {
        self.0.lock().unwrap().push((key, value));
        true
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let kept = self.0.lock().unwrap();
        kept.iter()
            .find(|(own, _)| own == key)
            .map(|(_, value)| value.clone())
    }

    fn take(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.get(key)
    }

    fn can_cache(&self) -> bool {
        true
    }
}

fn early(storage: Arc<dyn StoresServerSessions>) -> Address {
    let mut config = strict();
    config.max_early_data_size = 1000;
    config.session_storage = storage;
    echo(config)
}

/// One client with early data, ready to be sent again and again.
fn early_client(address: &Address, data: &[u8]) -> RogueClient {
    let ticket = tickets(&plan(Versions::Tls13, Some(&PKI.alice)), address)
        .pop()
        .unwrap();
    assert!(ticket.early_data_limit() > 0);
    RogueClient::new(&RoguePlan {
        resume: Some(ticket),
        early_data: Some(data.to_vec()),
        ..plan(Versions::Tls13, Some(&PKI.alice))
    })
    .unwrap()
}

/// What the server answers to the early data alone.
fn answered_early(client: &RogueClient, address: &Address) -> (bool, Option<Vec<u8>>) {
    let (report, session) = client.handshake(dial(address), soon());
    assert_eq!(report.handshake.first_flight, client.first_flight());
    let accepted = report.handshake.early_data_accepted;
    assert_eq!(accepted, report.handshake.resumed);
    if !accepted {
        return (false, None);
    }
    let reply = exchange(
        &mut session.unwrap().into(),
        "GET",
        b"",
        Duration::from_millis(1),
        Limits::default(),
        soon(),
    );
    (true, Some(reply.reply.unwrap().body))
}

#[test]
fn replayed_early_data_is_byte_for_byte_the_same_and_taken_once() {
    let request = Request::new("POST", "/transfer", SERVER).to_bytes();
    let guarded = early(ServerSessionMemoryCache::new(100));
    let client = early_client(&guarded, &request);
    assert!(client.first_flight().len() > request.len() + 200);
    assert_eq!(
        answered_early(&client, &guarded),
        (true, Some(request.clone())),
        "the first"
    );
    assert_eq!(answered_early(&client, &guarded), (false, None), "the replay");
    assert_eq!(
        answered_early(&client.clone(), &guarded),
        (false, None),
        "a clone's replay"
    );
}

#[test]
fn replayed_early_data_is_taken_again_where_nobody_guards_against_it() {
    let request = Request::new("POST", "/transfer", SERVER).to_bytes();
    let unguarded = early(Arc::new(NeverForgets(Mutex::new(Vec::new()))));
    let client = early_client(&unguarded, &request);
    for _ in 0..3 {
        assert_eq!(answered_early(&client, &unguarded), (true, Some(request.clone())));
    }
}

#[test]
fn early_data_needs_a_ticket_that_allows_it() {
    let address = echo(strict());
    let ticket = tickets(&plan(Versions::Tls13, Some(&PKI.alice)), &address).pop();
    let plan = RoguePlan {
        resume: ticket,
        early_data: Some(b"too early".to_vec()),
        ..plan(Versions::Tls13, None)
    };
    let (report, answer) = speak(&plan, &address);
    assert!(report.handshake.resumed && answer.is_ok());
    assert_eq!(
        (
            report.handshake.early_data_sent,
            report.handshake.early_data_accepted
        ),
        (0, false)
    );
    let mut other_hash = plan;
    other_hash.tls.suites = Some(vec![if report.handshake.suite == Some(0x1302) {
        0x1301
    } else {
        0x1302
    }]);
    assert!(matches!(
        RogueClient::new(&other_hash),
        Err(PlanError::Unsupported(_))
    ));
}

#[test]
fn a_certificate_after_the_handshake_is_refused() {
    let address = echo(strict());
    for (versions, _) in BOTH {
        let (_, session) = run(&plan(versions, Some(&PKI.alice)), &address);
        let mut channel = Channel::from(session.unwrap());
        assert!(ask(&mut channel).is_ok());
        let rogue = channel.rogue_mut().unwrap();
        assert_eq!(
            rogue.present_unasked(&PKI.alice.presented(), soon()),
            Ok(Sent::All)
        );
        assert_eq!(ask(&mut channel), Err(ReadFault::Alert(10)), "{versions:?}");
    }
}

#[test]
fn a_server_that_does_not_renegotiate_keeps_the_session() {
    let address = echo(strict());
    for how in [
        Renegotiation::Secure,
        Renegotiation::Legacy,
        Renegotiation::WrongBinding,
    ] {
        let (report, session) = run(&plan(Versions::Tls12, Some(&PKI.alice)), &address);
        assert!(report.secure_renegotiation);
        let mut channel = Channel::from(session.unwrap());
        let again = channel
            .rogue_mut()
            .unwrap()
            .renegotiate(Some(PKI.stranger.presented()), how, soon())
            .unwrap();
        assert_eq!(again.handshake.outcome, HandshakeOutcome::Alert(100), "{how:?}");
        assert!(ask(&mut channel).is_ok(), "{how:?}");
    }
    let (_, session) = run(&plan(Versions::Tls13, Some(&PKI.alice)), &address);
    let refused = session.unwrap().renegotiate(None, Renegotiation::Secure, soon());
    assert!(matches!(refused, Err(HandshakeOutcome::LocalError(_))));
}

#[test]
fn extended_master_secret_can_be_left_out() {
    let plan = RoguePlan {
        extended_master_secret: false,
        ..plan(Versions::Tls12, Some(&PKI.alice))
    };
    let (report, answer) = speak(&plan, &echo(strict()));
    assert!(answer.is_ok() && !report.extended_master_secret);
    let mut config = strict();
    config.require_ems = true;
    assert_eq!(speak(&plan, &echo(config)).1, Err(ReadFault::Alert(40)));
}

#[test]
fn application_data_before_finished_is_read_by_nobody() {
    let address = echo(strict());
    for (deviation, alert) in [
        (Deviation::FinishedOmitted, 20),
        (Deviation::FinishedOmittedEarly, 10),
    ] {
        let (report, session) =
            handshake(&deviating(Versions::Tls13, deviation), dial(&address), soon()).unwrap();
        assert!(report.deviated && report.server_finished);
        let mut session = session.unwrap();
        assert_eq!(
            session.short_read(Duration::from_millis(30)),
            None,
            "the server waits for it"
        );
        session.write(b"GET / HTTP/1.1\r\n\r\n", soon());
        assert_eq!(session.read(&mut [0; 10], soon()), Received::Alert(alert));
    }
}
