//! Recorded verdicts: a text with one line a row, what has changed against it, and the exit code that follows.
//!
//! ```text
//! # gauntlet baseline of embedded
//! pass certificate/expired#tls1.3  tls alert 45
//! ```
//!
//! Verdict, id with its row, two spaces, and where and how it ended. Lines are sorted by id, so that a diff of two versions
//! is a diff of what the deployment does. Pure: text and events in, text and changes out.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use crate::complaint::Complaint;
use crate::event::{AttemptResult, Event, ScenarioResult};
use crate::judge::verdict::VerdictKind;

/// What is recorded of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The verdict.
    pub verdict: VerdictKind,
    /// Where and how it ended, or why it was skipped; one line.
    pub how: String,
}

impl Recorded {
    /// What is recorded of an attempt.
    pub fn of(attempt: &AttemptResult) -> Self {
        let how = attempt
            .observed
            .as_ref()
            .map_or(&attempt.verdict.reason, |observed| &observed.summary);
        Self::new(attempt.verdict.kind, how)
    }

    /// A verdict, and the words for how it came; they are put on one line.
    pub fn new(verdict: VerdictKind, how: &str) -> Self {
        Self {
            verdict,
            how: one_line(how),
        }
    }
}

/// Recorded verdicts by id with row.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    rows: BTreeMap<String, Recorded>,
}

impl Baseline {
    /// What a run's events say.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let results = events.into_iter().filter_map(|event| match event {
            Event::ScenarioFinished(result) => Some(result),
            Event::RunStarted(_)
            | Event::ScenarioStarted { .. }
            | Event::Notice { .. }
            | Event::RunFinished(_) => None,
        });
        Self::of_results(results)
    }

    /// What results say.
    pub fn of_results<'a>(results: impl IntoIterator<Item = &'a ScenarioResult>) -> Self {
        let mut rows = BTreeMap::new();
        for result in results {
            let id = result.claim.id.to_string();
            if result.attempts.is_empty() {
                rows.insert(id, Recorded::new(result.verdict.kind, &result.verdict.reason));
                continue;
            }
            for attempt in &result.attempts {
                let name = if attempt.row.is_empty() {
                    id.clone()
                } else {
                    format!("{id}#{}", one_line(&attempt.row))
                };
                rows.insert(name, Recorded::of(attempt));
            }
        }
        Self { rows }
    }

    /// Reads the text of a baseline file.
    ///
    /// # Errors
    /// A [`Complaint`] with the line that is not understood, is there twice or stands out of order.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Complaint> {
        let mut rows: BTreeMap<String, Recorded> = BTreeMap::new();
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let content = line.trim_end();
            let span = start..start + content.len();
            start += line.len();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            let complain = |message: String| Complaint::at(path, text, span.clone(), message);
            let (verdict, rest) = content.split_once(' ').unwrap_or((content, ""));
            let verdict: VerdictKind = verdict.parse().map_err(complain)?;
            let (id, how) = rest.split_once("  ").unwrap_or((rest, ""));
            if id.is_empty() {
                return Err(complain("a verdict without an id".to_owned())
                    .with_help("a line is `pass family/name#row  tls alert 45`"));
            }
            match rows.last_key_value().map(|(last, _)| last.as_str().cmp(id)) {
                Some(std::cmp::Ordering::Equal) => return Err(complain(format!("`{id}` is recorded twice"))),
                Some(std::cmp::Ordering::Greater) => {
                    return Err(complain(format!("`{id}` is not in order"))
                        .with_help("lines are sorted by id; record it again"));
                }
                Some(std::cmp::Ordering::Less) | None => {}
            }
            rows.insert(
                id.to_owned(),
                Recorded {
                    verdict,
                    how: how.to_owned(),
                },
            );
        }
        Ok(Self { rows })
    }

    /// The text of a baseline file.
    pub fn print(&self, deployment: &str) -> String {
        let mut text = format!("# gauntlet baseline of {}\n", one_line(deployment));
        for (id, Recorded { verdict, how }) in &self.rows {
            // Writing to a String cannot fail.
            let _ = if how.is_empty() {
                writeln!(text, "{verdict} {id}")
            } else {
                writeln!(text, "{verdict} {id}  {how}")
            };
        }
        text
    }

    /// The rows of `now`, and of this one those whose scenario was left out of the run.
    #[must_use]
    pub fn updated_by(&self, now: &Self, selected: impl Fn(&str) -> bool) -> Self {
        let kept = self.rows.iter().filter(|(id, _)| !selected(scenario_of(id)));
        let mut rows: BTreeMap<String, Recorded> = kept.map(|(id, row)| (id.clone(), row.clone())).collect();
        rows.extend(now.rows.clone());
        Self { rows }
    }

    /// What has changed from this to `now`. A recorded row that did not come up counts only where its scenario was selected.
    pub fn compare(&self, now: &Self, selected: impl Fn(&str) -> bool) -> Comparison {
        let mut ids: Vec<&String> = self.rows.keys().filter(|id| selected(scenario_of(id))).collect();
        ids.extend(now.rows.keys());
        ids.sort();
        ids.dedup();
        let (mut worse, mut better) = (Vec::new(), Vec::new());
        for id in ids {
            let change = Change {
                id: id.clone(),
                before: self.rows.get(id).cloned(),
                after: now.rows.get(id).cloned(),
            };
            match change.direction() {
                Direction::None => {}
                Direction::Worse => worse.push(change),
                Direction::Better => better.push(change),
            }
        }
        match (worse.is_empty(), better.is_empty()) {
            (true, true) => Comparison::Same,
            (false, true) => Comparison::Worse(worse),
            (true, false) => Comparison::Better(better),
            (false, false) => Comparison::Both { worse, better },
        }
    }
}

