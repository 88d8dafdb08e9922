//! Objects of others, held against an object that does not exist (rule 8).
//!
//! A grant of somebody else's object is a hole only where an id that nobody has is *not* granted: a route that answers every
//! id with the same page proves nothing. And a refusal that differs from that of an id that nobody has tells an attacker
//! which ids exist (CWE-203); scenarios that ask for it judge that too.

use super::verdict::{Verdict, VerdictKind};
use super::{Evidence, refused};
use crate::observation::{Observation, Outcome};
use crate::plan::{Act, Expect};

/// Inconclusive where the foreign object and one that does not exist were both granted, alike.
pub(super) fn untellable(expect: &Expect, evidence: &Evidence<'_>) -> Option<Verdict> {
    let (_, absent) = evidence.absent?;
    let both = evidence.observation.outcome == Outcome::Granted && absent.outcome == Outcome::Granted;
    let asked = matches!(expect, Expect::Refused | Expect::RefusedAsAbsent);
    (both && asked && look(evidence.act, evidence.observation) == absent_look(evidence)?).then(|| {
        Verdict::inconclusive(
            "an object that does not exist is granted just so: give the route a `contains` that only the object has",
        )
    })
}

/// Refused, and just as an object that does not exist.
pub(super) fn as_absent(evidence: &Evidence<'_>) -> Verdict {
    let verdict = refused(evidence);
    if verdict.kind != VerdictKind::Pass {
        return verdict;
    }
    let (Some((_, absent)), Some(expected)) = (evidence.absent, absent_look(evidence)) else {
        return Verdict::inconclusive(
            "no id could be made up to compare with: the routes of two owners do not show one",
        );
    };
    match absent.outcome {
        Outcome::Timeout | Outcome::NotTried => {
            return Verdict::inconclusive(format!(
                "the object that does not exist was {}: nothing to compare with",
                absent.summary()
            ));
        }
        Outcome::Granted | Outcome::Refused | Outcome::Elsewhere => {}
    }
    if look(evidence.act, evidence.observation) == expected {
        Verdict {
            kind: VerdictKind::Pass,
            reason: format!(
                "refused just as an object that does not exist: {}",
                absent.summary()
            ),
        }
    } else {
        Verdict {
            kind: VerdictKind::Fail,
            reason: format!(
                "the foreign object is told from one that does not exist: {} and {}",
                evidence.observation.summary(),
                absent.summary()
            ),
        }
    }
}

fn absent_look(evidence: &Evidence<'_>) -> Option<(String, String)> {
    evidence.absent.map(|(act, observation)| look(act, observation))
}

/// What an attacker sees of an answer, with his own words (the nonce, the path that he asked for) taken out.
fn look(act: &Act, observation: &Observation) -> (String, String) {
    let body = observation
        .response
        .as_ref()
        .map(crate::observation::Response::text)
        .unwrap_or_default();
    let Act::Exchange(exchange) = act else {
        return (observation.summary(), body);
    };
    let target = String::from_utf8_lossy(&exchange.request.target).into_owned();
    let path = target.split('?').next().unwrap_or_default().to_owned();
    let mut words: Vec<&str> = vec![&exchange.nonce, &target, &path];
    words.extend(exchange.object.as_deref());
    let plain = words
        .into_iter()
        .filter(|word| word.len() > 1)
        .fold(body, |body, word| body.replace(word, ""));
    (observation.summary(), plain)
}
