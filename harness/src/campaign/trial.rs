//! One case, tried: planned as the scenario that it is, performed, and held against the oracles.

use std::time::Duration;

use super::case::Case;
use super::oracle::{self, Offence, Oracle};
use crate::attack::{Attacker, State, Wallet};
use crate::observation::{Observation, Outcome};
use crate::plan::exchange::CanaryPlan;
use crate::plan::{Act, Planned, plan};
use crate::run::Ground;
use crate::scenario::vocabulary::{HttpVersion, TlsVersion};

/// A deployment that is up, and how cases are tried on it.
pub(super) struct Ring<'a> {
    /// The deployment.
    pub(super) ground: &'a Ground,
    /// The campaign's seed.
    pub(super) seed: u64,
    /// Unix seconds of the campaign's begin.
    pub(super) now: i64,
    /// How long an exchange may take.
    pub(super) timeout: Duration,
    /// Keys and chains of this batch.
    pub(super) wallet: Wallet,
}

/// What came of a case.
pub(super) struct Tried {
    /// The case.
    pub(super) case: Case,
    /// What happened.
    pub(super) observation: Observation,
    /// What it offended.
    pub(super) offences: Vec<Offence>,
    /// Ties it to log lines.
    pub(super) nonce: String,
    /// What must not stand in the logs.
    pub(super) canary: Option<CanaryPlan>,
}

impl<'a> Ring<'a> {
    /// A ring with an empty wallet.
    pub(super) fn new(ground: &'a Ground, seed: u64, now: i64, timeout: Duration) -> Self {
        Self {
            ground,
            seed,
            now,
            timeout,
            wallet: Wallet::default(),
        }
    }

    /// Tries a case under a name that no other trial has. `alone` also looks into the logs, which a batch does for all its cases at once. `None` where it cannot
    /// be planned here: parts of a recipe that do not go together, a spelling that HTTP/2 has no way to write.
    pub(super) fn attempt(&self, case: &Case, name: &str, alone: bool) -> Option<Tried> {
        let surroundings = self.ground.surroundings(self.seed);
        let scenario = case.scenario(name).ok()?;
        let planned = plan(&scenario, &surroundings).into_iter().next()?;
        let Planned::Attempt(mut attempt) = planned else {
            return None;
        };
        let Act::Exchange(exchange) = &mut attempt.act else {
            return None;
        };
        let canary = exchange.canary.clone();
        exchange.look_at_tap = self.ground.target.tap().is_some();
        exchange.look_in_logs = alone && canary.is_some();
        let nonce = exchange.nonce.clone();
        let attacker = Attacker {
            deployment: &self.ground.deployment,
            target: &self.ground.target,
            wallet: &self.wallet,
            timeout: self.timeout,
        };
        let observation = attacker.perform(&attempt.act, &mut State::default());
        if observation.outcome == Outcome::NotTried {
            return None;
        }
        let mut offences = oracle::offences(case, &attempt.act, &observation, &surroundings, self.now);
        if let (Some(canary), Some(found)) = (&canary, observation.found.first()) {
            offences.push(oracle::leak(canary, &found.place));
        }
        Some(Tried {
            case: case.clone(),
            observation,
            offences,
            nonce,
            canary,
        })
    }

    /// Is the honest client served as herself?
    pub(super) fn serves(&self) -> bool {
        let shown = self.ground.deployment.shown_as("alice");
        // Asked twice: one lost packet is no death.
        (0..2).any(|_| {
            let seen = self
                .ground
                .honest(HttpVersion::Http11, self.seed, self.timeout * 2);
            seen.is_some_and(|seen| {
                let named = self.ground.deployment.file.app.identity.is_some();
                seen.outcome == Outcome::Granted
                    && (!named || seen.identity.as_deref() == Some(shown.as_str()))
            })
        })
    }

    /// The same case in each version of TLS and HTTP: who is granted must not depend on it. Only for cases whose request is
    /// plain: HTTP/2 rightly refuses spellings that HTTP/1.1 allows.
    pub(super) fn versions(&self, case: &Case, name: &str) -> Option<Offence> {
        let faulty = case.recipe().is_some_and(|recipe| !recipe.faults.is_empty());
        if case.has_odd_request() || faulty {
            return None;
        }
        let http2 = self
            .ground
            .deployment
            .facts
            .has(crate::scenario::vocabulary::Need::Http2);
        let mut seen: Vec<(String, String)> = Vec::new();
        for tls in [TlsVersion::Tls12, TlsVersion::Tls13] {
            for http in [HttpVersion::Http11, HttpVersion::Http2] {
                if http == HttpVersion::Http2 && !http2 {
                    continue;
                }
                let twin = Case {
                    tls: Some(tls),
                    http,
                    ..case.clone()
                };
                let tried = self.attempt(&twin, &format!("{name}-{tls}-{http}"), false)?;
                let class = match tried.observation.outcome {
                    Outcome::Granted => tried.observation.summary(),
                    Outcome::Refused | Outcome::Elsewhere => "refused".to_owned(),
                    Outcome::Timeout | Outcome::NotTried => return None,
                };
                seen.push((format!("TLS {tls} with HTTP/{http}"), class));
            }
        }
        let (first, class) = seen.first()?;
        let (other, differs) = seen.iter().find(|(_, other)| other != class)?;
        Some(Offence {
            oracle: Oracle::Versions,
            says: format!("{class} over {first}, but {differs} over {other}"),
            expect: "\"refused\"\nmatrix  = { tls = [\"1.2\", \"1.3\"] }".to_owned(),
        })
    }
}
