//! Attempts become observations: connects, presents, sends, reads, and writes down what happened.
//!
//! Everything here blocks under a deadline. A peer that misbehaves is an [`Observation`]; where we could not do our part,
//! the observation says so (`not-tried`). What it means is said by `judge`.

mod classify;
mod hello;
mod http;
mod leak;
mod presentation;
mod rogue;
mod smuggling;
mod state;
mod storage;
mod upstream;

use std::time::{Duration, Instant};

use attack_wire::tls::client::{TlsClient, TlsPlan, Versions};
use attack_wire::{Address, Channel, Deadline, Stream, transport};

pub use presentation::Wallet;
pub use state::State;

use crate::deployment::Deployment;
use crate::launch::{BackendAddress, Target};
use crate::observation::{Layer, Negotiated, Observation, Outcome, Presentation};
use crate::plan::state::SHORT_LIVED;
use crate::plan::{Act, Exchange};
use crate::scenario::vocabulary::{Endpoint, TlsVersion};

/// Somebody who carries out acts against a target.
pub struct Attacker<'a> {
    /// The deployment's file.
    pub deployment: &'a Deployment,
    /// Where it is.
    pub target: &'a Target,
    /// Keys and chains, ready to be presented.
    pub wallet: &'a Wallet,
    /// How long one exchange may take.
    pub timeout: Duration,
}

/// How long to listen for a late alert before the request is written (see `Channel::send`).
const LATE_ALERT_WAIT: Duration = Duration::from_millis(20);

/// How long to wait for a connection that a firewall is meant to swallow.
const FIREWALL_WAIT: Duration = Duration::from_secs(1);

/// How long a short-lived certificate lives, seconds: enough for a handshake on a busy machine, and little to wait for.
const SHORT_LIFE: i64 = 4;

/// The clock, Unix seconds.
pub fn unix_now() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

