//! The score and the grade: one number and one letter for a whole run.
//!
//! Each scenario counts once, however many rows it has, with the weight of its severity: critical 10, high 5, medium 2,
//! low 1. The score is the weight of the passed ones in a hundred of the weight of all that were tried, rounded down: only
//! a run in which everything passed has 100. An inconclusive scenario counts as tried and not passed, because a score must
//! not rise when a server stops answering. A skipped one does not count: it says what the deployment is, not how it is kept.
//!
//! The grade follows from the score (A from 95, B from 85, C from 70, D from 50, else F) and is capped by the gravest
//! scenario that failed: critical F, high C, medium B. A critical or high scenario that is inconclusive caps it at B.
//! A run in which nothing was tried has no score and no grade.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Record;
use crate::event::ScenarioResult;
use crate::judge::verdict::VerdictKind;
use crate::scenario::Severity;

/// How many scenarios (or rows) came to which verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// The property held.
    pub pass: usize,
    /// It did not.
    pub fail: usize,
    /// Tried, nothing proven.
    pub inconclusive: usize,
    /// Not tried.
    pub skipped: usize,
}

impl Tally {
    /// Counts verdicts.
    pub fn of(kinds: impl IntoIterator<Item = VerdictKind>) -> Self {
        let mut tally = Self::default();
        for kind in kinds {
            match kind {
                VerdictKind::Pass => tally.pass += 1,
                VerdictKind::Fail => tally.fail += 1,
                VerdictKind::Inconclusive => tally.inconclusive += 1,
                VerdictKind::Skipped => tally.skipped += 1,
            }
        }
        tally
    }

    /// How many were tried.
    pub fn tried(&self) -> usize {
        self.pass + self.fail + self.inconclusive
    }
}

/// The letter beside the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Grade {
    /// From 95.
    A,
    /// From 85; the best where a medium scenario failed, or a high one is inconclusive.
    B,
    /// From 70; the best where a high scenario failed.
    C,
    /// From 50.
    D,
    /// Below 50, or a critical scenario failed.
    F,
}

impl Grade {
    /// The letter.
    pub fn letter(self) -> char {
        match self {
            Self::A => 'A',
            Self::B => 'B',
            Self::C => 'C',
            Self::D => 'D',
            Self::F => 'F',
        }
    }

    fn of_score(score: u8) -> Self {
        match score {
            95.. => Self::A,
            85..=94 => Self::B,
            70..=84 => Self::C,
            50..=69 => Self::D,
            0..=49 => Self::F,
        }
    }

    /// The best grade that a scenario of this severity leaves with this verdict.
    fn cap(severity: Severity, kind: VerdictKind) -> Self {
        match (kind, severity) {
            (VerdictKind::Pass | VerdictKind::Skipped, _) => Self::A,
            (VerdictKind::Fail, Severity::Critical) => Self::F,
            (VerdictKind::Fail, Severity::High) => Self::C,
            (VerdictKind::Fail, Severity::Medium) => Self::B,
            (VerdictKind::Fail, Severity::Low) => Self::A,
            (VerdictKind::Inconclusive, Severity::Critical | Severity::High) => Self::B,
            (VerdictKind::Inconclusive, Severity::Medium | Severity::Low) => Self::A,
        }
    }
}

/// What keeps the grade below the one of the score alone: a high score beside an F would puzzle whoever reads it. A score of
/// a run in which everything was inconclusive is explained too.
pub(super) fn capped_by(record: &Record) -> Option<String> {
    let summary = Summary::of(record);
    let (score, grade) = (summary.score?, summary.grade?);
    if summary.pass + summary.fail == 0 {
        return Some("nothing was proven".to_owned());
    }
    if Grade::of_score(score) == grade {
        return None;
    }
    let gravest = |kind: VerdictKind| {
        let results = record.results.values();
        results
            .filter(|result| result.verdict.kind == kind && Grade::cap(result.claim.severity, kind) == grade)
            .map(|result| result.claim.severity)
            .max()
    };
    let failed = gravest(VerdictKind::Fail).map(|severity| format!("a {} scenario failed", severity.word()));
    failed.or_else(|| {
        gravest(VerdictKind::Inconclusive)
            .map(|severity| format!("a {} scenario is inconclusive", severity.word()))
    })
}

/// What a scenario of this severity weighs.
pub(super) fn weight(severity: Severity) -> u64 {
    match severity {
        Severity::Low => 1,
        Severity::Medium => 2,
        Severity::High => 5,
        Severity::Critical => 10,
    }
}

/// The `summary` of a report: scenarios by verdict, score and grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Scenarios whose property held.
    pub pass: usize,
    /// Scenarios whose property did not hold.
    pub fail: usize,
    /// Scenarios that proved nothing.
    pub inconclusive: usize,
    /// Scenarios that were not tried.
    pub skipped: usize,
    /// 0 to 100; null where nothing was tried.
    pub score: Option<u8>,
    /// A to F; null where nothing was tried.
    pub grade: Option<Grade>,
}

impl Summary {
    /// The summary of a run.
    pub fn of(record: &Record) -> Self {
        Self::of_results(record.results.values())
    }

