//! What a run tells the world: the only thing that reporters, recordings and baselines see.
//!
//! `run` sends these, in order; a recorded file of them (`jsonl`) can be replayed into any reporter. Texts are already free
//! of secrets here. Fields are only ever added: readers ignore what they do not know.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::judge::verdict::Verdict;
use crate::observation::Observed;
use crate::scenario::Claim;

/// One line of a recording.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The run begins.
    RunStarted(RunStarted),
    /// A scenario begins; attempts and its end follow, other scenarios' in between.
    ScenarioStarted {
        /// The scenario's id.
        id: String,
    },
    /// A scenario has its verdict.
    ScenarioFinished(ScenarioResult),
    /// Something that the user should know and that is no verdict (a server died, the run was interrupted).
    Notice {
        /// A sentence.
        text: String,
    },
    /// The run is over.
    RunFinished(RunFinished),
}

/// The circumstances of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunStarted {
    /// `gauntlet` and its version.
    pub tool: String,
    /// The deployment's name, with `+variant`.
    pub deployment: String,
    /// Which `[mend]` texts fit, nearest first.
    pub servers: Vec<String>,
    /// Versions of the servers' programs, `name: text`.
    pub versions: Vec<String>,
    /// The seed of the plan.
    pub seed: u64,
    /// When it began, RFC 3339.
    pub started: String,
    /// How many scenarios will be reported.
    pub scenarios: usize,
    /// `i/n` of a sharded run.
    pub shard: Option<String>,
}

/// A scenario and its verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScenarioResult {
    /// What is claimed.
    pub claim: Claim,
    /// What is said of it.
    pub verdict: Verdict,
    /// Each attempt.
    pub attempts: Vec<AttemptResult>,
    /// How long it took, milliseconds.
    pub duration_ms: u64,
}

/// An attempt and its verdict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AttemptResult {
    /// The row's name; empty where there is only one.
    pub row: String,
    /// What is said of it.
    pub verdict: Verdict,
    /// What was expected, in words.
    pub expected: String,
    /// What happened; absent where nothing was tried.
    pub observed: Option<Observed>,
}

/// The end of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RunFinished {
    /// Wall time, milliseconds.
    pub duration_ms: u64,
    /// Exchanges made, controls included.
    pub exchanges: u64,
    /// Peak resident memory of this process, bytes, where the system tells.
    pub peak_memory: Option<u64>,
    /// The run was cut short (Ctrl-C, or its deadline): what is missing was not tried.
    pub interrupted: bool,
}

/// Somebody who is told. Reporters, recordings and tests implement it.
pub trait Listener {
    /// Takes one event.
    ///
    /// # Errors
    /// Where it cannot be written down; the run goes on and says so at the end.
    fn hear(&mut self, event: &Event) -> std::io::Result<()>;
}
