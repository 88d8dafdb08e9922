//! Exchanges by the TLS client of our own: wrong handshakes, and what no client should do after one.

use std::time::Duration;

use attack_wire::tls::client::{Handshake as Seen, HandshakeOutcome, Presented};
use attack_wire::tls::rogue::{
    DEVIATIONS, Deviation, PostHandshake, Renegotiation, RogueClient, RoguePlan, RogueSession, RogueTicket,
};
use attack_wire::{Address, Channel, Deadline, Sent, transport};

use super::http::{self, Prepared};
use super::presentation::Wallet;
use super::{Attacker, LATE_ALERT_WAIT, State, classify, not_tried};
use crate::observation::{Layer, Observation, Outcome, Presentation};
use crate::plan::Exchange;
use crate::scenario::vocabulary::{Handshake, Possession};

/// How long tickets are waited for: servers send them with their last flight or right behind it.
const TICKET_WAIT: Duration = Duration::from_millis(300);

/// Connects, does to the handshake what the word says, and speaks HTTP as far as the server goes along.
pub(super) fn converse(
    attacker: &Attacker<'_>,
    exchange: &Exchange,
    handshake: Handshake,
    address: &Address,
    prepared: &Prepared,
    state: &mut State,
    deadline: Deadline,
) -> Observation {
    let plan = match plan(attacker, exchange, handshake, prepared, state) {
        Ok(plan) => plan,
        Err(why) => return not_tried(why),
    };
    let road = Road {
        attacker,
        exchange,
        address,
        prepared,
        deadline,
    };
    if handshake == Handshake::EarlyDataReplayed {
        road.replay(&plan, state)
    } else {
        road.single(&plan, handshake, state)
    }
}

/// What a word means to the handshake itself. What comes after the handshake begins with an honest one.
fn deviation(handshake: Handshake) -> Deviation {
    DEVIATIONS
        .iter()
        .find(|(word, _)| *word == handshake.word())
        .map_or(Deviation::Honest, |(_, deviation)| *deviation)
}

fn plan(
    attacker: &Attacker<'_>,
    exchange: &Exchange,
    handshake: Handshake,
    prepared: &Prepared,
    state: &State,
) -> Result<RoguePlan, String> {
    let mut tls = attacker.tls_plan(exchange, state, prepared)?;
    // The request goes into the rogue client's own plan, once there is a ticket for it.
    tls.early_data = None;
    let deviation = deviation(handshake);
    if let (Deviation::Scheme(_), Some(name)) = (deviation, exchange.present.as_deref()) {
        tls.presented = Some(Wallet::present_any_scheme(name, attacker.target)?);
    }
    let offered = handshake == Handshake::PostHandshakeOffered;
    let post_handshake = offered.then(|| PostHandshake {
        presented: tls.presented.clone(),
        deviation: Deviation::Honest,
    });
    Ok(RoguePlan {
        deviation,
        post_handshake,
        sessions: handshake == Handshake::EarlyDataReplayed,
        ..RoguePlan::honest(tls)
    })
}

/// The way to the server, and what is said there.
struct Road<'a> {
    attacker: &'a Attacker<'a>,
    exchange: &'a Exchange,
    address: &'a Address,
    prepared: &'a Prepared,
    deadline: Deadline,
}

