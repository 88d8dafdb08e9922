//! A server that serves nobody after an attempt: what counts as gone, and when an attempt is to blame.
//!
//! No [`super::Control`] token can exist here, since the control failed. Its place is taken by two [`Lost`] tokens: each
//! says that the honest client was served before the attempt and not after it, and the second one comes from a repetition
//! during which nothing else was done. One alone may be chance, or the deed of a neighbour.

use crate::observation::{Observation, Outcome};

use super::control::{Bracket, holds};
use super::verdict::{Verdict, VerdictKind};

/// TLS alert of a server that failed by itself (RFC 8446 section 6.2).
const INTERNAL_ERROR: u8 = 80;

/// Proof that the honest client was served before an attempt and got nothing after it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct Lost {
    what: String,
    /// A control was really sent afterwards; otherwise somebody had found the server gone by then.
    certain: bool,
}

/// Nobody answers, or only to say that something broke. A refusal is an answer: its server lives.
pub fn gone(observation: &Observation) -> bool {
    match observation.outcome {
        Outcome::Timeout => true,
        Outcome::Refused | Outcome::Elsewhere => match (observation.alert, observation.status()) {
            (Some(alert), _) => alert == INTERNAL_ERROR,
            (None, Some(status)) => status >= 500,
            (None, None) => true,
        },
        Outcome::Granted | Outcome::NotTried => false,
    }
}

/// The token, if every control held before the attempt and one of them met nobody after it, or was not even sent any more.
pub fn lost_service(brackets: &[Bracket<'_>]) -> Option<Lost> {
    let all_held = brackets
        .iter()
        .all(|bracket| bracket.before.is_some_and(|seen| holds(bracket.plan, seen)));
    if !all_held {
        return None;
    }
    let after = brackets
        .iter()
        .filter_map(|bracket| Some((bracket.plan, bracket.after?)));
    let mut lost =
        after.filter(|(plan, seen)| !holds(plan, seen) && (gone(seen) || seen.outcome == Outcome::NotTried));
    lost.next().map(|(plan, seen)| Lost {
        what: format!("{}: it was {}", plan.label, seen.summary()),
        certain: gone(seen),
    })
}

/// Did a control meet nobody at all, before or after, or was it not even sent any more?
pub fn was_gone(brackets: &[Bracket<'_>]) -> bool {
    brackets.iter().any(|bracket| {
        [bracket.before, bracket.after]
            .into_iter()
            .flatten()
            .any(|seen| gone(seen) || seen.outcome == Outcome::NotTried)
    })
}

/// The attempt took the service away, twice, the second time with nothing beside it. `dead` names the servers that ended.
pub fn brought_down(first: &Lost, again: &Lost, dead: &[String]) -> Verdict {
    let ended = if dead.is_empty() {
        String::new()
    } else {
        format!("; ended: {}", dead.join(", "))
    };
    if !again.certain {
        return Verdict::inconclusive(format!("nobody looked whether the server lives: {}", again.what));
    }
    let changed = if first == again || !first.certain {
        String::new()
    } else {
        format!(" (the first time, {})", first.what)
    };
    Verdict {
        kind: VerdictKind::Fail,
        reason: format!(
            "the honest client is served before it and no more after it, twice: {}{changed}{ended}",
            again.what
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observation::Layer;
    use crate::plan::{Act, ControlPlan, Demand, HelloPlan};

    fn plan() -> ControlPlan {
        let hello = HelloPlan {
            version: 0x0304,
            suites: Vec::new(),
            groups: Vec::new(),
            beside_groups: Vec::new(),
            signatures: Vec::new(),
            sni: None,
            compression: false,
            fallback: false,
            extended_master_secret: true,
            padding: None,
            fragment: None,
        };
        ControlPlan {
            label: "alice is granted".to_owned(),
            before: Vec::new(),
            act: Act::Hello(hello),
            demand: Demand::Granted {
                identity: None,
                probe: false,
                logged: false,
            },
            in_state: false,
        }
    }

    fn seen(outcome: Outcome) -> Observation {
        Observation::new(Layer::Tls, outcome)
    }

    fn lost(before: &Observation, after: &Observation) -> Option<Lost> {
        let plan = plan();
        lost_service(&[Bracket {
            plan: &plan,
            before: Some(before),
            after: Some(after),
        }])
    }

    #[test]
    fn a_server_that_answers_nobody_any_more_is_lost() {
        let granted = seen(Outcome::Granted);
        for after in [seen(Outcome::Timeout), seen(Outcome::Refused)] {
            assert!(lost(&granted, &after).is_some(), "{after:?}");
        }
        assert_eq!(lost(&granted, &granted), None);
    }

    #[test]
    fn a_refusal_is_no_death_and_a_dead_server_cannot_die() {
        let granted = seen(Outcome::Granted);
        let mut refused = seen(Outcome::Refused);
        refused.alert = Some(48);
        assert_eq!(lost(&granted, &refused), None);
        refused.alert = Some(INTERNAL_ERROR);
        assert!(lost(&granted, &refused).is_some());
        assert_eq!(lost(&seen(Outcome::Timeout), &seen(Outcome::Timeout)), None);
        assert!(was_gone(&[Bracket {
            plan: &plan(),
            before: Some(&seen(Outcome::Timeout)),
            after: None
        }]));
    }
}
