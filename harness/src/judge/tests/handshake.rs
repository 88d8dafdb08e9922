//! Wrong handshakes: what was not sent proves nothing, and neither does a client that cannot be honest.

use super::*;
use crate::scenario::vocabulary::Handshake;

fn refusal_wanted(act: &Act, observation: &Observation) -> Verdict {
    judge(
        &token(),
        &Expect::Refused,
        &Evidence {
            act,
            observation,
            readings: None,
            reading_nonce: None,
            absent: None,
        },
    )
}

fn wrong_handshake(handshake: Handshake) -> Act {
    let mut exchange = backend_exchange(false);
    exchange.endpoint = crate::scenario::vocabulary::Endpoint::Front;
    exchange.handshake = Some(handshake);
    Act::Exchange(Box::new(exchange))
}

#[test]
fn a_wrong_handshake_that_was_not_sent_proves_nothing() {
    let act = wrong_handshake(Handshake::CertificateVerifyOmitted);
    for seen in [refused_by_alert(40), granted_as("alice"), answered(403, &[])] {
        for deviated in [None, Some(false)] {
            let mut seen = seen.clone();
            seen.deviated = deviated;
            let verdict = refusal_wanted(&act, &seen);
            assert_eq!(verdict.kind, VerdictKind::Inconclusive);
            assert!(
                verdict.reason.contains("certificate-verify-omitted"),
                "{}",
                verdict.reason
            );
        }
        let mut sent = seen.clone();
        sent.deviated = Some(true);
        let verdict = refusal_wanted(&act, &sent);
        assert_eq!(
            verdict.kind == VerdictKind::Fail,
            seen.outcome == Outcome::Granted
        );
        assert_eq!(
            verdict.kind == VerdictKind::Pass,
            seen.outcome == Outcome::Refused
        );
    }
}

#[test]
fn an_honest_handshake_of_our_own_client_needs_no_deviation() {
    let act = wrong_handshake(Handshake::Honest);
    let verdict = refusal_wanted(&act, &refused_by_alert(40));
    assert_eq!(verdict.kind, VerdictKind::Pass);
}

#[test]
fn what_a_server_does_not_take_early_cannot_be_replayed() {
    let act = wrong_handshake(Handshake::EarlyDataReplayed);
    let mut seen = Observation::new(Layer::Tls, Outcome::Refused);
    seen.evidence.push("no ticket".to_owned());
    seen.deviated = Some(false);
    // Without any handshake nobody knows what the server would have taken.
    assert_eq!(refusal_wanted(&act, &seen).kind, VerdictKind::Inconclusive);
    seen.negotiated = Some(Negotiated::default());
    let verdict = refusal_wanted(&act, &seen);
    assert_eq!(verdict.kind, VerdictKind::Skipped);
    assert_eq!(verdict.reason, "no ticket");
}

#[test]
fn a_client_that_cannot_do_the_honest_handshake_proves_nothing() {
    let seen = granted_as("alice");
    let own = ControlPlan {
        label: "our own TLS client is served as alice where it is honest".to_owned(),
        act: wrong_handshake(Handshake::Honest),
        ..demand(false, false)
    };
    let refused = refused_by_alert(40);
    for (before, after) in [(&refused, &seen), (&seen, &refused)] {
        let verdict = established(&own, Some(before), Some(after)).expect_err("refused once");
        assert_eq!(verdict.kind, VerdictKind::Inconclusive);
        assert!(
            verdict.reason.contains("our own TLS client"),
            "{}",
            verdict.reason
        );
    }
}
