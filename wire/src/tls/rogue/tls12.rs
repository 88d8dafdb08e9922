//! The TLS 1.2 handshake after ServerHello (RFC 5246 section 7.3): full, resumed, and once more on a live session.

use aws_lc_rs::rand;

use super::guard::Guard;
use super::link::{CHANGE_CIPHER_SPEC, Message};
use super::message::{
    CERTIFICATE, CERTIFICATE_REQUEST, CERTIFICATE_STATUS, CLIENT_KEY_EXCHANGE, CertificateRequest,
    EXTENDED_MASTER_SECRET, FINISHED, HELLO_REQUEST, KeyExchange, NEW_SESSION_TICKET, RENEGOTIATION_INFO,
    SERVER_HELLO_DONE, SERVER_KEY_EXCHANGE, ServerHello, certificate_verify, certificate12, extension,
    message, read_certificate12,
};
use super::plan::Deviation;
use super::progress::Progress;
use super::proof::flipped;
use super::schedule::prf;
use super::server;
use super::suite::{Exchange, Share, Suite};
use super::ticket::{Kept, Kept12, ticket12};
use crate::tls::client::HandshakeOutcome;
use crate::tls::encoding::{vector8, vector16};

/// The length of a master secret and of a premaster secret.
const SECRET: usize = 48;
/// The length of Finished.
const VERIFY_DATA: usize = 12;

/// What a TLS 1.2 session needs after its handshake.
#[derive(Debug)]
pub(super) struct Tls12 {
    suite: Suite,
    master: Vec<u8>,
    session_id: Vec<u8>,
    extended_master_secret: bool,
    server_chain: Vec<Vec<u8>>,
    /// The client's Finished, which binds a renegotiation to this handshake.
    pub(super) client_finished: Vec<u8>,
    /// The ticket that came with the handshake.
    pub(super) ticket: Option<Vec<u8>>,
}

impl Tls12 {
    /// The session to resume: by the ticket, or by the id if there is none. `None` if the server gave neither.
    pub(super) fn kept(&self) -> Option<Kept12> {
        let ticket = self.ticket.clone().unwrap_or_default();
        if ticket.is_empty() && self.session_id.is_empty() {
            return None;
        }
        Some(Kept12 {
            session_id: self.session_id.clone(),
            ticket,
            master: self.master.clone(),
            suite: self.suite,
            extended_master_secret: self.extended_master_secret,
            server_chain: self.server_chain.clone(),
        })
    }
}

/// The server's first flight.
#[derive(Default)]
struct Flight {
    chain: Vec<Vec<u8>>,
    /// Group and point of an ephemeral exchange.
    key_exchange: Option<(u16, Vec<u8>)>,
    request: Option<CertificateRequest>,
}

/// Completes the handshake, or does to it what the plan says.
pub(super) fn complete(progress: &mut Progress<'_>, hello: &ServerHello) -> Result<Tls12, HandshakeOutcome> {
    let suite = progress.suite(hello)?;
    progress.report.extended_master_secret = extension(&hello.extensions, EXTENDED_MASTER_SECRET).is_some();
    progress.report.secure_renegotiation = extension(&hello.extensions, RENEGOTIATION_INFO).is_some();
    match progress.plan.resume.as_ref().map(|ticket| &*ticket.0) {
        Some(Kept::Tls12(kept))
            if !progress.offer.session_id.is_empty() && hello.session_id == progress.offer.session_id =>
        {
            resumed(progress, hello, suite, kept)
        }
        Some(Kept::Tls12(_) | Kept::Tls13(_)) | None => full(progress, hello, suite),
    }
}