fn scenario_of(id: &str) -> &str {
    id.split('#').next().unwrap_or(id)
}

/// On one line, single spaces, no control characters: two spaces end the id in the file.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text
        .split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// A row that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Id with row.
    pub id: String,
    /// As recorded; absent for a new row.
    pub before: Option<Recorded>,
    /// As it is; absent for a row that did not come up.
    pub after: Option<Recorded>,
}

/// Towards what.
enum Direction {
    None,
    Worse,
    Better,
}

impl Change {
    /// The scenario of the row.
    pub fn scenario(&self) -> &str {
        scenario_of(&self.id)
    }

    /// The verdict is the same, and only the way to it another.
    pub fn is_of_the_way(&self) -> bool {
        let verdict = |recorded: &Option<Recorded>| recorded.as_ref().map(|recorded| recorded.verdict);
        verdict(&self.before) == verdict(&self.after)
    }

    /// Towards pass is better, and so is whatever merely differs in how (another alert): it must be looked at and recorded
    /// again. Towards fail is worse, and so is the loss of a proof: a row that is gone, skipped or inconclusive.
    fn direction(&self) -> Direction {
        use VerdictKind::{Fail, Inconclusive, Pass, Skipped};
        match (&self.before, &self.after) {
            (None, None) => Direction::None,
            (Some(before), Some(after)) if before == after => Direction::None,
            (Some(_), None) => Direction::Worse,
            (None, Some(after)) => match after.verdict {
                Pass | Skipped => Direction::Better,
                Fail | Inconclusive => Direction::Worse,
            },
            (Some(before), Some(after)) => match (before.verdict, after.verdict) {
                (_, Pass) | (Fail, Fail) | (Inconclusive, Inconclusive) | (Skipped, Skipped) => {
                    Direction::Better
                }
                (Pass | Inconclusive | Skipped, Fail)
                | (Pass | Fail | Skipped, Inconclusive)
                | (Pass | Fail | Inconclusive, Skipped) => Direction::Worse,
            },
        }
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (sign, row) in [('-', &self.before), ('+', &self.after)] {
            if let Some(Recorded { verdict, how }) = row {
                writeln!(formatter, "{sign} {verdict} {}  {how}", self.id)?;
            }
        }
        Ok(())
    }
}

/// A run against its baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub enum Comparison {
    /// Exactly as recorded.
    Same,
    /// Only worse.
    Worse(Vec<Change>),
    /// Only better, or refused in another way.
    Better(Vec<Change>),
    /// Some rows worse, some better.
    Both {
        /// The worse ones.
        worse: Vec<Change>,
        /// The better ones.
        better: Vec<Change>,
    },
}

impl Comparison {
    /// All rows that differ.
    pub fn changes(self) -> Vec<Change> {
        match self {
            Self::Same => Vec::new(),
            Self::Worse(changes) | Self::Better(changes) => changes,
            Self::Both { mut worse, better } => {
                worse.extend(better);
                worse
            }
        }
    }
}