impl Attacker<'_> {
    /// Carries out one act. `state` holds what earlier exchanges of the same attempt kept.
    pub fn perform(&self, act: &Act, state: &mut State) -> Observation {
        let started = Instant::now();
        let mut observation = match act {
            Act::Exchange(exchange) => self.exchange(exchange, state),
            Act::Hello(plan) => hello::probe(plan, self.front_address(), self.deadline()),
            Act::Storage(check) => storage::look(*check, self.target),
        };
        observation.micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX);
        observation
    }

    fn deadline(&self) -> Deadline {
        Deadline::after(self.timeout)
    }

    fn front_address(&self) -> Address {
        Address::Tcp(self.target.front().connect)
    }

    fn address(&self, exchange: &Exchange) -> Result<(Address, bool), String> {
        match exchange.endpoint {
            Endpoint::Front | Endpoint::Other => Ok((self.front_address(), true)),
            Endpoint::Plain => match &self.target.front().plain {
                Some((address, _)) => Ok((Address::Tcp(*address), false)),
                None => Err("no plain listener is known".to_owned()),
            },
            Endpoint::Backend => match self.target.backends().get(exchange.backend) {
                Some(backend) => Ok((
                    backend_address(&backend.address, exchange.interface),
                    backend.https,
                )),
                None => Err("no such backend".to_owned()),
            },
        }
    }

    fn exchange(&self, exchange: &Exchange, state: &mut State) -> Observation {
        match &exchange.upstream {
            Some(face) => upstream::behind(self.target, face, || self.seen(exchange, state)),
            None => self.seen(exchange, state),
        }
    }

    fn seen(&self, exchange: &Exchange, state: &mut State) -> Observation {
        let mark = exchange
            .look_in_logs
            .then(|| (self.target.logs(), self.target.logs().mark()));
        let mut observation = self.converse(exchange, state);
        if let Some(plan) = &exchange.smuggled {
            smuggling::look(self, exchange, plan, &mut observation);
        }
        if exchange.look_at_tap
            && let Some(tap) = self.target.tap()
        {
            observation.forwarded = tap
                .requests_with(exchange.nonce.as_bytes())
                .into_iter()
                .map(|request| request.header_lines())
                .collect();
        }
        if let Some((logs, mark)) = mark {
            leak::look_in_logs(&mut observation, exchange, logs, &mark);
        }
        leak::look_in_response(&mut observation, exchange);
        observation
    }

    fn converse(&self, exchange: &Exchange, state: &mut State) -> Observation {
        if exchange.present.as_deref() == Some(SHORT_LIVED) && state.issued.is_none() {
            match Wallet::issue(&exchange.user, unix_now() + SHORT_LIFE, self.target) {
                Ok(issued) => state.issued = Some(issued),
                Err(why) => return not_tried(why),
            }
        }
        let deadline = self.deadline();
        let (address, encrypted) = match self.address(exchange) {
            Ok(found) => found,
            Err(why) => return not_tried(why),
        };
        let prepared = match http::prepare(exchange, state, self.deployment, self.target) {
            Ok(prepared) => prepared,
            Err(why) => return not_tried(why),
        };
        if let Some(handshake) = exchange.handshake {
            return rogue::converse(self, exchange, handshake, &address, &prepared, state, deadline);
        }
        let client = match encrypted
            .then(|| self.client(exchange, state, &prepared))
            .transpose()
        {
            Ok(client) => client,
            Err(why) => return not_tried(why),
        };
        let connecting = if exchange.firewalled {
            Deadline::after(self.timeout.min(FIREWALL_WAIT))
        } else {
            deadline
        };
        let stream = match transport::connect(&address, connecting) {
            Ok(stream) => stream,
            Err(failure) => return classify::unconnected(&failure, &address.to_string()),
        };
        match client {
            None => http::converse(
                Channel::from(stream),
                exchange,
                &prepared,
                Duration::ZERO,
                self,
                state,
                deadline,
            ),
            Some(client) => self.converse_tls(client, stream, exchange, &prepared, state, deadline),
        }
    }

    fn converse_tls(
        &self,
        client: TlsClient,
        stream: Stream,
        exchange: &Exchange,
        prepared: &http::Prepared,
        state: &mut State,
        deadline: Deadline,
    ) -> Observation {
        let (handshake, session) = client.handshake(stream, deadline);
        let presentation = Presentation {
            requested: handshake.certificate_requested,
            sent: handshake.certificate_sent,
        };
        let negotiated = classify::negotiated(&handshake);
        let Some(session) = session else {
            let mut observation = classify::failed_handshake(&handshake.outcome);
            observation.presentation = presentation;
            observation.negotiated = handshake.version.map(|_| negotiated);
            return observation;
        };
        // Early data that the server did not take was not read by anybody: it is not sent again.
        if exchange.tls.early_data && !handshake.early_data_accepted {
            let mut observation = Observation::new(Layer::Tls, Outcome::Refused);
            observation
                .evidence
                .push("the server took no early data".to_owned());
            observation.presentation = presentation;
            observation.negotiated = Some(negotiated);
            return observation;
        }
        // Only TLS 1.3 refuses after the client's handshake, and only what differs from an honest client is refused.
        let late = negotiated.version == "1.3" && exchange.present.as_deref() != Some(exchange.user.as_str());
        let wait = if late || exchange.possession != crate::scenario::vocabulary::Possession::Honest {
            LATE_ALERT_WAIT
        } else {
            Duration::ZERO
        };
        let early = Negotiated {
            early_data: handshake.early_data_accepted,
            ..negotiated
        };
        let mut observation = http::converse(
            Channel::from(session),
            exchange,
            prepared,
            wait,
            self,
            state,
            deadline,
        );
        observation.presentation = presentation;
        observation.negotiated = Some(early);
        observation
    }

    fn client(
        &self,
        exchange: &Exchange,
        state: &State,
        prepared: &http::Prepared,
    ) -> Result<TlsClient, String> {
        let plan = self.tls_plan(exchange, state, prepared)?;
        TlsClient::new(&plan).map_err(|error| error.to_string())
    }

    fn tls_plan(
        &self,
        exchange: &Exchange,
        state: &State,
        prepared: &http::Prepared,
    ) -> Result<TlsPlan, String> {
        let tls = &exchange.tls;
        let front = self.target.front();
        let presented = match exchange.present.as_deref() {
            Some(SHORT_LIVED) => Some(
                state
                    .issued
                    .as_ref()
                    .ok_or_else(|| "no certificate was issued for it".to_owned())?
                    .presented(),
            ),
            Some(name) => Some(self.wallet.present(name, exchange.possession, self.target)?),
            None => None,
        };
        let codes = |names: &Option<Vec<String>>,
                     find: fn(&str) -> Option<u16>,
                     what: &str|
         -> Result<Option<Vec<u16>>, String> {
            names
                .as_ref()
                .map(|names| {
                    names
                        .iter()
                        .map(|name| find(name).ok_or_else(|| format!("unknown {what} `{name}`")))
                        .collect()
                })
                .transpose()
        };
        let resume = if tls.resume {
            Some(
                state
                    .ticket()
                    .ok_or_else(|| "no ticket was kept: the server issued none".to_owned())?,
            )
        } else {
            None
        };
        let expect_name = match (exchange.endpoint, &tls.sni) {
            (Endpoint::Other, Some(name)) => name.clone(),
            _ => front.host.clone(),
        };
        Ok(TlsPlan {
            server_name: tls
                .sni
                .clone()
                .filter(|name| name.parse::<std::net::IpAddr>().is_err()),
            trust: front.server_roots.clone(),
            // Another virtual host may show another certificate; whose it is matters only where we are honest.
            verify_server: !front.server_roots.is_empty() && tls.sni.as_deref() == Some(front.host.as_str()),
            expect_name,
            versions: match tls.version {
                None => Versions::Both,
                Some(TlsVersion::Tls12) => Versions::Tls12,
                Some(TlsVersion::Tls13) => Versions::Tls13,
            },
            suites: codes(
                &tls.suites,
                |name| attack_wire::tls::suites::suite_named(name).map(|suite| suite.code),
                "suite",
            )?,
            groups: codes(&tls.groups, attack_wire::tls::suites::group_named, "group")?,
            alpn: filled(&tls.alpn, tls.hello_size),
            presented,
            resume,
            early_data: tls.early_data.then(|| prepared.http1.clone()),
            record_size: tls.record_size,
            hello_fragment: tls.hello_fragment,
        })
    }
}

