//! Scenarios: what is claimed, and the attempts that try it.
//!
//! Pure: text in, types out. A file that is not understood to the last key is refused with file, line and the valid words;
//! nothing is skipped over. Next stage: `plan`.

pub mod claim;
pub mod expectation;
pub mod load;
pub mod matrix;
pub mod state;
pub mod step;
pub mod vocabulary;
mod word_or_table;

use std::path::PathBuf;

pub use claim::{Claim, ScenarioId, Severity};
pub use load::{ScenarioFile, load};
pub use matrix::Row;

use vocabulary::Need;

/// One attack, as its file says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// What is claimed, and everything that a report repeats.
    pub claim: Claim,
    /// Where it was read from.
    pub path: PathBuf,
    /// What it needs of a deployment beyond what the attempts themselves show.
    pub needs: Vec<Need>,
    /// Can hurt: live deployments need `--intrusive`.
    pub intrusive: bool,
    /// Changes the deployment's state: runs while nothing else does.
    pub alone: bool,
    /// The attempts, matrices expanded.
    pub rows: Vec<Row>,
}
