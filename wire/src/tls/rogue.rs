//! The rogue client: a TLS 1.2 and 1.3 client of our own that can send a wrong handshake, on the crypto library's primitives.
//!
//! [`crate::tls::client`] does what rustls can be brought to do, and that ends where the state machine begins: rustls never
//! leaves a message out, sends one unasked, or renegotiates. This client does, in exactly one way a plan
//! ([`Deviation`]), and finishes an honest handshake otherwise, which is its control. It need be neither fast nor general:
//! no HelloRetryRequest, no finite-field groups, no early data without the session that allows it.
//!
//! ```text
//! plan ─offer→ ClientHello ─┬─ tls13 ─┬→ RogueSession ─→ Channel
//!                           └─ tls12 ─┘      └─ renegotiate, present unasked, answer a late request
//! ```
//!
//! A server that misbehaves is an outcome, as everywhere in this crate. Its chain, signature and Finished are checked.
//! Next: [`crate::channel`].

mod suite;

mod schedule;

mod guard;

pub(super) mod link;

pub(super) mod message;

mod server;

mod ticket;

mod plan;

mod proof;

mod offer;

mod progress;

mod tls13;

mod tls12;

mod session;

pub mod lenient;

#[cfg(test)]
pub(crate) mod careless;

pub use plan::{DEVIATIONS, Deviation, PostHandshake, PostHandshakeSeen, Renegotiation, Report, RoguePlan};
pub use session::RogueSession;
pub use ticket::RogueTicket;

use std::sync::Arc;

use link::Link;
use offer::Offer;
use progress::Progress;
use session::State;

use super::client::{self, HandshakeOutcome, Judge, PlanError};
use crate::deadline::Deadline;
use crate::transport::Stream;

/// A plan that was checked, and its ClientHello.
///
/// A clone sends the very same bytes, early data included: hand one clone to each connection of a replay.
#[derive(Clone, Debug)]
pub struct RogueClient {
    plan: Arc<RoguePlan>,
    judge: Option<Judge>,
    offer: Arc<Offer>,
}

impl RogueClient {
    /// Checks `plan` and prepares its ClientHello.
    ///
    /// # Errors
    /// The plan asks for what this client cannot do, or contradicts itself.
    pub fn new(plan: &RoguePlan) -> Result<Self, PlanError> {
        let tls = &plan.tls;
        for (given, what) in [
            (tls.resume.is_some(), "a ticket of the honest client"),
            (tls.early_data.is_some(), "early data in TlsPlan"),
            (tls.record_size.is_some(), "small records"),
            (tls.hello_fragment.is_some(), "a fragmented hello"),
        ] {
            if given {
                return Err(PlanError::Unsupported(what));
            }
        }
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        Ok(Self {
            judge: client::judge(tls, &provider)?,
            offer: Arc::new(Offer::new(plan)?),
            plan: Arc::new(plan.clone()),
        })
    }

    /// The bytes that every handshake of this client begins with: the hello, and early data if the ticket allows it.
    #[must_use]
    pub fn first_flight(&self) -> &[u8] {
        &self.offer.first_flight
    }

    /// Carries out the handshake over `stream`. The session is there if and only if the outcome is `Done`.
    pub fn handshake(&self, stream: Stream, deadline: Deadline) -> (Report, Option<RogueSession>) {
        let mut link = Link::new(stream);
        // A server that hangs up on the hello may have said why, so a failed write is not looked at.
        link.send_raw(&self.offer.first_flight, deadline);
        let mut progress = Progress::new(&self.plan, self.judge.as_ref(), &self.offer, &mut link, deadline);
        let state = converse(&mut progress);
        let mut report = progress.report;
        report.handshake.first_flight = link.record().first_flight().to_vec();
        match state {
            Ok(state) => {
                report.handshake.outcome = HandshakeOutcome::Done;
                let session = RogueSession::new(self.clone(), link, state);
                (report, Some(session))
            }
            Err(outcome) => {
                report.handshake.outcome = outcome;
                (report, None)
            }
        }
    }
}

/// [`RogueClient::new`] and [`RogueClient::handshake`] in one.
///
/// # Errors
/// The plan cannot be carried out; nothing was sent.
pub fn handshake(
    plan: &RoguePlan,
    stream: Stream,
    deadline: Deadline,
) -> Result<(Report, Option<RogueSession>), PlanError> {
    RogueClient::new(plan).map(|client| client.handshake(stream, deadline))
}

/// Everything after the hello.
fn converse(progress: &mut Progress<'_>) -> Result<State, HandshakeOutcome> {
    let hello = progress.server_hello()?;
    match hello.version {
        0x0304 => tls13::complete(progress, &hello).map(State::Tls13),
        0x0303 => tls12::complete(progress, &hello).map(State::Tls12),
        other => Err(HandshakeOutcome::Incompatible(format!("version {other:#06x}"))),
    }
}
