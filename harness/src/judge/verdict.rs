//! The four verdicts (ISO/IEC 9646: pass, fail, inconclusive; and skipped for what was not tried).

use serde::{Deserialize, Serialize};

use crate::word::words;

words! {
    /// What is said of an attempt or a scenario.
    VerdictKind {
        /// The property held, and the controls show that the attempt would have shown otherwise.
        Pass = "pass",
        /// The property did not hold.
        Fail = "fail",
        /// Tried, but nothing was proven: a control failed, or nothing came back.
        Inconclusive = "inconclusive",
        /// Not tried: the deployment lacks what it takes.
        Skipped = "skipped",
    }
}

/// A verdict and its reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[must_use]
pub struct Verdict {
    /// Which of the four.
    pub kind: VerdictKind,
    /// Why, as a sentence.
    pub reason: String,
}

impl Verdict {
    /// Tried, but nothing was proven.
    pub fn inconclusive(reason: impl Into<String>) -> Self {
        Self {
            kind: VerdictKind::Inconclusive,
            reason: reason.into(),
        }
    }

    /// Not tried.
    pub fn skipped(reason: impl Into<String>) -> Self {
        Self {
            kind: VerdictKind::Skipped,
            reason: reason.into(),
        }
    }

    /// The verdict of a scenario from those of its attempts: a fail outweighs an inconclusive, that a pass, that a skip.
    pub fn of_all<'a>(verdicts: impl IntoIterator<Item = &'a Self>) -> Self {
        let mut worst: Option<&Self> = None;
        for verdict in verdicts {
            if worst.is_none_or(|so_far| verdict.kind.weight() > so_far.kind.weight()) {
                worst = Some(verdict);
            }
        }
        worst.cloned().unwrap_or_else(|| Self::skipped("no attempt"))
    }
}

impl VerdictKind {
    /// Order of gravity when verdicts are summed up.
    fn weight(self) -> u8 {
        match self {
            Self::Skipped => 0,
            Self::Pass => 1,
            Self::Inconclusive => 2,
            Self::Fail => 3,
        }
    }
}
