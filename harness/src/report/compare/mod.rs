//! Several deployments side by side: what each says to every scenario, and where and how each refuses.
//!
//! A verdict is what matters most, so scenarios whose verdicts differ come first. That one deployment refuses by an alert and
//! another by a status is no fault of either, but tells a person where stacks differ. What some could not try at all is kept
//! apart: it says what the deployments are. Pure: gathered runs in, text or a document out.

mod document;
mod markdown;
mod text;

use std::collections::{BTreeMap, BTreeSet};

pub use document::{COMPARE_SCHEMA, Document};

use super::{Look, Record, Report, Summary};
use crate::baseline::Recorded;
use crate::judge::verdict::VerdictKind;
use crate::observation::in_words;
use crate::scenario::Severity;

/// One deployment's run, as far as it is compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// The deployment's name with its variant; unique within a comparison.
    pub name: String,
    /// When the run began, RFC 3339.
    pub started: String,
    /// The seed of its plan.
    pub seed: u64,
    /// Counts, score and grade.
    pub summary: Summary,
    /// What came of each scenario, by id.
    pub scenarios: BTreeMap<String, Seen>,
}

/// What came of a scenario on one deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The property that must hold.
    pub title: String,
    /// How much it hurts if it does not.
    pub severity: Severity,
    /// What is said of it.
    pub verdict: VerdictKind,
    /// Why.
    pub reason: String,
    /// Its attempts by row; the name is empty where there is only one.
    pub rows: BTreeMap<String, Recorded>,
}

impl Side {
    /// A run, by its events.
    pub fn of_record(record: &Record) -> Self {
        let started = record.started.as_ref();
        let seen = record.results.values().map(|result| {
            let rows = result
                .attempts
                .iter()
                .map(|attempt| (attempt.row.clone(), Recorded::of(attempt)));
            let seen = Seen {
                title: result.claim.title.clone(),
                severity: result.claim.severity,
                verdict: result.verdict.kind,
                reason: result.verdict.reason.clone(),
                rows: rows.collect(),
            };
            (result.claim.id.to_string(), seen)
        });
        Self {
            name: record.deployment().to_owned(),
            started: started.map_or_else(String::new, |started| started.started.clone()),
            seed: started.map_or(0, |started| started.seed),
            summary: Summary::of(record),
            scenarios: seen.collect(),
        }
    }

    /// A run, by its JSON report. A row that was not tried has its reason only in a recording; here it has its scenario's.
    pub fn of_report(report: &Report) -> Self {
        let seen = report.results.iter().map(|result| {
            let rows = result.attempts.iter().map(|attempt| {
                let how = match &attempt.observed {
                    Some(seen) => in_words(
                        seen.layer,
                        seen.outcome,
                        seen.alert,
                        seen.status,
                        seen.identity.as_deref(),
                    ),
                    None => result.reason.clone(),
                };
                (attempt.row.clone(), Recorded::new(attempt.verdict, &how))
            });
            let seen = Seen {
                title: result.title.clone(),
                severity: result.severity,
                verdict: result.verdict,
                reason: result.reason.clone(),
                rows: rows.collect(),
            };
            (result.id.clone(), seen)
        });
        Self {
            name: report.deployment.clone(),
            started: report.started.clone(),
            seed: report.seed,
            summary: report.summary,
            scenarios: seen.collect(),
        }
    }

    /// Leaves only the scenarios that `wanted` takes; score and grade are those of the whole run no longer, and are dropped.
    pub fn retain(&mut self, wanted: impl Fn(&str) -> bool) {
        let before = self.scenarios.len();
        self.scenarios.retain(|id, _| wanted(id));
        if self.scenarios.len() != before {
            let kinds = self.scenarios.values().map(|seen| seen.verdict);
            let tally = super::Tally::of(kinds);
            self.summary = Summary {
                pass: tally.pass,
                fail: tally.fail,
                inconclusive: tally.inconclusive,
                skipped: tally.skipped,
                score: None,
                grade: None,
            };
        }
    }
}