fn backend_address(address: &BackendAddress, interface: Option<std::net::IpAddr>) -> Address {
    match (address, interface) {
        (BackendAddress::Tcp(address), Some(ip)) => Address::Tcp((ip, address.port()).into()),
        (BackendAddress::Tcp(address), None) => Address::Tcp(*address),
        (BackendAddress::Unix(path), _) => Address::Unix(path.clone()),
    }
}

/// ALPN names, with as many that nobody speaks behind them as make the ClientHello long (RFC 7301 section 3.1).
fn filled(names: &[Vec<u8>], size: Option<usize>) -> Vec<Vec<u8>> {
    /// The extension's length has two bytes; the rest is left to the other names.
    const MOST: usize = 60_000;
    /// The longest name that one byte of length allows.
    const NAME: usize = 255;
    let count = size.unwrap_or(0).min(MOST).div_ceil(NAME + 1);
    let filler = (0..count).map(|number| {
        let mut name = format!("x-gauntlet-{number}-").into_bytes();
        name.resize(NAME, b'a');
        name
    });
    names.iter().cloned().chain(filler).collect()
}

fn not_tried(why: String) -> Observation {
    let mut observation = Observation::new(Layer::Tcp, Outcome::NotTried);
    observation.evidence.push(why);
    observation
}
