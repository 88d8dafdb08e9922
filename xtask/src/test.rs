//! `cargo xtask test`: the table of stages, and the summary that scripts read.

use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::matrix::Extent;
use crate::stage::{Outcome, cargo, run as run_command, run_cargo};
use crate::{django, fuzz, generated, matrix, packages};

/// One check. Each runs even if another failed, so that one run shows everything.
struct Stage {
    name: &'static str,
    /// What it came to, and what it counted; a stage that counts nothing is one check.
    run: fn(&Path) -> (Outcome, Tally),
    /// It takes too long for every change: it runs only where it is named.
    by_name_only: bool,
}

/// In the order in which they run: what installs first, what is quick next. Clippy and the tests share one profile; nothing
/// sets RUSTFLAGS, which would build every dependency again.
const STAGES: &[Stage] = &[
    Stage {
        name: "packages",
        run: |_| one(packages::install()),
        by_name_only: false,
    },
    Stage {
        name: "fmt",
        run: |root| one(run_cargo(root, &["fmt", "--all", "--check"])),
        by_name_only: false,
    },
    Stage {
        name: "clippy",
        run: |root| one(run_cargo(root, CLIPPY)),
        by_name_only: false,
    },
    Stage {
        name: "doc",
        run: |root| one(doc(root)),
        by_name_only: false,
    },
    Stage {
        name: "test",
        run: tests,
        by_name_only: false,
    },
    Stage {
        name: "django",
        run: app,
        by_name_only: false,
    },
    Stage {
        name: "generated",
        run: |root| one(generated::check(root)),
        by_name_only: false,
    },
    Stage {
        name: "examples",
        run: |root| one(run_cargo(root, EXAMPLES)),
        by_name_only: false,
    },
    Stage {
        name: "deny",
        run: |root| one(packages::deny(root)),
        by_name_only: false,
    },
    Stage {
        name: "regressions",
        run: |root| one(fuzz::regressions(root)),
        by_name_only: true,
    },
    Stage {
        name: "fuzz-smoke",
        run: |root| one(fuzz::smoke(root)),
        by_name_only: true,
    },
    Stage {
        name: "main-job",
        run: |root| one(run_cargo(root, &["run", "--release", "--quiet", "--locked"])),
        by_name_only: false,
    },
    Stage {
        name: "matrix",
        run: |root| one(matrix::check(root, Extent::Listed(ONE_IN), !is_ci())),
        by_name_only: false,
    },
    Stage {
        name: "matrix-whole",
        run: |root| one(matrix::check(root, Extent::Whole, !is_ci())),
        by_name_only: true,
    },
];

/// Of the scenarios that a planted fault's file does not list, one in so many is tried against it in the stage `matrix`.
const ONE_IN: &str = "30";

const CLIPPY: &[&str] = &[
    "clippy",
    "--quiet",
    "--locked",
    "--workspace",
    "--all-targets",
    "--",
    "-D",
    "warnings",
];

fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

const EXAMPLES: &[&str] = &[
    "run",
    "--quiet",
    "--locked",
    "--package",
    "mtls-gauntlet",
    "--",
    "check",
    "docs/staging/deployment.toml",
];

fn one(outcome: Outcome) -> (Outcome, Tally) {
    (outcome, Tally::default())
}

/// Documentation without a warning: a dead link is a mistake like any other.
fn doc(root: &Path) -> Outcome {
    let mut command = Command::new(cargo());
    command.args([
        "doc",
        "--quiet",
        "--locked",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ]);
    run_command(command.env("RUSTDOCFLAGS", "-Dwarnings").current_dir(root))
}

/// Runs the chosen stages, all where none is named; gives the exit code: 0, 1 for a failure, 2 for an unknown stage.
pub(crate) fn run(root: &Path, chosen: &[&str]) -> u8 {
    if let Some(unknown) = chosen
        .iter()
        .find(|name| !STAGES.iter().any(|stage| stage.name == **name))
    {
        let names: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
        say(&format!("no stage `{unknown}`; there are: {}", names.join(", ")));
        return 2;
    }
    let ci = is_ci();
    let mut results = Vec::new();
    for stage in STAGES
        .iter()
        .filter(|stage| (chosen.is_empty() && !stage.by_name_only) || chosen.contains(&stage.name))
    {
        say(&format!("== {}", stage.name));
        let started = Instant::now();
        let (outcome, counted) = (stage.run)(root);
        let outcome = outcome.in_ci(ci);
        let seconds = started.elapsed().as_secs();
        say(&format!("== {}: {outcome} ({seconds} s)", stage.name));
        let tally = counted.of_stage(&outcome);
        results.push((stage.name, outcome, tally, seconds));
    }
    say("");
    let mut all = Tally::default();
    for (name, outcome, tally, seconds) in &results {
        say(&format!("{name:<14} {seconds:>5} s  {outcome}"));
        all = all.plus(*tally);
    }
    say(
        "not checked: security advisories of dependencies (they need the RustSec database: `cargo deny check advisories`)",
    );
    say(&all.line());
    u8::from(all.failed > 0)
}