crate::word::words! {
    /// How a scenario differs between deployments, the gravest first.
    Difference {
        /// Tried on several, with different verdicts.
        Verdict = "verdict",
        /// The same verdict, but refused or granted elsewhere or otherwise.
        How = "how",
        /// Not tried on all; alike where it was.
        Untried = "untried",
        /// The same everywhere.
        None = "none",
    }
}

/// Deployments side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    sides: Vec<Side>,
    scenarios: Vec<Compared>,
}

/// A scenario on all deployments.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Compared {
    id: String,
    difference: Difference,
    /// Names of the rows that differ.
    rows: Vec<String>,
}

/// What is shown of a comparison.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shown {
    /// Also the scenarios that are the same everywhere.
    pub all: bool,
    /// Also each row that differs.
    pub rows: bool,
}

impl Comparison {
    /// Puts runs side by side. Two of the same name are told apart by a number.
    pub fn of(sides: Vec<Side>) -> Self {
        let sides = with_own_names(sides);
        let ids: BTreeSet<&String> = sides.iter().flat_map(|side| side.scenarios.keys()).collect();
        let scenarios = ids.into_iter().map(|id| compared(id, &sides)).collect();
        Self { sides, scenarios }
    }

    /// The deployments, in the order in which they were named.
    pub fn sides(&self) -> &[Side] {
        &self.sides
    }

    /// How many scenarios differ in this way.
    pub fn count(&self, difference: Difference) -> usize {
        self.scenarios
            .iter()
            .filter(|scenario| scenario.difference == difference)
            .count()
    }

    /// For a person at a terminal, folded at its width.
    pub fn text(&self, shown: Shown, look: Look) -> String {
        text::page(self, shown, look)
    }

    /// For a page or a pull request.
    pub fn markdown(&self, shown: Shown) -> String {
        markdown::page(self, shown)
    }

    /// The document for programs: every scenario, and every row.
    pub fn document(&self) -> Document {
        Document::of(self)
    }

    /// The lines that a reader sees of a scenario: its own, and its rows where those are asked for, or where the scenario's
    /// line alone does not show the difference.
    fn lines(&self, scenario: &Compared, shown: Shown) -> Vec<Line> {
        let seen: Vec<Option<&Seen>> = self
            .sides
            .iter()
            .map(|side| side.scenarios.get(&scenario.id))
            .collect();
        let cells: Vec<Option<Cell>> = seen.iter().map(|seen| seen.map(Cell::of)).collect();
        let visible = cells.windows(2).any(|pair| matches!(pair, [a, b] if a != b));
        let mut lines = vec![Line {
            label: scenario.id.clone(),
            cells,
        }];
        if shown.rows || (!visible && scenario.difference != Difference::None) {
            for row in scenario.rows.iter().filter(|row| !row.is_empty()) {
                let cells = seen
                    .iter()
                    .map(|seen| seen.and_then(|seen| seen.rows.get(row)).map(Cell::of_row))
                    .collect();
                lines.push(Line {
                    label: format!("  #{row}"),
                    cells,
                });
            }
        }
        lines
    }

    /// The scenarios to show, by how they differ, the gravest difference first.
    fn sections(&self, shown: Shown) -> Vec<(Difference, Vec<&Compared>)> {
        let wanted = |difference: &Difference| shown.all || *difference != Difference::None;
        let all = Difference::ALL.iter().copied().filter(wanted);
        all.map(|difference| {
            let of_it = self
                .scenarios
                .iter()
                .filter(|scenario| scenario.difference == difference);
            (difference, of_it.collect::<Vec<_>>())
        })
        .filter(|(_, scenarios)| !scenarios.is_empty())
        .collect()
    }

