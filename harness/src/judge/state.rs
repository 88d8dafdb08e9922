//! Which state a deployment is in, judged by recorded rounds of honest probes.
//!
//! That files were written and a reload was ordered says nothing: an old worker may go on serving, or nothing may have been
//! read at all. A state counts as seen when several rounds in a row show it; otherwise the words here say what was seen.

use super::verdict::Verdict;
use crate::observation::{Observation, Outcome};

/// How many rounds in a row must show a state.
pub const IN_A_ROW: usize = 3;

/// One round of probes.
#[derive(Debug, Clone)]
pub struct Round {
    /// The credential that is revoked, or whose CA was taken out.
    pub marker: Observation,
    /// The one that is not.
    pub sibling: Observation,
}

/// A state that probes can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Both are granted: lists that revoke somebody else are in force, or none.
    Honest,
    /// The marker is refused, its sibling granted: as the deployment was started, or with the marker's CA taken out.
    Marked,
    /// Lists without the marker are in force: it is granted again, or everybody is refused.
    Unmarked,
}

impl Sign {
    /// Does one round show it?
    pub fn shown_by(self, round: &Round) -> bool {
        let granted = |seen: &Observation| seen.outcome == Outcome::Granted;
        let refused = |seen: &Observation| matches!(seen.outcome, Outcome::Refused | Outcome::Elsewhere);
        match self {
            Self::Honest => granted(&round.marker) && granted(&round.sibling),
            Self::Marked => refused(&round.marker) && granted(&round.sibling),
            Self::Unmarked => granted(&round.marker) || (refused(&round.marker) && refused(&round.sibling)),
        }
    }

    /// Do the last rounds show it, all alike?
    pub fn settled(self, rounds: &[Round]) -> bool {
        let last = rounds.iter().rev().take(IN_A_ROW);
        let same = |round: &Round, other: &Round| {
            round.marker.summary() == other.marker.summary()
                && round.sibling.summary() == other.sibling.summary()
        };
        rounds.len() >= IN_A_ROW
            && last
                .clone()
                .all(|round| self.shown_by(round) && rounds.last().is_some_and(|newest| same(round, newest)))
    }
}

/// Nobody gets in who is not revoked either.
pub fn everybody_is_refused(round: &Round) -> bool {
    let refused = |seen: &Observation| matches!(seen.outcome, Outcome::Refused | Outcome::Elsewhere);
    refused(&round.marker) && refused(&round.sibling)
}

/// What to say where the first lists are in force in part only: the marker is granted, what else they revoke is refused.
pub fn unmarked() -> Verdict {
    Verdict::inconclusive(
        "the lists in force are not those with which it was started: of two that these revoke, one is granted",
    )
}

/// What to say where a state was not seen within its time.
pub fn unseen(sign: Sign, last: Option<&Round>, seconds: u64) -> Verdict {
    let Some(round) = last else {
        return Verdict::inconclusive("nobody looked whether the new state holds");
    };
    let seen = format!(
        "the marker was {}, its sibling {}",
        round.marker.summary(),
        round.sibling.summary()
    );
    if everybody_is_refused(round) {
        return Verdict::inconclusive(format!(
            "everybody is refused, those who are not revoked too, as with an incomplete set of lists or a responder that is down: {seen}"
        ));
    }
    if sign != Sign::Marked && Sign::Marked.shown_by(round) {
        return Verdict::inconclusive(format!(
            "the proxy was not reloaded, or read nothing: {seconds} s after the reload the first lists are still in force ({seen})"
        ));
    }
    Verdict::inconclusive(format!(
        "the new state was not seen {IN_A_ROW} times in a row within {seconds} s of the reload: {seen}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::VerdictKind;
    use crate::observation::Layer;

    fn round(marker: Outcome, sibling: Outcome) -> Round {
        Round {
            marker: Observation::new(Layer::Tls, marker),
            sibling: Observation::new(Layer::Tls, sibling),
        }
    }

    use Outcome::{Granted, Refused, Timeout};

    #[test]
    fn once_is_not_consistently() {
        let marked = round(Refused, Granted);
        let old = round(Granted, Granted);
        assert!(!Sign::Marked.settled(std::slice::from_ref(&marked)));
        assert!(!Sign::Marked.settled(&[marked.clone(), old.clone(), marked.clone()]));
        assert!(!Sign::Marked.settled(&[marked.clone(), marked.clone(), old.clone()]));
        assert!(Sign::Marked.settled(&[old, marked.clone(), marked.clone(), marked]));
    }

    #[test]
    fn a_refusal_of_everybody_is_no_sign_of_a_revocation() {
        let all = [(); 3].map(|()| round(Refused, Refused));
        assert!(!Sign::Marked.settled(&all));
        assert!(Sign::Unmarked.settled(&all));
        let verdict = unseen(Sign::Marked, all.last(), 5);
        assert_eq!(verdict.kind, VerdictKind::Inconclusive);
        assert!(verdict.reason.contains("everybody is refused") && verdict.reason.contains("incomplete"));
    }

    #[test]
    fn a_timeout_shows_no_state() {
        for sign in [Sign::Honest, Sign::Marked, Sign::Unmarked] {
            assert!(!sign.settled(&[(); 3].map(|()| round(Timeout, Timeout))));
        }
    }

    #[test]
    fn rounds_that_differ_in_how_they_end_are_not_alike() {
        let mut by_alert = round(Refused, Granted);
        by_alert.marker.alert = Some(44);
        assert!(!Sign::Marked.settled(&[round(Refused, Granted), by_alert.clone(), by_alert]));
    }

    #[test]
    fn a_proxy_that_was_not_reloaded_is_named() {
        for sign in [Sign::Honest, Sign::Unmarked] {
            let verdict = unseen(sign, Some(&round(Refused, Granted)), 5);
            assert_eq!(verdict.kind, VerdictKind::Inconclusive);
            assert!(verdict.reason.contains("was not reloaded"), "{}", verdict.reason);
        }
        let verdict = unseen(Sign::Marked, Some(&round(Timeout, Granted)), 5);
        assert!(verdict.reason.contains("was not seen"), "{}", verdict.reason);
    }
}
