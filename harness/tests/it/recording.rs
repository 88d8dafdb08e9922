//! Whole runs of the embedded deployment: recorded, told again, cut short.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use mtls_gauntlet::event::Event;
use mtls_gauntlet::judge::VerdictKind;
use mtls_gauntlet::report;
use rustix::process::{Pid, Signal, kill_process};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_gauntlet"))
}

fn gauntlet(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn place(folder: &Path, name: &str) -> String {
    folder.join(name).to_string_lossy().into_owned()
}

#[test]
fn the_strict_deployment_passes_everything_and_its_replay_is_the_same_to_the_byte() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| place(folder.path(), name);
    let formats: Vec<&str> = report::Format::ALL.iter().map(|format| format.word()).collect();
    let mut arguments = vec!["run".to_owned()];
    arguments.extend(
        formats
            .iter()
            .flat_map(|format| ["--format".to_owned(), format!("{format}={}", at(format))]),
    );
    let output = program().args(&arguments).output().unwrap();
    let events = report::read(std::fs::File::open(at("jsonl")).unwrap()).unwrap();
    let mut told = 0;
    for event in &events {
        if let Event::ScenarioFinished(result) = event {
            // Its tickets allow no early data, so there is none to be sent again; and it says that it speaks TLS 1.2.
            let cannot = ["session/early-data-replay", "downgrade/tls12-undeclared"];
            let wanted = if cannot.contains(&result.claim.id.0.as_str()) {
                VerdictKind::Skipped
            } else {
                VerdictKind::Pass
            };
            assert_eq!(
                result.verdict.kind, wanted,
                "{}: {}",
                result.claim.id, result.verdict.reason
            );
            told += 1;
        }
    }
    assert_eq!(told, mtls_gauntlet::catalogue::scenario_files().count());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    for format in formats {
        let replayed = gauntlet(&["replay", &at("jsonl"), "--format", format]);
        assert_eq!(replayed.status.code(), Some(0), "{format}");
        assert_eq!(
            text(&replayed.stdout),
            std::fs::read_to_string(at(format)).unwrap(),
            "{format}"
        );
    }
}

#[test]
fn a_run_that_is_told_to_end_reports_what_is_done_and_is_not_fine() {
    let folder = tempfile::tempdir().unwrap();
    let recording = place(folder.path(), "cut.jsonl");
    let mut child = program()
        .args([
            "run",
            "--jobs",
            "1",
            "--format",
            "terminal",
            "--format",
            &format!("jsonl={recording}"),
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The first tenth is done: the run is in full swing.
    let mut first = String::new();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    stderr.read_line(&mut first).unwrap();
    assert!(first.contains("scenarios"), "{first}");
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let mut page = String::new();
    child.stdout.take().unwrap().read_to_string(&mut page).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(3), "{page}");
    assert!(
        page.contains("interrupted: what is missing was not tried"),
        "{page}"
    );
    let events = report::read(std::fs::File::open(&recording).unwrap()).unwrap();
    assert!(matches!(events.last(), Some(Event::RunFinished(finished)) if finished.interrupted));
    let replayed = gauntlet(&["replay", &recording]);
    assert_eq!((text(&replayed.stdout), replayed.status.code()), (page, Some(3)));
}

#[test]
fn a_row_that_is_refused_in_another_way_is_shown_and_exits_5() {
    let folder = tempfile::tempdir().unwrap();
    let (recording, baseline) = (place(folder.path(), "run.jsonl"), place(folder.path(), "b.txt"));
    let format = format!("jsonl={recording}");
    let run = [
        "run",
        "--scenario",
        "certificate/expired",
        "--format",
        &format,
        "--baseline",
        &baseline,
        "--record",
    ];
    assert_eq!(gauntlet(&run).status.code(), Some(0));
    let recorded = std::fs::read_to_string(&baseline).unwrap();
    let same = gauntlet(&["replay", &recording, "--baseline", &baseline]);
    assert_eq!(same.status.code(), Some(0), "{}", text(&same.stderr));
    let other = recorded.replacen("tls alert", "tls warning", 1);
    assert_ne!(other, recorded, "{recorded}");
    std::fs::write(&baseline, other).unwrap();
    let changed = gauntlet(&["replay", &recording, "--baseline", &baseline]);
    assert_eq!(changed.status.code(), Some(5), "{}", text(&changed.stderr));
    let diff = text(&changed.stderr);
    assert!(
        diff.contains("  - pass certificate/expired") && diff.contains("  + pass certificate/expired"),
        "{diff}"
    );
}

#[test]
fn check_says_everything_that_is_wrong_and_knows_variants() {
    let folder = tempfile::tempdir().unwrap();
    let variants = folder.path().join("variants");
    std::fs::create_dir(&variants).unwrap();
    let deployment = "name = \"lab\"\n[front]\nurl = \"https://localhost:1\"\n[app]\nprotected = { path = \"/\" }\n\
                      [users.alice]\nsubject = \"CN=alice\"\n[pki]\ngenerate = true\n[launch.settings]\nguard = \"on\"\n";
    std::fs::write(folder.path().join("deployment.toml"), deployment).unwrap();
    std::fs::write(
        variants.join("good.toml"),
        "says = \"s\"\nset = { guard = \"off\" }\nflips = []\n",
    )
    .unwrap();
    std::fs::write(
        variants.join("one.toml"),
        "says = \"s\"\nset = { gard = \"off\" }\nflips = []\n",
    )
    .unwrap();
    std::fs::write(
        variants.join("two.toml"),
        "says = \"s\"\nset = { guard = \"off\" }\nflps = []\n",
    )
    .unwrap();
    let good = gauntlet(&["check", &place(&variants, "good.toml")]);
    assert_eq!(good.status.code(), Some(0), "{}", text(&good.stderr));
    let all = gauntlet(&[
        "check",
        &place(&variants, "one.toml"),
        &place(folder.path(), "deployment.toml"),
    ]);
    let message = text(&all.stderr);
    assert_eq!(all.status.code(), Some(2), "{message}");
    for words in [
        "one.toml:2",
        "did you mean `guard`?",
        "two.toml:3",
        "did you mean `flips`?",
        "2 complaints",
    ] {
        assert!(message.contains(words), "no {words} in {message}");
    }
}

#[test]
fn two_reports_for_stdout_are_refused() {
    let output = gauntlet(&["run", "--format", "json", "--format", "terminal"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output.stderr).contains("two reports for stdout"),
        "{}",
        text(&output.stderr)
    );
}

#[test]
fn the_list_for_programs_has_every_scenario() {
    let output = gauntlet(&["list", "--json"]);
    let listed: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(listed.len(), mtls_gauntlet::catalogue::scenario_files().count());
    for scenario in listed {
        for field in ["id", "family", "title", "severity", "needs", "rows"] {
            assert!(
                scenario.get(field).is_some_and(|value| !value.is_null()),
                "no {field} in {scenario}"
            );
        }
    }
}

#[test]
fn a_closed_pipe_is_no_complaint() {
    let mut child = program()
        .args(["list", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut message = String::new();
    child.stderr.take().unwrap().read_to_string(&mut message).unwrap();
    assert_eq!((child.wait().unwrap().code(), message.as_str()), (Some(0), ""));
}

#[test]
fn lines_of_a_recording_have_a_schema() {
    let schema: serde_json::Value = serde_json::from_slice(&gauntlet(&["schema", "event"]).stdout).unwrap();
    let variants = schema.get("oneOf").and_then(serde_json::Value::as_array).unwrap();
    assert_eq!(variants.len(), 5, "one for each kind of event");
}