    /// The summary of some scenarios.
    pub fn of_results<'a>(results: impl IntoIterator<Item = &'a ScenarioResult>) -> Self {
        let (mut passed, mut tried, mut cap) = (0_u64, 0_u64, Grade::A);
        let mut kinds = Vec::new();
        for result in results {
            let (kind, severity) = (result.verdict.kind, result.claim.severity);
            kinds.push(kind);
            cap = cap.max(Grade::cap(severity, kind));
            match kind {
                VerdictKind::Pass => {
                    passed += weight(severity);
                    tried += weight(severity);
                }
                VerdictKind::Fail | VerdictKind::Inconclusive => tried += weight(severity),
                VerdictKind::Skipped => {}
            }
        }
        let Tally {
            pass,
            fail,
            inconclusive,
            skipped,
        } = Tally::of(kinds);
        let score = (passed * 100)
            .checked_div(tried)
            .and_then(|score| u8::try_from(score).ok());
        let grade = score.map(|score| Grade::of_score(score).max(cap));
        Self {
            pass,
            fail,
            inconclusive,
            skipped,
            score,
            grade,
        }
    }

    /// The counts alone.
    pub fn tally(&self) -> Tally {
        Tally {
            pass: self.pass,
            fail: self.fail,
            inconclusive: self.inconclusive,
            skipped: self.skipped,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::result;
    use super::*;
    use crate::judge::verdict::VerdictKind::{Fail, Inconclusive, Pass, Skipped};

    fn summary(rows: &[(Severity, VerdictKind)]) -> Summary {
        let results: Vec<ScenarioResult> = rows
            .iter()
            .map(|(severity, kind)| result("f/x", *severity, *kind))
            .collect();
        Summary::of_results(&results)
    }

    #[test]
    fn all_passed_is_a_hundred() {
        let summary = summary(&[
            (Severity::Critical, Pass),
            (Severity::Low, Pass),
            (Severity::High, Skipped),
        ]);
        assert_eq!((summary.score, summary.grade), (Some(100), Some(Grade::A)));
        assert_eq!(
            summary.tally(),
            Tally {
                pass: 2,
                fail: 0,
                inconclusive: 0,
                skipped: 1
            }
        );
    }

    #[test]
    fn the_score_is_weighted_and_rounded_down() {
        // 15 of 16 is 93.75.
        let summary = summary(&[
            (Severity::Critical, Pass),
            (Severity::High, Pass),
            (Severity::Low, Fail),
        ]);
        assert_eq!((summary.score, summary.grade), (Some(93), Some(Grade::B)));
    }

    #[test]
    fn one_low_failure_among_many_is_not_a_hundred() {
        let mut rows = vec![(Severity::Critical, Pass); 200];
        rows.push((Severity::Low, Fail));
        assert_eq!(summary(&rows).score, Some(99));
    }

    #[test]
    fn the_gravest_failure_caps_the_grade() {
        let with = |severity, kind| {
            let mut rows = vec![(Severity::Critical, Pass); 100];
            rows.push((severity, kind));
            summary(&rows).grade
        };
        assert_eq!(with(Severity::Critical, Fail), Some(Grade::F));
        assert_eq!(with(Severity::High, Fail), Some(Grade::C));
        assert_eq!(with(Severity::Medium, Fail), Some(Grade::B));
        assert_eq!(with(Severity::Low, Fail), Some(Grade::A));
        assert_eq!(with(Severity::Critical, Inconclusive), Some(Grade::B));
        assert_eq!(with(Severity::Low, Inconclusive), Some(Grade::A));
    }

    #[test]
    fn a_cap_is_explained_and_nothing_else_is() {
        let why = |severity: Severity, kind: VerdictKind| {
            let mut record = Record::default();
            for number in 0..100 {
                let passed = result(&format!("f/{number}"), Severity::Critical, Pass);
                record.results.insert(passed.claim.id.clone(), passed);
            }
            let last = result("f/last", severity, kind);
            record.results.insert(last.claim.id.clone(), last);
            capped_by(&record)
        };
        assert_eq!(
            why(Severity::Critical, Fail).as_deref(),
            Some("a critical scenario failed")
        );
        assert_eq!(
            why(Severity::High, Inconclusive).as_deref(),
            Some("a high scenario is inconclusive")
        );
        assert_eq!(why(Severity::Low, Fail), None);
        let unproven = result("f/x", Severity::Low, Inconclusive);
        let record = Record {
            results: [(unproven.claim.id.clone(), unproven)].into(),
            ..Record::default()
        };
        assert_eq!(capped_by(&record).as_deref(), Some("nothing was proven"));
    }

    #[test]
    fn an_inconclusive_scenario_is_not_passed() {
        assert_eq!(
            summary(&[(Severity::Low, Pass), (Severity::Low, Inconclusive)]).score,
            Some(50)
        );
    }

    #[test]
    fn nothing_tried_has_no_score() {
        let summary = summary(&[(Severity::Critical, Skipped)]);
        assert_eq!((summary.score, summary.grade), (None, None));
    }
}
