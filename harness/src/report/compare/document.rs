//! The comparison for programs: one JSON document with every scenario, whether it differs or not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Cell, Compared, Comparison, Difference, Side};
use crate::judge::verdict::VerdictKind;
use crate::report::Summary;
use crate::scenario::Severity;

/// The version of the document.
pub const COMPARE_SCHEMA: &str = "mtls-gauntlet/compare/1";

/// The whole document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// [`COMPARE_SCHEMA`].
    pub schema: String,
    /// The deployments, in the order in which they were named.
    pub deployments: Vec<ComparedDeployment>,
    /// How many scenarios differ in which way.
    pub summary: Counts,
    /// Every scenario that any of the runs knows, by id.
    pub scenarios: Vec<ComparedScenario>,
}

/// A deployment that is compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedDeployment {
    /// Its name with `+variant`; a number follows where two runs have the same.
    pub name: String,
    /// When its run began, RFC 3339.
    pub started: String,
    /// The seed of its plan.
    pub seed: u64,
    /// Counts, score and grade; the last two are null where only a part of a recorded run is compared.
    pub summary: Summary,
}

/// Scenarios by how they differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// In the verdict.
    pub verdict: usize,
    /// In how the verdict came.
    pub how: usize,
    /// Not tried everywhere.
    pub untried: usize,
    /// Not at all.
    pub none: usize,
}

/// A scenario on all deployments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedScenario {
    /// The path-shaped id.
    pub id: String,
    /// The first part of the id.
    pub family: String,
    /// The property that must hold.
    pub title: String,
    /// How much it hurts if it does not.
    pub severity: Severity,
    /// How it differs.
    pub difference: Difference,
    /// Names of the rows that differ.
    pub rows: Vec<String>,
    /// One for each deployment, in their order; null where its run does not know the scenario.
    pub results: Vec<Option<ComparedResult>>,
}

/// What came of a scenario on one deployment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedResult {
    /// The deployment's name.
    pub deployment: String,
    /// What is said of it.
    pub verdict: VerdictKind,
    /// Why.
    pub reason: String,
    /// Where and how the rows with that verdict ended, in a baseline's words; each once, sorted.
    pub how: Vec<String>,
    /// Its attempts, one a row.
    pub attempts: Vec<ComparedAttempt>,
}

/// An attempt on one deployment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ComparedAttempt {
    /// The row's name; empty where there is only one.
    pub row: String,
    /// What is said of it.
    pub verdict: VerdictKind,
    /// Where and how it ended, in a baseline's words.
    pub how: String,
}

impl Document {
    pub(super) fn of(comparison: &Comparison) -> Self {
        let count = |difference| comparison.count(difference);
        Self {
            schema: COMPARE_SCHEMA.to_owned(),
            deployments: comparison
                .sides
                .iter()
                .map(|side| ComparedDeployment {
                    name: side.name.clone(),
                    started: side.started.clone(),
                    seed: side.seed,
                    summary: side.summary,
                })
                .collect(),
            summary: Counts {
                verdict: count(Difference::Verdict),
                how: count(Difference::How),
                untried: count(Difference::Untried),
                none: count(Difference::None),
            },
            scenarios: comparison
                .scenarios
                .iter()
                .filter_map(|scenario| compared(scenario, &comparison.sides))
                .collect(),
        }
    }
}

/// `None` never comes: a scenario is known because a side knows it.
fn compared(scenario: &Compared, sides: &[Side]) -> Option<ComparedScenario> {
    let Compared { id, difference, rows } = scenario;
    let first = sides.iter().find_map(|side| side.scenarios.get(id))?;
    Some(ComparedScenario {
        id: id.clone(),
        family: id.split('/').next().unwrap_or_default().to_owned(),
        title: first.title.clone(),
        severity: first.severity,
        difference: *difference,
        rows: rows.clone(),
        results: sides.iter().map(|side| result(id, side)).collect(),
    })
}

fn result(id: &str, side: &Side) -> Option<ComparedResult> {
    let seen = side.scenarios.get(id)?;
    let attempts = seen.rows.iter().map(|(row, recorded)| ComparedAttempt {
        row: row.clone(),
        verdict: recorded.verdict,
        how: recorded.how.clone(),
    });
    Some(ComparedResult {
        deployment: side.name.clone(),
        verdict: seen.verdict,
        reason: seen.reason.clone(),
        how: Cell::of(seen).how,
        attempts: attempts.collect(),
    })
}
