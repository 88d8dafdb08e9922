//! Without controls that held, nothing is judged.

use super::*;

#[test]
fn there_is_no_token_without_controls() {
    let verdict = Control::established(&[]).expect_err("no control");
    assert_eq!(verdict.kind, VerdictKind::Inconclusive);
}

#[test]
fn a_control_counts_only_before_and_after() {
    let good = granted_as("alice");
    let plan = demand(false, false);
    assert!(established(&plan, Some(&good), Some(&good)).is_ok());
    for (before, after) in [(None, Some(&good)), (Some(&good), None), (None, None)] {
        let verdict = established(&plan, before, after).expect_err("one is missing");
        assert_eq!(verdict.kind, VerdictKind::Inconclusive);
        assert!(
            verdict.reason.contains("alice is granted as alice"),
            "{}",
            verdict.reason
        );
    }
}

#[test]
fn a_dead_server_is_no_control() {
    let good = granted_as("alice");
    let dead = Observation::new(Layer::Tcp, Outcome::Refused);
    let verdict = established(&demand(false, false), Some(&good), Some(&dead)).expect_err("dead afterwards");
    assert_eq!(verdict.kind, VerdictKind::Inconclusive);
    assert!(verdict.reason.contains("after the attempt"), "{}", verdict.reason);
}

#[test]
fn a_control_under_another_name_is_none() {
    let good = granted_as("alice");
    let verdict = established(&demand(false, false), Some(&good), Some(&granted_as("bob")))
        .expect_err("bob is not alice");
    assert!(
        verdict
            .reason
            .contains("granted as bob instead of granted as alice"),
        "{}",
        verdict.reason
    );
}

#[test]
fn forging_needs_an_open_header_channel() {
    let closed = granted_as("alice");
    assert!(established(&demand(true, false), Some(&closed), Some(&closed)).is_err());
    let mut open = granted_as("alice");
    open.forwarded =
        vec![format!("GET / HTTP/1.1\r\n{}: n1\r\n\r\n", PROBE_HEADER.to_lowercase()).into_bytes()];
    assert!(established(&demand(true, false), Some(&open), Some(&open)).is_ok());
}

#[test]
fn a_log_without_the_nonce_is_the_wrong_log() {
    let mut wrong = granted_as("alice");
    wrong.nonce_logged = Some(false);
    assert!(established(&demand(false, true), Some(&wrong), Some(&wrong)).is_err());
    let mut right = granted_as("alice");
    right.nonce_logged = Some(true);
    assert!(established(&demand(false, true), Some(&right), Some(&right)).is_ok());
}

#[test]
fn a_ticket_that_does_not_resume_skips() {
    let plan = ControlPlan {
        label: "the ticket resumes".to_owned(),
        before: vec![],
        act: hello(),
        demand: Demand::Resumed,
        in_state: false,
    };
    let mut full = granted_as("alice");
    full.negotiated = Some(Negotiated::default());
    let verdict = established(&plan, Some(&full), Some(&full)).expect_err("a full handshake");
    assert_eq!(verdict.kind, VerdictKind::Skipped);
}

#[test]
fn where_no_request_has_trailers_a_forged_one_is_skipped() {
    let plan = ControlPlan {
        label: "a request with a harmless trailer is served".to_owned(),
        before: vec![],
        act: hello(),
        demand: Demand::Carried,
        in_state: false,
    };
    let (good, refused) = (
        granted_as("alice"),
        Observation::new(Layer::Http, Outcome::Refused),
    );
    let late = Observation::new(Layer::Http, Outcome::Timeout);
    let mut failed = refused.clone();
    failed.response = Some(Response {
        status: 502,
        headers: Vec::new(),
        body: Vec::new(),
        complete: true,
    });
    assert!(established(&plan, Some(&good), Some(&good)).is_ok());
    for (before, after, kind) in [
        (&refused, &refused, VerdictKind::Skipped),
        (&late, &good, VerdictKind::Inconclusive),
        (&failed, &failed, VerdictKind::Inconclusive),
        (&good, &refused, VerdictKind::Inconclusive),
    ] {
        let verdict = established(&plan, Some(before), Some(after)).expect_err("it does not hold");
        assert_eq!(verdict.kind, kind, "{}", verdict.reason);
    }
}
