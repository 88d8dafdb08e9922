//! The detection matrix: every deployment, hardened and with each planted fault, against every scenario.

use std::path::Path;

use crate::stage::{Outcome, run_cargo};

/// The page that is committed.
const PAGE: &str = "docs/DETECTION.md";
/// Where a check writes its own.
const FRESH: &str = "target/DETECTION.md";

/// Runs all of it and writes the page. `record` also records the verdicts of the hardened deployments.
pub(crate) fn write(root: &Path, record: bool) -> Outcome {
    let mut arguments = matrix(PAGE);
    if record {
        arguments.push("--record");
    }
    run_cargo(root, &arguments)
}

/// How much of the catalogue a planted fault meets.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Extent {
    /// All of it.
    Whole,
    /// The scenarios that its file lists, and a fixed sample of the others: one in so many.
    Listed(&'static str),
}

/// Runs every deployment with each of its faults: each fails exactly the scenarios that its file lists, every scenario is
/// caught by one, the hardened deployments are as recorded, and the committed page says so. With `lenient` deployments whose
/// servers are not installed are left out, and the page is not compared.
pub(crate) fn check(root: &Path, extent: Extent, lenient: bool) -> Outcome {
    let mut arguments = matrix(FRESH);
    if let Extent::Listed(one_in) = extent {
        arguments.extend(["--sample", one_in, "--parallel", "8", "--second-look"]);
    }
    if lenient {
        arguments.push("--skip-missing");
    }
    match run_cargo(root, &arguments) {
        Outcome::Passed if lenient => Outcome::Passed,
        Outcome::Passed => compare(root),
        outcome @ (Outcome::Failed(_) | Outcome::Skipped(_)) => outcome,
    }
}

fn matrix(page: &'static str) -> Vec<&'static str> {
    let mut arguments = vec!["run", "--release", "--quiet", "--locked", "--", "matrix"];
    arguments.extend(["--snapshots", "snapshots", "--page", page]);
    arguments
}

fn compare(root: &Path) -> Outcome {
    let read =
        |place: &str| std::fs::read_to_string(root.join(place)).map_err(|error| format!("{place}: {error}"));
    match (read(PAGE), read(FRESH)) {
        (Ok(committed), Ok(fresh)) if committed == fresh => Outcome::Passed,
        (Ok(_), Ok(_)) => Outcome::Failed(format!("{PAGE} is stale: `cargo xtask matrix` writes it")),
        (Err(error), _) | (_, Err(error)) => Outcome::Failed(error),
    }
}