/// What a run ends with; the numbers are those that scripts rely on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// Every conclusive verdict is pass, or exactly as the baseline says.
    Fine = 0,
    /// At least one fail, or worse than the baseline.
    Fail = 1,
    /// Bad input: arguments, scenario or deployment file.
    BadInput = 2,
    /// Nothing failed, but something is inconclusive or was cut short.
    Inconclusive = 3,
    /// Nothing ran.
    NothingRan = 4,
    /// Better than the baseline: record it again.
    Better = 5,
}

/// The exit code of a run from its numbers of passed, failed and inconclusive scenarios. That nothing ran comes before
/// everything: a comparison of nothing proves nothing. A run that was cut short is never fine.
pub fn exit_code(
    pass: usize,
    fail: usize,
    inconclusive: usize,
    interrupted: bool,
    comparison: Option<&Comparison>,
) -> Exit {
    if pass + fail + inconclusive == 0 {
        return Exit::NothingRan;
    }
    match comparison {
        Some(Comparison::Worse(_) | Comparison::Both { .. }) => Exit::Fail,
        Some(Comparison::Better(_) | Comparison::Same) if interrupted => Exit::Inconclusive,
        Some(Comparison::Better(_)) => Exit::Better,
        Some(Comparison::Same) => Exit::Fine,
        None if fail > 0 => Exit::Fail,
        None if inconclusive > 0 || interrupted => Exit::Inconclusive,
        None => Exit::Fine,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Baseline {
        Baseline::parse(Path::new("b.txt"), text).expect("parses")
    }

    const TEXT: &str = "# gauntlet baseline of d\nfail a/two  granted as bob\npass a/one#x  tls alert 45\nskipped b/three  needs logs\n";

    #[test]
    fn text_in_order_is_printed_as_it_was_read() {
        let sorted = "# gauntlet baseline of d\npass a/one#x  tls alert 45\nfail a/two  granted as bob\nskipped b/three  needs logs\n";
        assert_eq!(parse(sorted).print("d"), sorted);
    }

    #[test]
    fn a_line_out_of_order_or_with_an_unknown_verdict_is_named() {
        assert_eq!(
            Baseline::parse(Path::new("b"), TEXT)
                .expect_err("out of order")
                .line,
            3
        );
        let complaint = Baseline::parse(Path::new("b"), "# x\npas a/one\n").expect_err("no such verdict");
        assert!(
            complaint.line == 2 && complaint.message.contains("did you mean `pass`"),
            "{complaint}"
        );
    }

    #[test]
    fn every_change_has_its_direction() {
        let of = |before: &str, after: &str| parse(before).compare(&parse(after), |_| true);
        assert_eq!(of("pass a/b  x\n", "pass a/b  x\n"), Comparison::Same);
        for after in ["fail a/b", "inconclusive a/b", "skipped a/b", ""] {
            assert!(
                matches!(of("pass a/b  x\n", after), Comparison::Worse(_)),
                "{after}"
            );
        }
        for before in [
            "fail a/b",
            "inconclusive a/b",
            "skipped a/b",
            "",
            "pass a/b  another way",
        ] {
            assert!(
                matches!(of(before, "pass a/b  x\n"), Comparison::Better(_)),
                "{before}"
            );
        }
        assert!(matches!(
            of("pass a/b\nfail a/c\n", "fail a/b\npass a/c\n"),
            Comparison::Both { .. }
        ));
    }

    #[test]
    fn a_row_that_was_not_selected_is_not_missing() {
        let comparison =
            parse("pass a/b#r  x\npass c/d  x\n").compare(&parse("pass c/d  x\n"), |id| id == "c/d");
        assert_eq!(comparison, Comparison::Same);
    }

    #[test]
    fn exit_codes_are_the_documented_ones() {
        let worse = Comparison::Worse(Vec::new());
        let better = Comparison::Better(Vec::new());
        let code = |counts: (usize, usize, usize), cut, comparison| {
            exit_code(counts.0, counts.1, counts.2, cut, comparison) as u8
        };
        assert_eq!(code((1, 0, 0), false, None), 0);
        assert_eq!(code((1, 1, 1), false, None), 1);
        assert_eq!(code((1, 0, 1), false, None), 3);
        assert_eq!(code((1, 0, 0), true, None), 3);
        assert_eq!(code((0, 0, 0), false, None), 4);
        assert_eq!(code((0, 1, 0), false, Some(&Comparison::Same)), 0);
        assert_eq!(code((1, 0, 0), false, Some(&worse)), 1);
        assert_eq!(code((1, 0, 0), false, Some(&better)), 5);
        assert_eq!(code((0, 0, 0), false, Some(&better)), 4);
    }
}
