//! A connection after its handshake: application bytes, late requests for a certificate, and what nobody asked for.

use std::time::Duration;

use super::RogueClient;
use super::guard::Guard;
use super::link::{ALERT, APPLICATION_DATA, Event, HANDSHAKE, Link, Message, NO_RENEGOTIATION};
use super::message::{
    CERTIFICATE_REQUEST, CertificateRequest, FINISHED, HELLO_REQUEST, KEY_UPDATE, NEW_SESSION_TICKET,
    certificate_verify, certificate12, message,
};
use super::offer::Offer;
use super::plan::{Deviation, PostHandshake, PostHandshakeSeen, Renegotiation, Report, RoguePlan};
use super::progress::Progress;
use super::proof::{self, Answer, flipped};
use super::schedule::{expand_label, finished};
use super::ticket::{Kept, Kept13, RogueTicket};
use super::tls12::{self, Tls12};
use super::tls13::{self, Tls13};
use crate::deadline::Deadline;
use crate::tls::client::{HandshakeOutcome, Presented, Versions};
use crate::transport::{Received, Record, Sent};

/// How many tickets of one connection are kept; servers send two to four.
const TICKET_LIMIT: usize = 8;
/// How many messages that carry no application bytes one session puts up with.
const MESSAGE_LIMIT: usize = 256;
/// How much is written before the kernel gets it: one full record.
const PIECE: usize = 16 * 1024;

/// What the session's version needs.
#[derive(Debug)]
pub(super) enum State {
    Tls12(Tls12),
    Tls13(Tls13),
}

/// A connection whose handshake is done, as far as it was to be done.
#[derive(Debug)]
pub struct RogueSession {
    client: RogueClient,
    link: Link,
    state: State,
    tickets: Vec<RogueTicket>,
    post_handshake: PostHandshakeSeen,
    messages: usize,
}

impl RogueSession {
    pub(super) fn new(client: RogueClient, link: Link, state: State) -> Self {
        let mut session = Self {
            client,
            link,
            state,
            tickets: Vec::new(),
            post_handshake: PostHandshakeSeen::default(),
            messages: 0,
        };
        session.keep12();
        session
    }

    fn keep12(&mut self) {
        if let State::Tls12(state) = &self.state
            && let Some(kept) = state.kept()
            && self.tickets.len() < TICKET_LIMIT
        {
            self.tickets.push(RogueTicket::new(Kept::Tls12(kept)));
        }
    }

    /// Reads application bytes. An alert, an end or garbage is final: every later call repeats it.
    pub fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> Received {
        loop {
            if !self.link.plaintext.is_empty() {
                let count = self.link.plaintext.len().min(buffer.len());
                for (place, byte) in buffer.iter_mut().zip(self.link.plaintext.drain(..count)) {
                    *place = byte;
                }
                return Received::Data(count);
            }
            if let Some(end) = self.pull(deadline) {
                return end;
            }
        }
    }

    /// Waits up to `wait` for what the server says unasked, and takes nothing out; `None` if it keeps silent. See
    /// [`crate::tls::session::TlsSession::short_read`].
    pub fn short_read(&mut self, wait: Duration) -> Option<Received> {
        let deadline = Deadline::after(wait);
        loop {
            if !self.link.plaintext.is_empty() {
                return Some(Received::Data(self.link.plaintext.len()));
            }
            match self.pull(deadline) {
                None => {}
                Some(Received::Timeout) => return None,
                end @ Some(
                    Received::Alert(_)
                    | Received::CloseNotify
                    | Received::Data(_)
                    | Received::Eof
                    | Received::Garbled(_)
                    | Received::Reset,
                ) => return end,
            }
        }
    }

    /// Writes application bytes.
    pub fn write(&mut self, bytes: &[u8], deadline: Deadline) -> Sent {
        let mut written = 0;
        for piece in bytes.chunks(PIECE) {
            match self.link.send(APPLICATION_DATA, piece, deadline) {
                Sent::All => written += piece.len(),
                Sent::Closed { .. } => return Sent::Closed { written },
                Sent::Timeout { .. } => return Sent::Timeout { written },
            }
        }
        Sent::All
    }

    /// Says close_notify and closes our direction. How it went is no news any more.
    pub fn close(&mut self, deadline: Deadline) {
        self.link.send(ALERT, &[1, 0], deadline);
        self.link.finish_writing();
    }

    /// How the reading side ended, if it has.
    #[must_use]
    pub fn read_outcome(&self) -> Option<&Received> {
        self.link.ended()
    }