fn full(progress: &mut Progress<'_>, hello: &ServerHello, suite: Suite) -> Result<Tls12, HandshakeOutcome> {
    let flight = server_flight(progress, hello, suite)?;
    let deviation = progress.plan.deviation;
    let answer = progress.answer(flight.request.is_some());
    let before = progress.transcript.clone();
    let certificates: Vec<u8> = answer
        .certificates
        .iter()
        .flat_map(|chain| certificate12(chain))
        .collect();
    let (premaster, exchange) = key_exchange(progress, suite, &flight)?;
    let mut messages = [certificates.as_slice(), &exchange].concat();
    let session = [before.as_slice(), &messages].concat();
    let master = if progress.report.extended_master_secret {
        // RFC 7627 section 4: over the messages up to ClientKeyExchange.
        let hash = suite.hash.of(&session);
        prf(suite.hash, &premaster, "extended master secret", &hash, SECRET)
    } else {
        let seed = [&progress.offer.random[..], &hello.random].concat();
        prf(suite.hash, &premaster, "master secret", &seed, SECRET)
    };
    if answer.verified {
        let wrong = deviation == Deviation::WrongTranscript;
        let covered = if wrong { &before } else { &session };
        let (scheme, signature) = progress.prove(flight.request.as_ref(), covered)?;
        progress.note_verify(deviation, scheme, flight.request.as_ref());
        messages.extend(certificate_verify(scheme, &signature));
    }
    progress.send_messages(&messages);
    let writer = keys(progress, hello, suite, &master)?;
    let client_finished = finish(progress, suite, &master, writer);
    let mut state = Tls12 {
        suite,
        master,
        session_id: hello.session_id.clone(),
        extended_master_secret: progress.report.extended_master_secret,
        server_chain: flight.chain,
        client_finished,
        ticket: None,
    };
    if deviation != Deviation::FinishedOmitted {
        server_finished(progress, &mut state)?;
    }
    Ok(state)
}

fn resumed(
    progress: &mut Progress<'_>,
    hello: &ServerHello,
    suite: Suite,
    kept: &Kept12,
) -> Result<Tls12, HandshakeOutcome> {
    if suite != kept.suite || progress.report.extended_master_secret != kept.extended_master_secret {
        return Err(progress.garbled("a session resumed under other parameters"));
    }
    progress.report.handshake.resumed = true;
    progress
        .report
        .handshake
        .server_chain
        .clone_from(&kept.server_chain);
    let writer = keys(progress, hello, suite, &kept.master)?;
    let mut state = Tls12 {
        suite,
        master: kept.master.clone(),
        session_id: kept.session_id.clone(),
        extended_master_secret: kept.extended_master_secret,
        server_chain: kept.server_chain.clone(),
        client_finished: Vec::new(),
        ticket: None,
    };
    server_finished(progress, &mut state)?;
    if state.ticket.is_none() && !kept.ticket.is_empty() {
        state.ticket = Some(kept.ticket.clone());
    }
    state.client_finished = finish(progress, suite, &kept.master, writer);
    Ok(state)
}

/// Reads up to ServerHelloDone and checks whose it is.
fn server_flight(
    progress: &mut Progress<'_>,
    hello: &ServerHello,
    suite: Suite,
) -> Result<Flight, HandshakeOutcome> {
    let mut flight = Flight::default();
    loop {
        let message = progress.receive()?;
        match message.kind() {
            // RFC 5246 section 7.4.1.1: may come at any time and means nothing during a handshake.
            HELLO_REQUEST => continue,
            CERTIFICATE if flight.chain.is_empty() => {
                flight.chain = read_certificate12(message.body())
                    .ok_or_else(|| progress.garbled("malformed Certificate"))?;
                progress.report.handshake.server_chain.clone_from(&flight.chain);
                server::check_chain(progress.judge, &flight.chain)?;
            }
            CERTIFICATE_STATUS if !flight.chain.is_empty() => {}
            SERVER_KEY_EXCHANGE if suite.exchange == Exchange::Ecdhe && flight.key_exchange.is_none() => {
                flight.key_exchange = Some(check_key_exchange(progress, hello, &flight.chain, &message)?);
            }
            CERTIFICATE_REQUEST if flight.request.is_none() => {
                let request = CertificateRequest::read12(message.body())
                    .ok_or_else(|| progress.garbled("malformed CertificateRequest"))?;
                progress.note_request(&request);
                flight.request = Some(request);
            }
            SERVER_HELLO_DONE if !flight.chain.is_empty() => {
                progress.note(&message);
                return Ok(flight);
            }
            other => return Err(progress.unexpected(other)),
        }
        progress.note(&message);
    }
}

/// Group and point of the server's half, if its key has signed them (RFC 8422 section 5.4).
fn check_key_exchange(
    progress: &mut Progress<'_>,
    hello: &ServerHello,
    chain: &[Vec<u8>],
    message: &Message,
) -> Result<(u16, Vec<u8>), HandshakeOutcome> {
    let theirs =
        KeyExchange::read(message.body()).ok_or_else(|| progress.garbled("malformed ServerKeyExchange"))?;
    let signed = [&progress.offer.random[..], &hello.random, theirs.parameters].concat();
    server::check_signature(progress.judge, chain, theirs.scheme, &signed, theirs.signature)?;
    progress.report.handshake.group = Some(theirs.group);
    Ok((theirs.group, theirs.point.to_vec()))
}

