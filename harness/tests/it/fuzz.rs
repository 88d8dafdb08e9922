//! Campaigns against the embedded deployment: nothing is found on the strict one, planted faults are, and what is found is a
//! scenario that does it again.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use mtls_gauntlet::campaign::{CampaignOptions, Ending, Oracle, fuzz};
use mtls_gauntlet::catalogue;
use mtls_gauntlet::event::Event;
use mtls_gauntlet::judge::VerdictKind;
use mtls_gauntlet::run::{Options, run};
use mtls_gauntlet::scenario::ScenarioId;
use mtls_gauntlet::scenario::load::load;

/// Seconds since 1970 of now.
fn now() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

fn options(cases: u64) -> CampaignOptions {
    CampaignOptions {
        seed: 1,
        jobs: 4,
        timeout: Duration::from_secs(2),
        time: None,
        cases: Some(cases),
        corpus: None,
        resume: false,
        first: true,
        authorized: Vec::new(),
        stop: Arc::new(AtomicBool::new(false)),
        now: now(),
    }
}

fn campaign(deployment: &str, cases: u64) -> Ending {
    let deployment = catalogue::deployment(deployment).unwrap();
    fuzz(&deployment, &options(cases), &mut |_| {}).unwrap()
}

/// Runs the scenario of a finding; its verdict.
fn verdict(text: &str, deployment: &str) -> VerdictKind {
    let id = ScenarioId("fuzz/finding".to_owned());
    let scenario =
        load(id, Path::new("finding.toml"), text).unwrap_or_else(|complaint| panic!("{complaint}\n{text}"));
    let options = Options {
        seed: 77,
        jobs: 2,
        timeout: Duration::from_secs(5),
        deadline: None,
        shard: None,
        authorized: Vec::new(),
        intrusive: false,
        stop: Arc::new(AtomicBool::new(false)),
        now: now(),
    };
    let mut verdict = None;
    run(
        &catalogue::deployment(deployment).unwrap(),
        &[scenario],
        &options,
        &mut |event| {
            if let Event::ScenarioFinished(result) = event {
                verdict = Some(result.verdict.kind);
            }
        },
    )
    .unwrap();
    verdict.unwrap()
}

#[test]
fn nothing_is_found_on_the_strict_deployment() {
    let ending = campaign("embedded", 400);
    assert_eq!(ending.no_control, None);
    assert_eq!(ending.findings, Vec::new());
    assert!(ending.progress.cases >= 400);
    assert!(
        ending.progress.unplanned * 3 < ending.progress.cases,
        "{:?}",
        ending.progress
    );
    assert!(ending.progress.behaviours > 20, "{:?}", ending.progress);
}

/// Finds the fault of a variant; its scenario fails there, under other keys and another seed, and passes on the strict one.
fn is_found(variant: &str, oracle: Oracle) {
    let deployment = format!("embedded+{variant}");
    let ending = campaign(&deployment, 1500);
    assert_eq!(ending.no_control, None, "{variant}");
    let finding = ending
        .findings
        .first()
        .unwrap_or_else(|| panic!("{variant}: nothing in {:?}", ending.progress));
    assert_eq!(finding.offence.oracle, oracle, "{variant}: {finding:?}");
    let text = finding.scenario(&deployment, 1).unwrap();
    assert_eq!(
        verdict(&text, &deployment),
        VerdictKind::Fail,
        "{variant}:\n{text}"
    );
    assert_eq!(
        verdict(&text, "embedded"),
        VerdictKind::Pass,
        "{variant}:\n{text}"
    );
}

#[test]
fn a_forgotten_branch_without_certificate_is_found() {
    is_found("forgotten-no-certificate-branch", Oracle::Grant);
}

#[test]
fn merged_underscores_are_found() {
    is_found("underscore-merge", Oracle::Grant);
}

#[test]
fn accounts_for_strangers_are_found() {
    is_found("get-or-create", Oracle::Grant);
}

#[test]
fn a_certificate_in_the_log_is_found() {
    is_found("certificate-in-access-log", Oracle::Leak);
}

#[test]
fn a_pattern_over_the_printed_name_is_found() {
    is_found("common-name-by-pattern", Oracle::Grant);
}

#[test]
fn a_server_that_does_not_serve_is_no_pass() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deployment.toml");
    let text = "name = \"nobody\"\n[front]\nurl = \"https://127.0.0.1:9\"\nserver-ca = \"ca.pem\"\n[app]\nprotected = { path = \"/\" }\n\
        [users.alice]\nsubject = \"CN=alice\"\n[pki]\ncredentials.alice = { cert = \"alice.pem\", key = \"alice.key\" }\n";
    std::fs::write(&file, text).unwrap();
    let pki = certs_gen::Pki::generate(&certs_gen::PkiSpec::default()).unwrap();
    let alice = pki.credential("alice").unwrap();
    let files = [
        ("ca.pem", pem("CERTIFICATE", &pki.server_ca().unwrap())),
        ("alice.pem", pem("CERTIFICATE", alice.leaf().unwrap())),
        ("alice.key", pem("PRIVATE KEY", alice.key.pkcs8_der().unwrap())),
    ];
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let deployment = catalogue::deployment(&file.display().to_string()).unwrap();
    let ending = fuzz(&deployment, &options(10), &mut |_| {}).unwrap();
    assert!(ending.no_control.is_some());
    assert_eq!(ending.progress.cases, 0);
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}
