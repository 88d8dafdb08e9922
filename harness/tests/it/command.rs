//! The command line: exit codes, complaints, reports.

use std::path::Path;
use std::process::{Command, Output};

use mtls_gauntlet::catalogue;

fn gauntlet(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gauntlet"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn scenario(folder: &Path, name: &str, content: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.to_string_lossy().into_owned()
}

const HEAD: &str = "title = \"t\"\nseverity = \"high\"\nwhy = \"w\"\n[mend]\nany = \"m\"\n";

#[test]
fn a_passing_scenario_exits_0() {
    let output = gauntlet(&["run", "embedded", "--scenario", "certificate/expired"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(
        text(&output.stdout).contains("1 pass, 0 fail"),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn a_failing_scenario_exits_1_and_tells_how_to_mend_it() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = scenario(
        folder.path(),
        "wrong.toml",
        &format!("{HEAD}[[attempt]]\npresent = \"alice\"\nexpect = \"refused\"\n"),
    );
    let output = gauntlet(&["run", "embedded", "--scenario", &wrong]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let report = text(&output.stdout);
    assert!(report.contains("granted as alice"), "{report}");
}

#[test]
fn an_unknown_key_exits_2_with_line_and_the_nearest_word() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = scenario(
        folder.path(),
        "wrong.toml",
        &format!("{HEAD}[[attempt]]\npresnt = \"alice\"\n"),
    );
    let output = gauntlet(&["check", &wrong]);
    assert_eq!(output.status.code(), Some(2));
    let message = text(&output.stderr);
    assert!(message.contains("wrong.toml:7"), "{message}");
    assert!(message.contains("did you mean `present`?"), "{message}");
}

#[test]
fn bad_toml_and_missing_files_exit_2() {
    let folder = tempfile::tempdir().unwrap();
    let broken = scenario(folder.path(), "broken.toml", "title = \n");
    for file in [broken.as_str(), "/nowhere/at/all.toml"] {
        let output = gauntlet(&["check", file]);
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert!(text(&output.stderr).contains(file), "{}", text(&output.stderr));
    }
}

#[test]
fn an_unknown_deployment_or_variant_exits_2_with_the_names() {
    for (name, nearest) in [
        ("embeded", "embedded"),
        (
            "embedded+forgotten-no-certificate-branc",
            "forgotten-no-certificate-branch",
        ),
    ] {
        let output = gauntlet(&["run", name]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(text(&output.stderr).contains(nearest), "{}", text(&output.stderr));
    }
}

#[test]
fn nothing_to_run_exits_4() {
    let output = gauntlet(&["run", "embedded", "--scenario", "nothing/*"]);
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
}

#[test]
fn a_deployment_that_is_down_exits_3_and_names_the_control() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().to_string_lossy().into_owned();
    let output = gauntlet(&["pki", "--out", &format!("{at}/pki")]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let deployment = scenario(
        folder.path(),
        "deployment.toml",
        &format!(
            "name = \"down\"\n[front]\nurl = \"https://localhost:{}\"\nconnect = \"{closed}\"\nserver-ca = \"pki/server-ca.pem\"\n\
             [app]\nprotected = {{ path = \"/\" }}\n[users.alice]\nsubject = \"CN=alice\"\n\
             [pki]\ncredentials.alice = {{ cert = \"pki/credentials/alice/chain.pem\", key = \"pki/credentials/alice/key.pem\" }}\n",
            closed.port()
        ),
    );
    let none = scenario(
        folder.path(),
        "none.toml",
        &format!("{HEAD}[[attempt]]\npresent = \"none\"\n"),
    );
    let output = gauntlet(&["run", &deployment, "--scenario", &none]);
    assert_eq!(
        output.status.code(),
        Some(3),
        "{}{}",
        text(&output.stderr),
        text(&output.stdout)
    );
    assert!(
        text(&output.stdout).contains("alice is granted as alice"),
        "{}",
        text(&output.stdout)
    );
}

#[test]
fn shards_merge_into_the_whole_and_replay_tells_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let run = |name: &str, more: &[&str]| {
        let format = format!("jsonl={}", path(name));
        let mut arguments = vec![
            "run", "embedded", "--family", "direct", "--seed", "3", "--format", &format,
        ];
        arguments.extend_from_slice(more);
        assert_eq!(gauntlet(&arguments).status.code(), Some(0));
    };
    run("whole", &[]);
    run("first", &["--shard", "1/2"]);
    run("second", &["--shard", "2/2"]);
    let verdicts = |output: &Output| {
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let results = report.pointer("/results").unwrap().as_array().unwrap().clone();
        results
            .iter()
            .map(|result| (result["id"].clone(), result["verdict"].clone()))
            .collect::<Vec<_>>()
    };
    let whole = gauntlet(&["replay", &path("whole"), "--format", "json"]);
    let merged = gauntlet(&["merge", &path("first"), &path("second"), "--format", "json"]);
    assert_eq!(whole.status.code(), Some(0));
    assert_eq!(merged.status.code(), Some(0), "{}", text(&merged.stderr));
    assert_eq!(verdicts(&whole), verdicts(&merged));
    assert!(verdicts(&whole).len() > 5);
}

#[test]
fn a_report_has_the_fields_that_scripts_rely_on() {
    let output = gauntlet(&[
        "run",
        "embedded",
        "--scenario",
        "certificate/expired",
        "--format",
        "json",
    ]);
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["schema"], "mtls-gauntlet/report/1");
    for pointer in [
        "/tool",
        "/deployment",
        "/seed",
        "/started",
        "/duration_ms",
        "/summary/score",
        "/summary/grade",
    ] {
        assert!(report.pointer(pointer).is_some(), "no {pointer}");
    }
    for field in [
        "id",
        "family",
        "title",
        "severity",
        "verdict",
        "reason",
        "cwe",
        "owasp_api",
        "pci_dss",
        "soc2",
        "mend",
        "duration_ms",
    ] {
        assert!(
            report.pointer(&format!("/results/0/{field}")).is_some(),
            "no {field}"
        );
    }
    for field in [
        "row",
        "verdict",
        "expected",
        "observed/layer",
        "observed/outcome",
        "observed/alert",
        "observed/evidence",
    ] {
        assert!(
            report
                .pointer(&format!("/results/0/attempts/0/{field}"))
                .is_some(),
            "no {field}"
        );
    }
}

#[test]
fn a_baseline_tells_better_from_worse() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("b.txt").to_string_lossy().into_owned();
    let base = [
        "run",
        "embedded",
        "--scenario",
        "certificate/expired",
        "--baseline",
        &path,
    ];
    let with = |more: &[&str]| gauntlet(&[&base[..], more].concat()).status.code();
    assert_eq!(with(&["--record"]), Some(0));
    assert_eq!(with(&[]), Some(0));
    let recorded = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, recorded.replace("pass ", "fail ")).unwrap();
    assert_eq!(with(&[]), Some(5), "better than recorded");
    std::fs::write(&path, recorded.clone()).unwrap();
    let worse = gauntlet(&[
        "run",
        "embedded+expiry-not-checked",
        "--scenario",
        "certificate/expired",
        "--baseline",
        &path,
    ]);
    assert_eq!(worse.status.code(), Some(1), "{}", text(&worse.stderr));
    assert!(
        text(&worse.stderr).contains("worse than"),
        "{}",
        text(&worse.stderr)
    );
}

