//! A request with another one hidden in it: sent on a connection of its own, followed by innocent ones; then the tap is asked.
//!
//! Nothing is guessed from times. What counts: the bytes that the app was handed and how many requests the app itself
//! answered, as the tap saw them; and whether innocent requests afterwards get their own answers.

use std::time::{Duration, Instant};

use attack_wire::http1::ResponseReader;
use attack_wire::{Channel, Deadline};

use super::http::{LIMITS, Prepared, answered, from_http1, http1_bytes};
use super::{Attacker, State, classify};
use crate::observation::{Observation, Outcome};
use crate::plan::exchange::SmugglePlan;
use crate::plan::smuggling::with_bare_line_feeds;
use crate::plan::{Act, Exchange};
use crate::scenario::vocabulary::HttpVersion;
use crate::tap::Tap;

/// How long an answer to a torn request is waited for. Who waits for more of it shows it by silence.
const TORN: Duration = Duration::from_millis(700);

/// How long the tap is watched for what is still on its way behind the proxy.
const UNDER_WAY: Duration = Duration::from_millis(200);

/// Most answers that are read for the innocent request on the same connection: the torn request's rest may have some.
const ANSWERS: usize = 3;

/// Sends the torn request and an innocent one behind it, and reads what comes back.
pub(super) fn converse(
    mut channel: Channel,
    exchange: &Exchange,
    plan: &SmugglePlan,
    prepared: &Prepared,
    wait: Duration,
    attacker: &Attacker<'_>,
    state: &mut State,
) -> Observation {
    let encrypted = channel.tls().is_some();
    let torn = || Deadline::after(TORN.min(attacker.timeout));
    channel.send(&prepared.http1, wait, torn());
    let mut reader = ResponseReader::new(LIMITS);
    let mut observation = match reader.read(&mut channel, &prepared.method, torn()) {
        Ok(response) => answered(from_http1(&response), exchange, attacker, state),
        Err(failure) => classify::no_response(&failure.fault, &failure.received, encrypted),
    };
    // A server that closed has made itself safe; one that waits gets the innocent request as what it waits for.
    channel.write(&http1_bytes(&plan.same.request, HttpVersion::Http11), torn());
    for _ in 0..ANSWERS {
        let Ok(response) = reader.read(&mut channel, "GET", torn()) else {
            break;
        };
        let seen = answered(from_http1(&response), &plan.same, attacker, state);
        if seen.outcome == Outcome::Granted && seen.identity != expected(&plan.same, attacker) {
            observation.violations.push(format!(
                "the next request on the connection was {}",
                seen.summary()
            ));
        }
        let own = seen
            .response
            .is_some_and(|response| response.text().contains(&plan.same.nonce));
        if own {
            break;
        }
    }
    observation
}

/// Whom an innocent request must show; `None` where the route shows nobody.
fn expected(innocent: &Exchange, attacker: &Attacker<'_>) -> Option<String> {
    innocent
        .grant
        .identity
        .then(|| attacker.deployment.shown_as(&innocent.user))
}

/// Looks for the hidden request behind the proxy, and at the next innocent request.
pub(super) fn look(
    attacker: &Attacker<'_>,
    exchange: &Exchange,
    plan: &SmugglePlan,
    observation: &mut Observation,
) {
    let fresh = attacker.perform(&Act::Exchange(plan.fresh.clone()), &mut State::default());
    let own = fresh.outcome == Outcome::Granted && fresh.identity == expected(&plan.fresh, attacker);
    if matches!(fresh.outcome, Outcome::Granted | Outcome::Elsewhere) && !own {
        observation.violations.push(format!(
            "an innocent request afterwards got the answer of another: it was {}",
            fresh.summary()
        ));
    }
    let Some(tap) = attacker.target.tap() else {
        return;
    };
    // Of a request that the proxy refused by itself nothing is under way.
    let handed_on = [&exchange.nonce, &plan.nonce, &plan.same.nonce]
        .iter()
        .any(|nonce| !tap.requests_with(nonce.as_bytes()).is_empty());
    let until = Instant::now() + if handed_on { UNDER_WAY } else { Duration::ZERO };
    loop {
        if let Some(violation) = violation(tap, exchange, plan) {
            observation.violations.push(violation);
            return;
        }
        if Instant::now() >= until {
            return;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// What the tap saw of the hidden request as one of its own.
fn violation(tap: &Tap, exchange: &Exchange, plan: &SmugglePlan) -> Option<String> {
    for request in tap.requests_with(plan.nonce.as_bytes()) {
        let traffic = tap.traffic(request.connection);
        if as_written(&request.head, &plan.start) && traffic.answers > request.index {
            return Some(format!(
                "the app was handed the hidden request as one of its own, and answered it: {}",
                line(&request.head)
            ));
        }
        if traffic.answers > traffic.requests {
            return Some(format!(
                "the app answered {} requests where {} were sent: it read the hidden one as its own",
                traffic.answers, traffic.requests
            ));
        }
    }
    // The next request, written down by the proxy, must not end in the body of the one before.
    let innocent = http1_bytes(&plan.same.request, HttpVersion::Http11);
    let swallowed = tap
        .requests_with(plan.same.nonce.as_bytes())
        .into_iter()
        .find(|request| {
            let inside =
                contains(&request.body, plan.same.nonce.as_bytes()) && !contains(&request.body, &innocent);
            let of_this = contains(&request.head, exchange.nonce.as_bytes());
            // Whatever the framing, a whole request begins with its method once its lines are laid out.
            let cut = contains(&request.head, plan.same.nonce.as_bytes())
                && !request
                    .header_lines()
                    .starts_with(plan.same.request.method.as_bytes());
            inside && of_this || cut
        });
    swallowed.map(|request| {
        format!(
            "the app took the next request for the body of this one: {}",
            line(&request.header_lines())
        )
    })
}

/// Does a head begin as the hidden request was written, whatever its line ends?
fn as_written(head: &[u8], start: &[u8]) -> bool {
    with_bare_line_feeds(head).starts_with(&with_bare_line_feeds(start))
}

fn line(head: &[u8]) -> String {
    let first = head.split(|byte| *byte == b'\r').next().unwrap_or_default();
    classify::shown(first)
}

fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(haystack, needle).is_some()
}