    /// The sessions received so far, oldest first. TLS 1.3 servers send them after the handshake, so that they are known
    /// only once something was read.
    #[must_use]
    pub fn tickets(&self) -> &[RogueTicket] {
        &self.tickets
    }

    /// The bytes on the wire, encrypted.
    #[must_use]
    pub fn record(&self) -> &Record {
        self.link.record()
    }

    /// What happened to late requests for a certificate, so far.
    #[must_use]
    pub fn post_handshake(&self) -> PostHandshakeSeen {
        self.post_handshake
    }

    /// Renegotiates a TLS 1.2 session as the client, with another certificate or with none.
    ///
    /// `Done` means that the session is now the new one. `Alert(100)` (no_renegotiation) means that the old one goes on;
    /// after any other outcome nothing can be read any more.
    ///
    /// # Errors
    /// There is nothing to renegotiate in TLS 1.3, or no hello can be made; nothing was sent.
    pub fn renegotiate(
        &mut self,
        presented: Option<Presented>,
        how: Renegotiation,
        deadline: Deadline,
    ) -> Result<Report, HandshakeOutcome> {
        let mut report = self.again(presented, Deviation::Honest, how, deadline)?;
        report.deviated = how != Renegotiation::Secure;
        Ok(report)
    }

    fn again(
        &mut self,
        presented: Option<Presented>,
        deviation: Deviation,
        how: Renegotiation,
        deadline: Deadline,
    ) -> Result<Report, HandshakeOutcome> {
        let State::Tls12(state) = &self.state else {
            return Err(HandshakeOutcome::LocalError(
                "TLS 1.3 has no renegotiation".to_owned(),
            ));
        };
        let binding = match how {
            Renegotiation::Legacy => None,
            Renegotiation::Secure => Some(state.client_finished.clone()),
            Renegotiation::WrongBinding => Some(flipped(state.client_finished.clone())),
        };
        let mut plan: RoguePlan = (*self.client.plan).clone();
        plan.tls.presented = presented;
        plan.tls.versions = Versions::Tls12;
        plan.deviation = deviation;
        plan.resume = None;
        let offer =
            Offer::again(&plan, binding).map_err(|error| HandshakeOutcome::LocalError(error.to_string()))?;
        self.link.send(HANDSHAKE, &offer.message, deadline);
        let judge = self.client.judge.as_ref();
        let mut progress = Progress::new(&plan, judge, &offer, &mut self.link, deadline);
        let done = progress
            .server_hello()
            .and_then(|hello| tls12::complete(&mut progress, &hello));
        let mut report = progress.report;
        report.handshake.outcome = match done {
            Ok(state) => {
                self.state = State::Tls12(state);
                self.keep12();
                HandshakeOutcome::Done
            }
            Err(HandshakeOutcome::Alert(NO_RENEGOTIATION)) => HandshakeOutcome::Alert(NO_RENEGOTIATION),
            Err(outcome) => {
                // Nobody knows any more which keys are whose. What ended it already stays the end.
                self.garbled("a renegotiation that was not finished");
                outcome
            }
        };
        Ok(report)
    }

    /// Presents a certificate although the handshake is over and nobody asked: in TLS 1.3 Certificate, CertificateVerify
    /// and Finished as for post-handshake authentication, in TLS 1.2 a bare Certificate.
    ///
    /// # Errors
    /// The signer cannot sign; nothing was sent.
    pub fn present_unasked(
        &mut self,
        presented: &Presented,
        deadline: Deadline,
    ) -> Result<Sent, HandshakeOutcome> {
        let messages = match &self.state {
            State::Tls12(_) => certificate12(&presented.chain),
            State::Tls13(state) => late_flight(state, &[], Some(presented), Deviation::Honest, None)?.0,
        };
        Ok(self.link.send(HANDSHAKE, &messages, deadline))
    }

    /// Takes in one thing. `Some` if it was an end or a timeout.
    fn pull(&mut self, deadline: Deadline) -> Option<Received> {
        match self.link.event(deadline) {
            Ok(Event::Data(data)) => {
                self.link.plaintext.extend(data);
                return None;
            }
            Ok(Event::Message(message)) => self.handle(&message, deadline),
            Ok(Event::Warning(_)) => {}
            Err(end) => return Some(end),
        }
        self.messages += 1;
        if self.messages > MESSAGE_LIMIT {
            return Some(self.garbled("too many messages after the handshake"));
        }
        None
    }

    fn garbled(&mut self, what: &str) -> Received {
        self.link.end(Received::Garbled(what.to_owned()))
    }