#[test]
fn schemas_are_fresh() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for (kind, file) in [
        ("scenario", "scenarios/schema.json"),
        ("deployment", "deployments/schema.json"),
        ("variant", "deployments/variant-schema.json"),
    ] {
        let printed = text(&gauntlet(&["schema", kind]).stdout);
        let committed = std::fs::read_to_string(root.join(file)).unwrap();
        let differ = printed
            .lines()
            .zip(committed.lines())
            .find(|(now, then)| now != then);
        assert!(
            printed == committed,
            "{file} differs at {differ:?}: write it again with `gauntlet schema {kind} > {file}`"
        );
    }
}

#[test]
fn every_command_has_help_and_the_program_describes_itself() {
    for command in [
        "run",
        "list",
        "explain",
        "check",
        "compare",
        "pki",
        "tap",
        "replay",
        "merge",
        "schema",
        "completions",
        "man",
        "deployments",
    ] {
        let output = gauntlet(&[command, "--help"]);
        assert_eq!(output.status.code(), Some(0), "{command}");
        assert!(text(&output.stdout).contains("Usage:"), "{command}");
    }
    assert!(text(&gauntlet(&["completions", "bash"]).stdout).contains("gauntlet"));
    assert!(text(&gauntlet(&["man"]).stdout).contains(".TH gauntlet"));
}

#[test]
fn explain_draws_the_chain_and_the_controls() {
    let output = text(&gauntlet(&["explain", "certificate/expired"]).stdout);
    for words in [
        "control:",
        "alice is granted as alice",
        "CN=alice,OU=people",
        "expected: refused",
        "how to mend it",
    ] {
        assert!(output.contains(words), "no `{words}` in\n{output}");
    }
}

#[test]
fn a_wrong_handshake_is_bracketed_by_the_same_clients_honest_one() {
    let output = text(&gauntlet(&["explain", "possession/sha1-scheme"]).stdout);
    let honest = |line: &&str| line.contains("control:") && line.contains("our own TLS client: honest");
    let wrong = |line: &&str| line.contains("attack:") && line.contains("our own TLS client: scheme-");
    // One of each a row, with the very credential of the attack.
    for credential in ["presenting alice,", "presenting alice-rsa2048,"] {
        let of = |kind: &dyn Fn(&&str) -> bool| {
            output
                .lines()
                .filter(|line| kind(line) && line.contains(credential))
                .count()
        };
        assert_eq!((of(&honest), of(&wrong)), (2, 2), "{credential}\n{output}");
    }
    let output = text(&gauntlet(&["explain", "session/renegotiation"]).stdout);
    assert!(
        output.contains("renegotiation, then admin's certificate"),
        "{output}"
    );
}

#[test]
fn the_same_seed_makes_the_same_plan() {
    let strip = |text: String| {
        text.lines()
            .filter(|line| !line.contains("Host: "))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let explain = |seed: &str| {
        strip(text(
            &gauntlet(&["explain", "identity-header/forged-other", "--seed", seed]).stdout,
        ))
    };
    let first = explain("7");
    let nonces = |text: &str| text.matches("nonce=n").count();
    assert!(nonces(&first) > 4);
    let queries = |text: &str| {
        text.split("nonce=")
            .skip(1)
            .map(|rest| rest.chars().take(17).collect::<String>())
            .collect::<Vec<_>>()
    };
    assert_eq!(queries(&first), queries(&explain("7")));
    assert_ne!(queries(&first), queries(&explain("8")));
}

#[test]
fn everything_shipped_is_understood() {
    let scenarios = catalogue::scenarios().unwrap();
    assert!(scenarios.len() >= 110, "{} scenarios", scenarios.len());
    for name in catalogue::deployment_names() {
        let deployment = catalogue::deployment(name).unwrap();
        for variant in deployment.variants.keys() {
            let planted = deployment.clone().with_variant(variant).unwrap();
            for flip in planted.variant.iter().flat_map(|variant| &variant.file.flips) {
                assert!(
                    scenarios.iter().any(|scenario| scenario.claim.id.0 == *flip),
                    "{name}+{variant} flips unknown {flip}"
                );
            }
        }
    }
}
