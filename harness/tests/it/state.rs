//! States that cannot be brought about, or in which nobody gets in: each gives an inconclusive or skipped verdict with the
//! right words, on the embedded deployment with the omission planted.

use std::sync::Arc;
use std::time::Duration;

use mtls_gauntlet::catalogue;
use mtls_gauntlet::deployment::Deployment;
use mtls_gauntlet::event::{AttemptResult, Event};
use mtls_gauntlet::judge::VerdictKind;
use mtls_gauntlet::run::{Options, run};

fn options() -> Options {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Options {
        seed: 1,
        jobs: 2,
        timeout: Duration::from_secs(5),
        deadline: Some(Duration::from_secs(120)),
        shard: None,
        authorized: Vec::new(),
        intrusive: false,
        stop: Arc::default(),
        now: i64::try_from(since.unwrap().as_secs()).unwrap(),
    }
}

/// The embedded deployment with a text of one of its files replaced.
fn altered(file: &str, from: &str, to: &str) -> Deployment {
    let mut folder = catalogue::deployment_folder("embedded").unwrap().unwrap();
    let text = folder.get_mut(file).unwrap();
    assert!(text.contains(from), "{file} has no {from}");
    *text = text.replace(from, to);
    Deployment::from_folder(
        "embedded",
        std::path::Path::new("embedded/deployment.toml"),
        &folder,
    )
    .unwrap()
}

fn attempts(deployment: &Deployment, scenario: &str) -> Vec<AttemptResult> {
    let scenario = catalogue::scenario(scenario).unwrap();
    let mut attempts = Vec::new();
    run(deployment, &[scenario], &options(), &mut |event| {
        if let Event::ScenarioFinished(result) = event {
            attempts.extend(result.attempts);
        }
    })
    .unwrap();
    attempts
}

fn all(attempts: &[AttemptResult], kind: VerdictKind, words: &str) {
    assert!(!attempts.is_empty());
    for attempt in attempts {
        let verdict = &attempt.verdict;
        assert_eq!(verdict.kind, kind, "{}: {}", attempt.row, verdict.reason);
        assert!(
            verdict.reason.contains(words),
            "{}: {}",
            attempt.row,
            verdict.reason
        );
    }
}

#[test]
fn a_proxy_that_was_not_reloaded_is_named_and_proves_nothing() {
    let lazy = catalogue::deployment("embedded+reload-reads-nothing").unwrap();
    let tickets = attempts(&lazy, "session/ticket-after-revocation");
    all(&tickets, VerdictKind::Inconclusive, "the proxy was not reloaded");
    // Where the reload itself is on trial, it fails.
    let late = attempts(&lazy, "revocation/since-start");
    all(&late, VerdictKind::Fail, "the proxy was not reloaded");
}

#[test]
fn an_incomplete_set_of_lists_refuses_everybody_and_proves_nothing() {
    let incomplete = altered(
        "proxy.toml",
        "{{ pki.crl }}",
        "{{ pki.crls_without_intermediate }}",
    );
    let tried = attempts(&incomplete, "revocation/since-start");
    all(&tried, VerdictKind::Inconclusive, "an incomplete set of lists");
}

#[test]
fn a_responder_that_is_down_refuses_everybody_and_proves_nothing() {
    let down = altered("proxy.toml", "{{ responder.ocsp }}", "http://127.0.0.1:9/ocsp");
    let tried = attempts(&down, "revocation/ocsp-revoked");
    all(&tried, VerdictKind::Inconclusive, "a responder that is down");
}

#[test]
fn a_ticket_that_does_not_resume_is_skipped() {
    let forgetful = altered("proxy.toml", "resume       = true", "resume       = false");
    let tried = attempts(&forgetful, "session/ticket-after-revocation");
    all(
        &tried,
        VerdictKind::Skipped,
        "the ticket resumes where it was issued",
    );
}

#[test]
fn without_a_reload_or_a_responder_it_is_skipped() {
    let deaf = altered("deployment.toml", "responder = true\n", "");
    let tried = attempts(&deaf, "revocation/ocsp-unknown");
    all(&tried, VerdictKind::Skipped, "[launch] responder");
}