    /// A handshake message after the handshake. What is left in TLS 1.2 of a handshake that we cut short needs no answer.
    fn handle(&mut self, message: &Message, deadline: Deadline) {
        let State::Tls13(state) = &mut self.state else {
            if message.kind() == HELLO_REQUEST {
                self.post_handshake.requested += 1;
                self.renegotiate_as_asked(deadline);
            }
            return;
        };
        let understood = match message.kind() {
            NEW_SESSION_TICKET => Kept13::new(message, state.suite, &state.resumption, &state.server_chain)
                .map(|kept| {
                    if self.tickets.len() < TICKET_LIMIT {
                        self.tickets.push(RogueTicket::new(Kept::Tls13(kept)));
                    }
                })
                .is_some(),
            KEY_UPDATE => update(state, &mut self.link, message.body(), deadline),
            CERTIFICATE_REQUEST => {
                self.post_handshake.requested += 1;
                self.answer(message, deadline)
            }
            _ => false,
        };
        if !understood {
            self.garbled("a message that has no place after the handshake");
        }
    }

    /// Answers HelloRequest as the plan says; without a plan, by the silence that declines it.
    fn renegotiate_as_asked(&mut self, deadline: Deadline) {
        let Some(PostHandshake { presented, deviation }) = self.client.plan.post_handshake.clone() else {
            return;
        };
        match self.again(presented, deviation, Renegotiation::Secure, deadline) {
            Ok(report) if report.handshake.certificate_sent || report.deviated => {
                self.post_handshake.answered += 1;
            }
            Ok(_) => {}
            Err(_) => self.post_handshake.failed += 1,
        }
    }

    /// Answers a late request as the plan says.
    fn answer(&mut self, message: &Message, deadline: Deadline) -> bool {
        let (State::Tls13(state), Some(how)) = (&self.state, &self.client.plan.post_handshake) else {
            return false;
        };
        let Some(request) = CertificateRequest::read13(message.body()) else {
            return false;
        };
        let PostHandshake { presented, deviation } = how;
        match late_flight(
            state,
            &message.bytes,
            presented.as_ref(),
            *deviation,
            Some(&request),
        ) {
            Ok((messages, said)) => {
                if self.link.send(HANDSHAKE, &messages, deadline) == Sent::All && said {
                    self.post_handshake.answered += 1;
                }
            }
            Err(_) => self.post_handshake.failed += 1,
        }
        true
    }
}

/// Certificate, CertificateVerify and Finished after the handshake (RFC 8446 section 4.4), and whether they say anything
/// else than an honest "none".
fn late_flight(
    state: &Tls13,
    request_message: &[u8],
    presented: Option<&Presented>,
    deviation: Deviation,
    request: Option<&CertificateRequest>,
) -> Result<(Vec<u8>, bool), HandshakeOutcome> {
    let answer = Answer::new(deviation, true, presented, &[]);
    let context = request.map(|request| request.context.clone()).unwrap_or_default();
    let before = [state.transcript.as_slice(), request_message].concat();
    let mut messages = tls13::certificates(&answer, &context, deviation);
    if answer.verified
        && let Some(presented) = presented
    {
        let content = tls13::verified_content(state.suite, deviation, &before, &messages);
        let scheme = proof::scheme(deviation, presented, request)?;
        let (scheme, signature) = proof::sign(presented, scheme, &content)?;
        messages.extend(certificate_verify(scheme, &signature));
    }
    let content = finished(
        state.suite.hash,
        &state.client,
        &[before.as_slice(), &messages].concat(),
    );
    if !matches!(
        deviation,
        Deviation::FinishedOmitted | Deviation::FinishedOmittedEarly
    ) {
        let wrong = deviation == Deviation::WrongFinished;
        messages.extend(message(FINISHED, &if wrong { flipped(content) } else { content }));
    }
    Ok((messages, answer.presents() || deviation != Deviation::Honest))
}

/// The server's new keys, and ours if it asks for them (RFC 8446 section 4.6.3).
fn update(state: &mut Tls13, link: &mut Link, body: &[u8], deadline: Deadline) -> bool {
    let hash = state.suite.hash;
    let next = |secret: &[u8]| expand_label(hash, secret, "traffic upd", &[], hash.len());
    let ([asked @ (0 | 1)], server) = (body, next(&state.server)) else {
        return false;
    };
    link.reader = Guard::tls13(state.suite, &server);
    state.server = server;
    if *asked == 1 {
        // If it fails, the next read will say why.
        link.send(HANDSHAKE, &message(KEY_UPDATE, &[0]), deadline);
        state.client = next(&state.client);
        link.writer = Guard::tls13(state.suite, &state.client);
    }
    true
}