/// The premaster secret, and the ClientKeyExchange that tells it to the server.
fn key_exchange(
    progress: &mut Progress<'_>,
    suite: Suite,
    flight: &Flight,
) -> Result<(Vec<u8>, Vec<u8>), HandshakeOutcome> {
    if suite.exchange == Exchange::Rsa {
        let mut premaster = vec![3; SECRET];
        // The version that the hello offered as its highest (RFC 5246 section 7.4.7.1), then randomness.
        let (_, random) = premaster.split_at_mut(2);
        let encrypted = rand::fill(random)
            .ok()
            .and_then(|()| server::encrypt(&flight.chain, &premaster))
            .ok_or_else(|| progress.garbled("static RSA without an RSA key"))?;
        return Ok((premaster, message(CLIENT_KEY_EXCHANGE, &vector16(&encrypted))));
    }
    let Some((group, point)) = &flight.key_exchange else {
        return Err(progress.garbled("no ServerKeyExchange"));
    };
    let share = Share::fresh(*group).ok_or_else(|| progress.garbled("a group that was not offered"))?;
    let premaster = share
        .agree(point)
        .ok_or_else(|| progress.garbled("a point that is not of the group"))?;
    Ok((premaster, message(CLIENT_KEY_EXCHANGE, &vector8(&share.public))))
}

/// Makes the keys: the server's wait for its ChangeCipherSpec, ours are returned to wait for our own.
fn keys(
    progress: &mut Progress<'_>,
    hello: &ServerHello,
    suite: Suite,
    master: &[u8],
) -> Result<Guard, HandshakeOutcome> {
    let seed = [&hello.random[..], &progress.offer.random].concat();
    let length = Guard::key_block_length(suite);
    let block = prf(suite.hash, master, "key expansion", &seed, length);
    let (writer, reader) =
        Guard::tls12(suite, &block).ok_or_else(|| progress.garbled("a suite without keys"))?;
    progress.link.pending = Some(reader);
    Ok(writer)
}

/// Sends ChangeCipherSpec and Finished, as far as the plan lets them be; returns what an honest Finished says.
fn finish(progress: &mut Progress<'_>, suite: Suite, master: &[u8], writer: Guard) -> Vec<u8> {
    let deviation = progress.plan.deviation;
    let hash = suite.hash.of(&progress.transcript);
    let content = prf(suite.hash, master, "client finished", &hash, VERIFY_DATA);
    progress.send(CHANGE_CIPHER_SPEC, &[1]);
    progress.link.writer = Some(writer);
    let (omitted, wrong) = (
        deviation == Deviation::FinishedOmitted,
        deviation == Deviation::WrongFinished,
    );
    progress.report.deviated |= omitted || wrong;
    if !omitted {
        let sent = if wrong {
            flipped(content.clone())
        } else {
            content.clone()
        };
        progress.send_messages(&message(FINISHED, &sent));
    }
    content
}

/// Reads NewSessionTicket, if it comes, and the server's Finished, and checks the latter.
fn server_finished(progress: &mut Progress<'_>, state: &mut Tls12) -> Result<(), HandshakeOutcome> {
    loop {
        let message = progress.receive()?;
        match message.kind() {
            NEW_SESSION_TICKET if state.ticket.is_none() => {
                state.ticket =
                    Some(ticket12(&message).ok_or_else(|| progress.garbled("malformed NewSessionTicket"))?);
                progress.note(&message);
            }
            // While the keys are still pending, the server has not changed to them: its Finished is not protected.
            FINISHED if progress.link.pending.is_none() => {
                let hash = state.suite.hash.of(&progress.transcript);
                let expected = prf(
                    state.suite.hash,
                    &state.master,
                    "server finished",
                    &hash,
                    VERIFY_DATA,
                );
                if message.body() != expected {
                    return Err(progress.garbled("the server's Finished is wrong"));
                }
                progress.report.server_finished = true;
                progress.note(&message);
                return Ok(());
            }
            other => return Err(progress.unexpected(other)),
        }
    }
}