    /// `183 scenarios on 2 deployments: 3 with other verdicts, …`.
    fn total(&self) -> String {
        let scenarios = self.scenarios.len();
        format!(
            "{scenarios} scenario{} on {} deployments: {} with other verdicts, {} with the same verdict reached otherwise, \
             {} not tried everywhere, {} the same",
            if scenarios == 1 { "" } else { "s" },
            self.sides.len(),
            self.count(Difference::Verdict),
            self.count(Difference::How),
            self.count(Difference::Untried),
            self.count(Difference::None),
        )
    }
}

fn heading(difference: Difference) -> &'static str {
    match difference {
        Difference::Verdict => "Other verdicts",
        Difference::How => "The same verdict, reached otherwise",
        Difference::Untried => "Not tried everywhere",
        Difference::None => "The same everywhere",
    }
}

/// A line of a table.
struct Line {
    label: String,
    /// One for each deployment; `None` where its run does not know the scenario or the row.
    cells: Vec<Option<Cell>>,
}

/// A verdict and how it came.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cell {
    verdict: VerdictKind,
    /// Distinct, sorted.
    how: Vec<String>,
}

impl Cell {
    /// A scenario's: how those of its rows ended that have its verdict.
    fn of(seen: &Seen) -> Self {
        let rows = seen.rows.values().filter(|row| row.verdict == seen.verdict);
        let how: BTreeSet<&str> = rows.map(|row| row.how.as_str()).collect();
        let mut how: Vec<String> = how.into_iter().map(str::to_owned).collect();
        if how.is_empty() {
            how.push(Recorded::new(seen.verdict, &seen.reason).how);
        }
        Self {
            verdict: seen.verdict,
            how,
        }
    }

    fn of_row(row: &Recorded) -> Self {
        Self {
            verdict: row.verdict,
            how: vec![row.how.clone()],
        }
    }

    fn text(&self) -> String {
        format!("{} {}", self.verdict, self.how.join(", "))
    }
}

fn compared(id: &str, sides: &[Side]) -> Compared {
    let seen: Vec<Option<&Seen>> = sides.iter().map(|side| side.scenarios.get(id)).collect();
    let tried: Vec<&Seen> = seen
        .iter()
        .flatten()
        .copied()
        .filter(|seen| seen.verdict != VerdictKind::Skipped)
        .collect();
    let names: BTreeSet<&String> = tried.iter().flat_map(|seen| seen.rows.keys()).collect();
    let mut rows = Vec::new();
    let mut gravest = Difference::None;
    for name in names {
        let cells: Vec<&Recorded> = tried
            .iter()
            .filter_map(|seen| seen.rows.get(name))
            .filter(|row| row.verdict != VerdictKind::Skipped)
            .collect();
        let difference = if !all_alike(cells.iter().map(|row| row.verdict)) {
            Difference::Verdict
        } else if !all_alike(cells.iter().map(|row| &row.how)) {
            Difference::How
        } else {
            continue;
        };
        rows.push(name.clone());
        gravest = gravest.min(difference);
    }
    if !all_alike(tried.iter().map(|seen| seen.verdict)) {
        gravest = Difference::Verdict;
    }
    if gravest == Difference::None && tried.len() < seen.len() && !tried.is_empty() {
        gravest = Difference::Untried;
    }
    Compared {
        id: id.to_owned(),
        difference: gravest,
        rows,
    }
}

fn all_alike<T: PartialEq>(items: impl IntoIterator<Item = T>) -> bool {
    let mut items = items.into_iter();
    let Some(first) = items.next() else {
        return true;
    };
    items.all(|item| item == first)
}

/// `staging`, `staging (2)`: two nights of one deployment are compared, too.
fn with_own_names(mut sides: Vec<Side>) -> Vec<Side> {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for side in &mut sides {
        let plain = if side.name.is_empty() {
            "unnamed".to_owned()
        } else {
            side.name.clone()
        };
        let numbered = (2..).map(|number| format!("{plain} ({number})"));
        let mut names = std::iter::once(plain.clone()).chain(numbered);
        side.name = names.find(|name| !taken.contains(name)).unwrap_or(plain);
        taken.insert(side.name.clone());
    }
    sides
}

#[cfg(test)]
mod tests;
