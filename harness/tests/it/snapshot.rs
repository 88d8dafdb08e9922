//! The recorded verdicts of the repository, held against a run.

use std::path::Path;
use std::process::Command;

use mtls_gauntlet::baseline::Baseline;
use mtls_gauntlet::report;

/// The strict embedded deployment does today, row by row, what the repository says that it does. Nothing here writes the
/// file: whoever changes a verdict records it, looks at the diff and commits it.
#[test]
fn the_embedded_deployment_is_as_recorded() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let recorded = std::fs::read_to_string(root.join("snapshots/embedded.txt")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let recording = folder.path().join("run.jsonl");
    let output = Command::new(env!("CARGO_BIN_EXE_gauntlet"))
        .args(["run", "embedded", "--format"])
        .arg(format!("jsonl={}", recording.display()))
        .output()
        .unwrap();
    assert!(output.status.code().is_some(), "{output:?}");
    let events = report::read(std::fs::File::open(&recording).unwrap()).unwrap();
    let now = Baseline::of(&events).print("embedded");
    // The lines that differ say more than two texts of several hundred.
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (before, after) = (lines(&recorded), lines(&now));
    let gone = before
        .iter()
        .filter(|line| !after.contains(line))
        .map(|line| format!("- {line}"));
    let new = after
        .iter()
        .filter(|line| !before.contains(line))
        .map(|line| format!("+ {line}"));
    let diff: Vec<String> = gone.chain(new).collect();
    assert!(
        now == recorded,
        "snapshots/embedded.txt is not what the deployment does; look at it, then record it with \
         `gauntlet run embedded --record`:\n{}",
        diff.join("\n")
    );
}
