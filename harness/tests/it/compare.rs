//! `gauntlet compare`: deployments that are run, runs that were recorded, and sources that are neither.

use std::path::Path;
use std::process::{Command, Output};

fn gauntlet(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gauntlet"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn place(folder: &Path, name: &str) -> String {
    folder.join(name).to_string_lossy().into_owned()
}

const SCENARIOS: [&str; 4] = ["--scenario", "certificate/expired", "--scenario", "direct/*"];

#[test]
fn a_planted_fault_stands_out_whether_it_is_run_or_was_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let (strict, planted, json) = (
        place(folder.path(), "strict.jsonl"),
        place(folder.path(), "planted.json"),
        place(folder.path(), "compared.json"),
    );
    for (deployment, format) in [
        ("embedded", format!("jsonl={strict}")),
        ("embedded+expiry-not-checked", format!("json={planted}")),
    ] {
        let arguments = [&["run", deployment, "--format", &format][..], &SCENARIOS].concat();
        assert!(gauntlet(&arguments).status.code().is_some_and(|code| code < 2));
    }
    let live = [
        &["compare", "embedded", "embedded+expiry-not-checked"][..],
        &SCENARIOS,
    ]
    .concat();
    let recorded = [
        "compare",
        &strict,
        &planted,
        "--format",
        "terminal",
        "--format",
        &format!("json={json}"),
    ];
    let pages: Vec<String> = [&live[..], &recorded]
        .iter()
        .map(|arguments| {
            let output = gauntlet(arguments);
            assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
            text(&output.stdout)
        })
        .collect();
    assert_eq!(
        pages.first(),
        pages.last(),
        "a recording is compared as its run is"
    );
    let page = pages.first().unwrap();
    assert!(page.starts_with("Other verdicts (1)\n"), "{page}");
    assert!(
        page.contains("certificate/expired  pass tls alert 45  fail granted as alice\n"),
        "{page}"
    );
    assert!(!page.contains("direct/"), "what is the same is left out: {page}");
    let document: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
    assert_eq!(document["schema"], "mtls-gauntlet/compare/1");
    assert_eq!(document["summary"]["verdict"], 1);
    assert!(
        document["scenarios"].as_array().unwrap().len() > 1,
        "all are in the document"
    );
    let all = gauntlet(&["compare", &strict, &planted, "--all"]);
    assert!(text(&all.stdout).contains("direct/"), "{}", text(&all.stdout));
    let rows = gauntlet(&["compare", &strict, &planted, "--rows", "--family", "certificate"]);
    assert!(
        text(&rows.stdout).contains("  #expired-1-day+tls1.2     pass tls alert 45  fail granted as alice\n"),
        "{}",
        text(&rows.stdout)
    );
}

#[test]
fn equal_runs_have_no_difference_and_exit_0() {
    let folder = tempfile::tempdir().unwrap();
    let recording = place(folder.path(), "a.jsonl");
    let format = format!("jsonl={recording}");
    gauntlet(&[
        "run",
        "embedded",
        "--scenario",
        "certificate/expired",
        "--format",
        &format,
    ]);
    let output = gauntlet(&["compare", &recording, &recording, "--format", "markdown"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = text(&output.stdout);
    assert!(
        page.starts_with("## gauntlet: embedded, embedded (2)\n") && page.contains(", 1 the same"),
        "{page}"
    );
}

#[test]
fn what_cannot_be_compared_exits_2_and_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let (other, broken) = (
        place(folder.path(), "other.json"),
        place(folder.path(), "broken.json"),
    );
    std::fs::write(&other, "{\"schema\": \"mtls-gauntlet/report/99\"}").unwrap();
    std::fs::write(&broken, "{").unwrap();
    for (arguments, words) in [
        (&["compare", "embedded"][..], "2 values required"),
        (&["compare", "embedded", "embeded"], "embedded"),
        (&["compare", "embedded", "nowhere.jsonl"], "nowhere.jsonl"),
        (&["compare", "embedded", &other], "mtls-gauntlet/report/99"),
        (&["compare", "embedded", &broken], "no JSON"),
        (
            &["compare", "embedded", "embedded", "--format", "sarif"],
            "json, markdown or terminal",
        ),
    ] {
        let output = gauntlet(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let message = text(&output.stderr);
        assert!(message.contains(words), "no {words} in {message}");
        assert!(!message.contains("scenarios,"), "nothing was run: {message}");
    }
}

#[test]
fn a_comparison_of_nothing_exits_4() {
    let output = gauntlet(&["compare", "embedded", "embedded", "--scenario", "nothing/*"]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
}
