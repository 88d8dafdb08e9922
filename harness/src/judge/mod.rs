//! What an observation means: pass, fail or inconclusive.
//!
//! Pure: recorded observations in, a verdict out. A conclusive verdict is made only here and only with a [`Control`] token.
//! The rules are numbered as in ARCHITECTURE.md. Next stage: `event`.

pub mod aftermath;
pub mod control;
pub mod forwarded;
mod object;
mod response;
pub mod state;
pub mod verdict;

#[cfg(test)]
mod tests;

pub use control::{Bracket, Control, holds};
pub use verdict::{Verdict, VerdictKind};

use crate::observation::{Observation, Outcome};
use crate::plan::{Act, Expect, Identity};
use crate::scenario::vocabulary::Handshake;

/// What an attempt's observation is judged with.
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    /// What was done.
    pub act: &'a Act,
    /// What came of it.
    pub observation: &'a Observation,
    /// The honest reading before and after, where one must not change.
    pub readings: Option<(&'a Observation, &'a Observation)>,
    /// The nonces of those readings, which differ by design.
    pub reading_nonce: Option<&'a str>,
    /// The same request for an object that does not exist, and what came of it (rule 8).
    pub absent: Option<(&'a Act, &'a Observation)>,
}

/// Says what an attempt means. The token proves that it could have shown a hole.
pub fn judge(_control: &Control, expect: &Expect, evidence: &Evidence<'_>) -> Verdict {
    let observation = evidence.observation;
    if let Some(verdict) = closed(expect, evidence) {
        return verdict;
    }
    if let Some(verdict) = unusable(expect, observation) {
        return verdict;
    }
    if let Some(verdict) = undeviating(evidence) {
        return verdict;
    }
    if let Some((before, after)) = evidence.readings
        && let Some(verdict) = changed(before, after, evidence.reading_nonce)
    {
        return verdict;
    }
    if let Act::Exchange(exchange) = evidence.act
        && exchange.endpoint == crate::scenario::vocabulary::Endpoint::Plain
        && observation.layer == crate::observation::Layer::Tcp
    {
        return Verdict::inconclusive("nobody listens at [front] plain: a wrong address would look the same");
    }
    if let Some(verdict) = object::untellable(expect, evidence) {
        return verdict;
    }
    match expect {
        Expect::Refused => refused(evidence),
        Expect::RefusedAsAbsent => object::as_absent(evidence),
        Expect::Closed => Verdict::inconclusive("nobody looked whether it is closed"),
        Expect::Granted(identity) => granted(identity, observation),
        Expect::GrantedOrRefused(identity) => match observation.outcome {
            Outcome::Granted => granted(identity, observation),
            Outcome::Refused | Outcome::Elsewhere | Outcome::Timeout | Outcome::NotTried => refused(evidence),
        },
        Expect::OwnOrRefused { enrolled, presented } => own(enrolled, presented.as_deref(), evidence),
        Expect::Survived => pass(format!(
            "{}, and the honest client is served afterwards",
            observation.summary()
        )),
        Expect::NoCanary => no_canary(observation),
        Expect::NotOffered => match &observation.offered {
            Some(taken) => fail(format!("the server takes {taken}")),
            None => pass(format!("the hello is refused: {}", observation.summary())),
        },
        Expect::Offered => match &observation.offered {
            Some(taken) => pass(format!("the server takes {taken}")),
            None => fail(format!("the hello is refused: {}", observation.summary())),
        },
        Expect::NotForwarded(values) => response::not_forwarded(values, observation),
        Expect::NotSmuggled => match observation.violations.first() {
            Some(violation) => fail(violation.clone()),
            None => pass(format!(
                "nothing of it reached the app as a request of its own: {}",
                observation.summary()
            )),
        },
        Expect::RedirectsTo(host) => response::redirects_to(host, observation),
        Expect::Audited => audited(observation),
        Expect::Holds => match observation.violations.first() {
            Some(violation) => fail(violation.clone()),
            None => pass("the property holds of every private key".to_owned()),
        },
        Expect::OwnForwarded(own) => match forwarded::another(own, observation) {
            Some(whose) => fail(whose),
            None => pass("no other identity reached the app".to_owned()),
        },
        Expect::NoServerError => match server_error(observation) {
            Some(status) => fail(format!("answered {status}")),
            None => pass(format!("no server failed: {}", observation.summary())),
        },
        Expect::IncompleteOrRefused => response::incomplete_or_refused(observation),
        Expect::Header(rule) => response::header(rule, observation),
        Expect::Cookie(rule, session) => response::cookie(rule, session.as_deref(), observation),
    }
}

