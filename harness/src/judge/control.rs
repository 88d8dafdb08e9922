//! The proof that an attempt would have shown a hole: the token without which there is no pass and no fail.
//!
//! [`Control`] has one constructor, [`Control::established`], and it looks at honest exchanges from before *and* after the
//! attempt. Whoever wants to know where verdicts come from can search for its name.

use crate::observation::{Observation, Outcome};
use crate::plan::{ControlPlan, Demand, Identity};

use super::verdict::Verdict;

/// Proof that the deployment was alive, willing and observable around an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Control(());

/// What came of one control: its plan and the observations before and after the attempt.
#[derive(Debug, Clone)]
pub struct Bracket<'a> {
    /// The plan.
    pub plan: &'a ControlPlan,
    /// Before the attempt.
    pub before: Option<&'a Observation>,
    /// After it.
    pub after: Option<&'a Observation>,
}

impl Control {
    /// The token, if every control came out as it must, before and after.
    ///
    /// # Errors
    /// The verdict instead: inconclusive with the failed control named, or skipped where a feature is missing.
    pub fn established(brackets: &[Bracket<'_>]) -> Result<Self, Verdict> {
        if brackets.is_empty() {
            return Err(Verdict::inconclusive(
                "no control was planned: nothing can be proven",
            ));
        }
        for bracket in brackets {
            for (when, observation) in [(BEFORE, bracket.before), ("after", bracket.after)] {
                let Some(observation) = observation else {
                    return Err(Verdict::inconclusive(format!(
                        "control not done {when} the attempt: {}",
                        bracket.plan.label
                    )));
                };
                held(&bracket.plan.demand, observation)
                    .map_err(|why| refusal(bracket.plan, when, observation, &why))?;
            }
        }
        Ok(Self(()))
    }
}

/// In words of verdicts: the control came first.
const BEFORE: &str = "before";

/// Did a control come out as its plan demands?
pub fn holds(plan: &ControlPlan, observation: &Observation) -> bool {
    held(&plan.demand, observation).is_ok()
}

fn refusal(plan: &ControlPlan, when: &str, observation: &Observation, why: &str) -> Verdict {
    // A timeout is no refusal, and a server that fails over something harmless is nothing to pass over.
    let refused = matches!(observation.outcome, Outcome::Refused | Outcome::Elsewhere)
        && super::server_error(observation).is_none();
    match plan.demand {
        Demand::Granted { .. } if plan.in_state => Verdict::inconclusive(format!(
            "everybody is refused in this state, who is not revoked too: {} ({when} the attempt): {why}",
            plan.label
        )),
        Demand::Resumed => Verdict::skipped(format!("{} ({when}): {why}", plan.label)),
        Demand::Carried if when == BEFORE && refused => Verdict::skipped(format!("{}: {why}", plan.label)),
        Demand::Granted { .. } | Demand::Refused | Demand::Offered | Demand::Found | Demand::Carried => {
            Verdict::inconclusive(format!(
                "control failed {when} the attempt: {}: {why}",
                plan.label
            ))
        }
    }
}

/// Did a control come out as it must?
fn held(demand: &Demand, observation: &Observation) -> Result<(), String> {
    match demand {
        Demand::Granted {
            identity,
            probe,
            logged,
        } => granted(identity.as_ref(), *probe, *logged, observation),
        Demand::Refused => match observation.outcome {
            Outcome::Refused | Outcome::Elsewhere => Ok(()),
            Outcome::Granted | Outcome::Timeout | Outcome::NotTried => {
                Err(format!("it was {}", observation.summary()))
            }
        },
        Demand::Offered => match &observation.offered {
            Some(_) => Ok(()),
            None => Err(format!("it was not taken: {}", observation.summary())),
        },
        Demand::Resumed => match &observation.negotiated {
            Some(negotiated) if negotiated.resumed => Ok(()),
            Some(_) | None => Err("the server made a full handshake".to_owned()),
        },
        Demand::Carried => granted(None, false, false, observation),
        Demand::Found => match observation.outcome {
            Outcome::NotTried => Err(observation
                .evidence
                .first()
                .cloned()
                .unwrap_or_else(|| "not found".to_owned())),
            Outcome::Granted | Outcome::Refused | Outcome::Elsewhere | Outcome::Timeout => Ok(()),
        },
    }
}

fn granted(
    identity: Option<&Identity>,
    probe: bool,
    logged: bool,
    observation: &Observation,
) -> Result<(), String> {
    if observation.outcome != Outcome::Granted {
        let evidence = observation
            .evidence
            .first()
            .map(|text| format!(" ({text})"))
            .unwrap_or_default();
        return Err(format!("it was {}{evidence}", observation.summary()));
    }
    if let Some(identity) = identity
        && !matches(identity, observation.identity.as_deref())
    {
        return Err(format!(
            "it was {} instead of granted as {identity}",
            observation.summary()
        ));
    }
    if probe && !forwarded_probe(observation) {
        return Err("a harmless header did not reach the app: the header channel is closed".to_owned());
    }
    if logged && observation.nonce_logged != Some(true) {
        return Err("its nonce is not in the logs: wrong log, or nothing is logged".to_owned());
    }
    Ok(())
}

/// Is this the identity that was meant?
pub(super) fn matches(expected: &Identity, seen: Option<&str>) -> bool {
    match expected {
        Identity::Anonymous => seen.is_none(),
        Identity::Unshown => true,
        Identity::User(name) => seen == Some(name.as_str()),
    }
}

fn forwarded_probe(observation: &Observation) -> bool {
    let needle = crate::plan::control::PROBE_HEADER.to_ascii_lowercase();
    observation.forwarded.iter().any(|head| {
        String::from_utf8_lossy(head)
            .to_ascii_lowercase()
            .lines()
            .any(|line| line.starts_with(&needle))
    })
}