impl Road<'_> {
    fn single(&self, plan: &RoguePlan, handshake: Handshake, state: &mut State) -> Observation {
        let client = match RogueClient::new(plan) {
            Ok(client) => client,
            Err(error) => return not_tried(error.to_string()),
        };
        let stream = match transport::connect(self.address, self.deadline) {
            Ok(stream) => stream,
            Err(failure) => return classify::unconnected(&failure, &self.address.to_string()),
        };
        let (report, session) = client.handshake(stream, self.deadline);
        // The offer is part of every hello that is sent.
        let mut deviated = report.deviated || handshake == Handshake::PostHandshakeOffered;
        let mut observation = match session {
            None => classify::failed_handshake(&report.handshake.outcome),
            Some(mut session) => match self.afterwards(handshake, &mut session) {
                Ok(done) => {
                    deviated |= done;
                    self.speak(session, LATE_ALERT_WAIT, state)
                }
                Err(ended) => {
                    deviated = true;
                    *ended
                }
            },
        };
        note(&mut observation, &report.handshake);
        observation.deviated = (handshake != Handshake::Honest).then_some(deviated);
        observation
    }

    /// What comes between the handshake and the request: whether it was sent, or how it ended the connection.
    fn afterwards(&self, handshake: Handshake, session: &mut RogueSession) -> Result<bool, Box<Observation>> {
        let renegotiations = [
            (Handshake::Renegotiation, Renegotiation::Secure),
            (Handshake::RenegotiationLegacy, Renegotiation::Legacy),
        ];
        let how = renegotiations
            .iter()
            .find(|(word, _)| *word == handshake)
            .map(|(_, how)| *how);
        if how.is_none() && handshake != Handshake::CertificateAfterwards {
            return Ok(false);
        }
        let other = self.other().map_err(|why| Box::new(not_tried(why)))?;
        let Some(how) = how else {
            let sent = session.present_unasked(&other, self.deadline);
            return sent
                .map(|sent| sent == Sent::All)
                .map_err(|outcome| Box::new(classify::failed_handshake(&outcome)));
        };
        let outcome = session
            .renegotiate(Some(other), how, self.deadline)
            .map_or_else(|outcome| outcome, |report| report.handshake.outcome);
        if outcome == HandshakeOutcome::Done {
            return Ok(true);
        }
        let mut observation = classify::failed_handshake(&outcome);
        observation
            .evidence
            .push("in answer to a renegotiation".to_owned());
        Err(Box::new(observation))
    }

    /// Another user's certificate with its own key.
    fn other(&self) -> Result<Presented, String> {
        let name = self.exchange.afterwards.as_deref();
        let name = name.ok_or_else(|| "nobody else's certificate is known".to_owned())?;
        self.attacker
            .wallet
            .present(name, Possession::Honest, self.attacker.target)
    }

    fn speak(&self, session: RogueSession, wait: Duration, state: &mut State) -> Observation {
        http::converse(
            Channel::from(session),
            self.exchange,
            self.prepared,
            wait,
            self.attacker,
            state,
            self.deadline,
        )
    }

    /// The same first flight, byte for byte, on two connections. Only where the app answers both was it handed the request
    /// twice.
    fn replay(&self, plan: &RoguePlan, state: &mut State) -> Observation {
        let ticket = match self.ticket(plan) {
            Ok(ticket) => ticket,
            Err(ended) => return *ended,
        };
        let client = RogueClient::new(&RoguePlan {
            resume: Some(ticket),
            early_data: Some(self.prepared.http1.clone()),
            ..plan.clone()
        });
        let client = match client {
            Ok(client) => client,
            Err(error) => return not_tried(error.to_string()),
        };
        let mut last = not_tried("nothing was sent".to_owned());
        for time in ["first", "second"] {
            last = self.early(&client, state);
            last.deviated = Some(time == "second");
            if last.outcome != Outcome::Granted {
                last.deviated = Some(true);
                last.evidence.push(format!("the {time} time"));
                return last;
            }
        }
        let handed = self.attacker.target.tap().map(|tap| {
            let count = tap.requests_with(self.exchange.nonce.as_bytes()).len();
            format!("the app was handed the same early request {count} times")
        });
        last.evidence.extend(handed);
        last
    }

    /// A ticket that takes the request as early data; otherwise what there is to say of the want of one.
    fn ticket(&self, plan: &RoguePlan) -> Result<RogueTicket, Box<Observation>> {
        let client = RogueClient::new(plan).map_err(|error| Box::new(not_tried(error.to_string())))?;
        let stream = transport::connect(self.address, self.deadline)
            .map_err(|failure| Box::new(classify::unconnected(&failure, &self.address.to_string())))?;
        let (report, session) = client.handshake(stream, self.deadline);
        let Some(mut session) = session else {
            return Err(Box::new(classify::failed_handshake(&report.handshake.outcome)));
        };
        session.short_read(TICKET_WAIT);
        let length = u32::try_from(self.prepared.http1.len()).unwrap_or(u32::MAX);
        let fitting = session
            .tickets()
            .iter()
            .rev()
            .find(|ticket| ticket.early_data_limit() >= length);
        fitting.cloned().ok_or_else(|| {
            let mut observation = Observation::new(Layer::Tls, Outcome::Refused);
            let why = if session.tickets().is_empty() {
                "the server issues no ticket, so nothing can be sent early"
            } else {
                "the server's tickets allow no early data for this request"
            };
            observation.evidence.push(why.to_owned());
            note(&mut observation, &report.handshake);
            observation.deviated = Some(false);
            Box::new(observation)
        })
    }

    fn early(&self, client: &RogueClient, state: &mut State) -> Observation {
        let stream = match transport::connect(self.address, self.deadline) {
            Ok(stream) => stream,
            Err(failure) => return classify::unconnected(&failure, &self.address.to_string()),
        };
        let (report, session) = client.handshake(stream, self.deadline);
        let mut observation = match session {
            None => classify::failed_handshake(&report.handshake.outcome),
            Some(_) if !report.handshake.early_data_accepted => {
                let mut observation = Observation::new(Layer::Tls, Outcome::Refused);
                observation
                    .evidence
                    .push("the server took no early data".to_owned());
                observation
            }
            Some(session) => self.speak(session, Duration::ZERO, state),
        };
        note(&mut observation, &report.handshake);
        observation
    }
}

/// Writes down what the handshake showed.
fn note(observation: &mut Observation, seen: &Seen) {
    observation.presentation = Presentation {
        requested: seen.certificate_requested,
        sent: seen.certificate_sent,
    };
    observation.negotiated = seen.version.map(|_| classify::negotiated(seen));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_a_deviation_or_is_about_what_follows_the_handshake() {
        let afterwards = [
            Handshake::CertificateAfterwards,
            Handshake::EarlyDataReplayed,
            Handshake::PostHandshakeOffered,
            Handshake::Renegotiation,
            Handshake::RenegotiationLegacy,
        ];
        for word in Handshake::ALL {
            let known = DEVIATIONS.iter().any(|(name, _)| *name == word.word());
            assert_ne!(known, afterwards.contains(word), "{word}");
        }
        assert_eq!(DEVIATIONS.len() + afterwards.len(), Handshake::ALL.len());
    }
}