/// The status of a server that failed. 501 and 505 are honest answers to a request that is not understood.
pub fn server_error(observation: &Observation) -> Option<u16> {
    observation
        .status()
        .filter(|status| [500, 502, 503, 504].contains(status))
}

fn pass(reason: String) -> Verdict {
    Verdict {
        kind: VerdictKind::Pass,
        reason,
    }
}

fn fail(reason: String) -> Verdict {
    Verdict {
        kind: VerdictKind::Fail,
        reason,
    }
}

/// Listeners that must not be there: what a firewall closes, and other addresses of the backend's host.
fn closed(expect: &Expect, evidence: &Evidence<'_>) -> Option<Verdict> {
    let Act::Exchange(exchange) = evidence.act else {
        return None;
    };
    if !exchange.firewalled && *expect != Expect::Closed {
        return None;
    }
    let observation = evidence.observation;
    let nobody = observation.layer == crate::observation::Layer::Tcp
        && matches!(observation.outcome, Outcome::Refused | Outcome::Timeout);
    if nobody {
        return Some(pass(format!("nobody listens there: {}", observation.summary())));
    }
    if observation.outcome == Outcome::NotTried {
        return None;
    }
    Some(fail(if exchange.firewalled {
        format!(
            "the firewall of [backend] firewalled does not close it: {}",
            observation.summary()
        )
    } else {
        format!(
            "the app's port is open on another address, too: {}",
            observation.summary()
        )
    }))
}

/// Rule 2: a timeout is neither granted nor refused; what we could not do proves nothing.
fn unusable(expect: &Expect, observation: &Observation) -> Option<Verdict> {
    let why = observation
        .evidence
        .first()
        .map(|text| format!(": {text}"))
        .unwrap_or_default();
    match observation.outcome {
        Outcome::NotTried => Some(Verdict::inconclusive(format!("not tried{why}"))),
        // The tap is the witness: a server that waits for more of a torn request has not let it through.
        Outcome::Timeout if matches!(expect, Expect::NotSmuggled) => None,
        Outcome::Timeout if matches!(expect, Expect::NoCanary) && !observation.found.is_empty() => None,
        Outcome::Timeout => Some(Verdict::inconclusive(format!(
            "no answer within the deadline{why}"
        ))),
        Outcome::Granted | Outcome::Refused | Outcome::Elsewhere => None,
    }
}

/// A wrong handshake that was never sent as such: whatever the server did says nothing of it.
fn undeviating(evidence: &Evidence<'_>) -> Option<Verdict> {
    let Act::Exchange(exchange) = evidence.act else {
        return None;
    };
    let handshake = exchange.handshake.filter(|one| *one != Handshake::Honest)?;
    let observation = evidence.observation;
    if observation.deviated == Some(true) {
        return None;
    }
    let why = observation.evidence.first().map_or("", String::as_str);
    if handshake == Handshake::EarlyDataReplayed && observation.negotiated.is_some() {
        return Some(Verdict::skipped(why.to_owned()));
    }
    Some(Verdict::inconclusive(format!(
        "the handshake gave no occasion for `{handshake}`, so it was not tried: {} ({why})",
        observation.summary()
    )))
}

