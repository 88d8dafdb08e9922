//! `cargo xtask fuzz --coverage`: which lines of client-identity's parsers the seeds and corpora reach.
//!
//! `fuzz-replay` is built with coverage counters and without the engine, so that this needs no nightly compiler and few
//! crates; LLVM's own tools read the counters. Of the code under test only, since that is the question.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{has, say, seed_folders};
use crate::packages;
use crate::stage::{Outcome, cargo, run};

/// The share of lines that the corpora must reach, in percent.
const WANTED: u64 = 95;
/// The targets that feed client-identity.
const TARGETS: [&str; 7] = [
    "boundary",
    "certificate",
    "crl",
    "dialect_decode",
    "dialect_round_trip",
    "dn_parse",
    "dn_round_trip",
];
/// LLVM of the compiler's generation: its tools read the counters of this compiler, older ones do not.
const LLVM: [&str; 2] = ["22", "21"];

/// Builds, replays and reports.
pub(super) fn measure(root: &Path, corpora: &Path) -> Outcome {
    let Some((profdata, cov)) = tools() else {
        return Outcome::Skipped(
            "llvm-profdata and llvm-cov of LLVM 21 or 22 are missing (Debian: llvm-22)".to_owned(),
        );
    };
    let target = packages::target(root).join("coverage");
    let program = target.join("debug/fuzz-replay");
    let mut build = Command::new(cargo());
    build
        .args([
            "build",
            "--quiet",
            "--locked",
            "--package",
            "fuzz-properties",
            "--bin",
            "fuzz-replay",
        ])
        .args(["--no-default-features", "--target-dir"])
        .arg(&target)
        .env("RUSTFLAGS", "-Cinstrument-coverage")
        // Build scripts and macros would leave their own counters in the source folders.
        .env("LLVM_PROFILE_FILE", target.join("build/%p.profraw"));
    let counters = target.join("counters");
    let merged = target.join("merged.profdata");
    let outcome = run(build.current_dir(root));
    if outcome != Outcome::Passed {
        return outcome;
    }
    drop(std::fs::remove_dir_all(&counters));
    for name in TARGETS {
        let mut replay = Command::new(&program);
        replay
            .arg(name)
            .args(seed_folders(root, name))
            .env("LLVM_PROFILE_FILE", counters.join(format!("{name}.profraw")));
        let corpus = corpora.join(name);
        if corpus.is_dir() {
            replay.arg(corpus);
        }
        let outcome = run(replay.current_dir(root));
        if outcome != Outcome::Passed {
            return outcome;
        }
    }
    let mut merge = Command::new(&profdata);
    merge.args(["merge", "--sparse", "-o"]).arg(&merged);
    merge.args(TARGETS.map(|name| counters.join(format!("{name}.profraw"))));
    let outcome = run(&mut merge);
    if outcome != Outcome::Passed {
        return outcome;
    }
    report(root, &cov, &program, &merged)
}

/// llvm-profdata and llvm-cov; installed where we can.
fn tools() -> Option<(PathBuf, PathBuf)> {
    let find = || {
        LLVM.iter().find_map(|version| {
            let programs = (format!("llvm-profdata-{version}"), format!("llvm-cov-{version}"));
            (has(&programs.0) && has(&programs.1)).then(|| (programs.0.into(), programs.1.into()))
        })
    };
    find().or_else(|| {
        // What cannot be installed is missing afterwards, and said so by the caller.
        drop(packages::try_install(&["llvm-22"]));
        find()
    })
}