/// Every test of the workspace, with what `cargo test` counted. Its lines are passed on as they come.
fn tests(root: &Path) -> (Outcome, Tally) {
    let mut command = Command::new(cargo());
    command
        .args(["test", "--locked", "--workspace", "--no-fail-fast"])
        .current_dir(root);
    let mut child = match command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn() {
        Ok(child) => child,
        Err(error) => {
            return (
                Outcome::Failed(format!("could not start cargo: {error}")),
                Tally::default(),
            );
        }
    };
    let mut tally = Tally::default();
    for line in child
        .stdout
        .take()
        .into_iter()
        .flat_map(|out| BufReader::new(out).split(b'\n'))
        .map_while(Result::ok)
    {
        let line = String::from_utf8_lossy(&line);
        say(&line);
        tally = tally.plus(Tally::of_line(&line).unwrap_or_default());
    }
    let outcome = match child.wait() {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(status) => Outcome::Failed(format!("cargo test: {status}")),
        Err(error) => Outcome::Failed(format!("cargo test: {error}")),
    };
    (outcome, tally)
}

/// The tests of the Django app, with what pytest counted.
fn app(root: &Path) -> (Outcome, Tally) {
    let (outcome, last) = django::tests(root);
    say(&last);
    (outcome, Tally::of_pytest(&last))
}

/// How many checks came to what: each test, and each stage that is no test.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Tally {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Tally {
    /// What one line of `cargo test` counts; nothing for a line of another kind.
    fn of_line(line: &str) -> Option<Self> {
        let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
        let number = |word: &str| {
            let part = counts.split(';').find_map(|part| part.trim().strip_suffix(word));
            part.and_then(|number| number.trim().parse().ok())
        };
        Some(Self {
            passed: number("passed")?,
            failed: number("failed")?,
            skipped: number("ignored")?,
        })
    }

    /// What the last line of pytest counts (`1 failed, 199 passed, 2 skipped in 28.44s`); an error is a failure.
    fn of_pytest(line: &str) -> Self {
        let counts = line.split(" in ").next().unwrap_or_default();
        let number = |word: &str| {
            let part = counts.split(", ").find_map(|part| part.strip_suffix(word));
            part.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
        };
        Self {
            passed: number(" passed"),
            failed: number(" failed") + number(" error") + number(" errors"),
            skipped: number(" skipped"),
        }
    }

    /// A stage that counted nothing is one check; one that failed has at least one failure (tests that do not compile).
    fn of_stage(self, outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Passed if self == Self::default() => Self { passed: 1, ..self },
            Outcome::Passed => self,
            Outcome::Failed(_) => Self {
                failed: self.failed.max(1),
                ..self
            },
            Outcome::Skipped(_) => Self {
                skipped: self.skipped.max(1),
                ..self
            },
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            passed: self.passed + other.passed,
            failed: self.failed + other.failed,
            skipped: self.skipped + other.skipped,
        }
    }

    /// The last line: scripts read it.
    fn line(self) -> String {
        format!(
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.skipped
        )
    }
}

/// A line on stdout, at once: the commands between write there too. A closed pipe ends nothing.
fn say(line: &str) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{line}").and_then(|()| out.flush()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_stages_are_unique() {
        let mut names: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STAGES.len());
    }

    #[test]
    fn tests_are_counted_from_their_result_lines() {
        let line =
            "test result: ok. 41 passed; 2 failed; 3 ignored; 0 measured; 7 filtered out; finished in 0.10s";
        assert_eq!(
            Tally::of_line(line),
            Some(Tally {
                passed: 41,
                failed: 2,
                skipped: 3
            })
        );
        assert_eq!(Tally::of_line("test a_test ... ok"), None);
    }

    #[test]
    fn pytest_counts_in_its_last_line() {
        for (line, counted) in [
            ("200 passed in 28.44s", (200, 0, 0)),
            ("1 failed, 197 passed, 2 skipped, 1 error in 3.10s", (197, 2, 2)),
            ("no tests ran in 0.01s", (0, 0, 0)),
            ("", (0, 0, 0)),
        ] {
            let tally = Tally::of_pytest(line);
            assert_eq!((tally.passed, tally.failed, tally.skipped), counted, "{line}");
        }
    }

    #[test]
    fn a_stage_counts_as_one_check() {
        let none = Tally::default();
        assert_eq!(
            none.of_stage(&Outcome::Passed).line(),
            "1 passed, 0 failed, 0 skipped"
        );
        assert_eq!(
            none.of_stage(&Outcome::Skipped("x".to_owned())).line(),
            "0 passed, 0 failed, 1 skipped"
        );
        let some = Tally {
            passed: 4,
            failed: 0,
            skipped: 1,
        };
        assert_eq!(
            some.of_stage(&Outcome::Failed("y".to_owned())).line(),
            "4 passed, 1 failed, 1 skipped"
        );
        assert_eq!(some.of_stage(&Outcome::Passed), some);
    }

    #[test]
    fn an_unknown_stage_is_bad_input() {
        assert_eq!(run(Path::new("/"), &["no-such-stage"]), 2);
    }

    #[test]
    fn contributing_names_every_stage() {
        let text = include_str!("../../CONTRIBUTING.md");
        for stage in STAGES {
            assert!(
                text.contains(&format!("| `{}` |", stage.name)),
                "CONTRIBUTING.md has no row for {}",
                stage.name
            );
        }
    }

    #[test]
    fn the_readme_shows_the_example_as_it_is() {
        let example = include_str!("../../docs/staging/deployment.toml");
        assert!(
            include_str!("../../README.md").contains(&format!("```toml\n{example}```\n")),
            "README.md differs from docs/staging"
        );
    }
}