/// Rule 3: refused after the credential was asked for and sent; a refusal of something else proves nothing about it.
fn refused(evidence: &Evidence<'_>) -> Verdict {
    let observation = evidence.observation;
    if observation.outcome == Outcome::Granted {
        return fail(format!(
            "expected a refusal, but it was {}",
            observation.summary()
        ));
    }
    if let Act::Exchange(exchange) = evidence.act {
        let over_tls =
            observation.layer != crate::observation::Layer::Tcp && observation.negotiated.is_some();
        let resumed = observation
            .negotiated
            .as_ref()
            .is_some_and(|negotiated| negotiated.resumed);
        let presents =
            exchange.present.is_some() && exchange.endpoint == crate::scenario::vocabulary::Endpoint::Front;
        let front_name = exchange.tls.sni.is_some();
        if presents
            && over_tls
            && !resumed
            && front_name
            && !observation.presentation.requested
            && exchange.request.raw.is_none()
            && !about_names(exchange)
        {
            return Verdict::inconclusive(
                "refused, but the server never asked for a certificate: nothing was shown about it",
            );
        }
    }
    pass(format!("refused: {}", observation.summary()))
}

/// Attempts about names are sent to virtual hosts that may rightly not ask.
fn about_names(exchange: &crate::plan::Exchange) -> bool {
    exchange.request.hosts.len() != 1
        || exchange
            .tls
            .sni
            .as_deref()
            .is_none_or(|sni| !exchange.request.hosts.iter().any(|host| host.starts_with(sni)))
}

fn granted(identity: &Identity, observation: &Observation) -> Verdict {
    if observation.outcome != Outcome::Granted {
        return fail(format!("expected a grant, but it was {}", observation.summary()));
    }
    if control::matches(identity, observation.identity.as_deref()) {
        pass(observation.summary())
    } else {
        fail(format!(
            "expected {identity}, but it was {}",
            observation.summary()
        ))
    }
}

/// Odd names: refused, or the app sees exactly the certificate's own identity, never an enrolled user.
fn own(enrolled: &[String], presented: Option<&[u8]>, evidence: &Evidence<'_>) -> Verdict {
    let observation = evidence.observation;
    if observation.outcome != Outcome::Granted {
        return refused(evidence);
    }
    let Some(identity) = &observation.identity else {
        return fail("granted without any identity".to_owned());
    };
    if enrolled.contains(identity) {
        return fail(format!("the app took the certificate for {identity}'s"));
    }
    let own_name = presented
        .and_then(|der| client_identity::Certificate::from_der(der).ok())
        .is_some_and(|certificate| {
            response::names_of(&certificate)
                .iter()
                .any(|name| name == identity)
        });
    if own_name {
        pass(format!("granted as {identity}, the certificate's own name"))
    } else {
        fail(format!(
            "granted as {identity}, which is not the certificate's own name"
        ))
    }
}

/// Rule 9: the log was the right one (the control found its nonce), and the secret is not in it. A request that was granted
/// must have its own line there by then.
fn no_canary(observation: &Observation) -> Verdict {
    match observation.found.first() {
        Some(finding) => fail(format!("found in {}: {}", finding.place, finding.excerpt)),
        None if observation.outcome == Outcome::Granted && observation.nonce_logged == Some(false) => {
            Verdict::inconclusive("the logs do not tell of the request that carried the secret")
        }
        None => pass("the planted secret is nowhere".to_owned()),
    }
}

fn audited(observation: &Observation) -> Verdict {
    if observation.outcome == Outcome::Granted {
        return fail(format!(
            "expected a refusal, but it was {}",
            observation.summary()
        ));
    }
    match observation.nonce_logged {
        Some(true) => pass("the refusal left a line in the logs".to_owned()),
        Some(false) => fail("the refusal left no trace in the logs".to_owned()),
        None => Verdict::inconclusive("nobody looked into the logs"),
    }
}

/// An object that an attacker could not have touched reads the same before and after.
fn changed(before: &Observation, after: &Observation, nonce: Option<&str>) -> Option<Verdict> {
    if before.outcome != Outcome::Granted || after.outcome != Outcome::Granted {
        return Some(Verdict::inconclusive("the honest reading of the object failed"));
    }
    let text = |observation: &Observation| {
        let body = observation
            .response
            .as_ref()
            .map(crate::observation::Response::text)
            .unwrap_or_default();
        nonce.map_or(body.clone(), |nonce| body.replace(nonce, ""))
    };
    (text(before) != text(after))
        .then(|| fail("the object changed: its owner reads something else afterwards".to_owned()))
}