/// A line a file, and the sum.
fn report(root: &Path, cov: &Path, program: &Path, merged: &Path) -> Outcome {
    let output = Command::new(cov)
        .args(["export", "--format=lcov", "--instr-profile"])
        .arg(merged)
        .arg(program)
        .arg(root.join("client-identity/src"))
        .output();
    let text = match output {
        Ok(output) if output.status.success() => String::from_utf8_lossy(&output.stdout).into_owned(),
        Ok(output) => return Outcome::Failed(String::from_utf8_lossy(&output.stderr).into_owned()),
        Err(error) => return Outcome::Failed(format!("could not start {}: {error}", cov.display())),
    };
    let (mut all, mut reached) = (0, 0);
    for file in files(&text) {
        let path = file.name.clone();
        let name = path.rsplit("client-identity/src/").next().unwrap_or_default();
        if !is_parser(name) {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap_or_default();
        let file = file.without(&compile_time(&source));
        (all, reached) = (all + file.lines, reached + file.reached);
        let missed: Vec<String> = file.missed.iter().map(u64::to_string).collect();
        say(&format!(
            "{:>4}% {:>5} of {:>5}  {name}  {}",
            percent(file.reached, file.lines),
            file.reached,
            file.lines,
            missed.join(" ")
        ));
    }
    let share = percent(reached, all);
    say(&format!(
        "{share:>4}% {reached:>5} of {all:>5}  lines of client-identity's parsers"
    ));
    if all > 0 && share >= WANTED {
        Outcome::Passed
    } else {
        Outcome::Failed(format!(
            "the corpora reach {share} % of the lines, not {WANTED} %"
        ))
    }
}

/// What reads bytes. How attackers spell headers and which names are well known are tables that no input reaches.
fn is_parser(name: &str) -> bool {
    !matches!(name, "lib.rs" | "spelling.rs" | "well_known.rs") && !name.starts_with("dialect/hostile")
}

/// The lines of `const fn`: the compiler runs those that fill tables, and no counter sees it. By their text, as rustfmt
/// writes it: from the signature to the brace in its column. A line that a counter did see counts all the same.
fn compile_time(source: &str) -> BTreeSet<u64> {
    let mut lines = BTreeSet::new();
    let mut end = None;
    for (number, line) in (1_u64..).zip(source.lines()) {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        if text.contains("const fn ") && !text.starts_with("//") {
            end = Some(indent);
        }
        if let Some(column) = end {
            lines.insert(number);
            if text == "}" && indent == column {
                end = None;
            }
        }
    }
    lines
}

fn percent(part: u64, whole: u64) -> u64 {
    (part * 100).checked_div(whole).unwrap_or(0)
}

/// One file of a report in lcov's form.
#[derive(Debug, Default, PartialEq, Eq)]
struct File {
    name: String,
    lines: u64,
    reached: u64,
    missed: Vec<u64>,
}

impl File {
    /// The same without those missed lines.
    fn without(mut self, lines: &BTreeSet<u64>) -> Self {
        let before = self.missed.len();
        self.missed.retain(|line| !lines.contains(line));
        let left_out = before - self.missed.len();
        self.lines -= u64::try_from(left_out).unwrap_or(0);
        self
    }
}

/// The files: `SF:` begins one, `DA:line,count` is a line of it.
fn files(text: &str) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("SF:") {
            files.push(File {
                name: name.to_owned(),
                ..File::default()
            });
        } else if let Some((number, count)) = line.strip_prefix("DA:").and_then(|rest| rest.split_once(','))
            && let Some(file) = files.last_mut()
        {
            file.lines += 1;
            if count == "0" {
                file.missed.extend(number.parse::<u64>());
            } else {
                file.reached += 1;
            }
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_by_file() {
        let text = "SF:/x/client-identity/src/der.rs\nDA:1,5\nDA:2,0\nend_of_record\nSF:/y\nDA:3,1\n";
        let files = files(text);
        assert_eq!(files.len(), 2);
        assert_eq!(
            (files[0].lines, files[0].reached, files[0].missed.as_slice()),
            (2, 1, &[2][..])
        );
        assert_eq!(percent(1, 2), 50);
        assert_eq!(percent(1, 0), 0);
    }

    #[test]
    fn missed_lines_that_the_compiler_runs_are_left_out() {
        let source =
            "struct A;\nimpl A {\n    const fn a() -> Self {\n        Self\n    }\n    fn b() {}\n}\n";
        let lines = compile_time(source);
        assert_eq!(lines, BTreeSet::from([3, 4, 5]));
        let file = File {
            lines: 5,
            reached: 2,
            missed: vec![3, 5, 6],
            ..File::default()
        };
        let file = file.without(&lines);
        assert_eq!((file.lines, file.reached, file.missed), (3, 2, vec![6]));
    }

    #[test]
    fn tables_are_no_parsers() {
        assert!(
            is_parser("dn/mod.rs") && !is_parser("spelling.rs") && !is_parser("dialect/hostile/texts.rs")
        );
    }
}
