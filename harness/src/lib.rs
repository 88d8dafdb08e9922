//! The engine of `gauntlet`.
//!
//! ```text
//! scenarios/*.toml ─parse→ Scenario ─plan→ Attempts | Skip ─execute→ Observation ─judge→ Verdict ─event→ reporters
//!    (text)               (typed)    ↑ deployment's facts     (what happened)   (what it means)  └→ baseline
//! ```
//!
//! The modules below stand in the order of that flow, and a module imports only from those before it (a test checks this).
//! Pure, with time and seed as inputs: `complaint` to `event`, `baseline`, `report`. Sockets, clocks and processes:
//! `tap`, `launch`, `attack`, `run`.

/// Turns attempts into observations.
pub mod attack;
/// Recorded verdicts.
pub mod baseline;
/// Scenarios and deployments that come with the program.
pub mod catalogue;
/// What is wrong with an input file, and where.
pub mod complaint;
/// The system under test as a file.
pub mod deployment;
/// What the world is told.
pub mod event;
/// What it means.
pub mod judge;
/// Starts and stops deployments, and finds out where they are.
pub mod launch;
/// What happened.
pub mod observation;
mod order;
/// What will be tried, and its controls.
pub mod plan;
/// Consumers of events: terminal, json, jsonl.
pub mod report;
/// The one module that knows all stages.
pub mod run;
/// Attacks as files.
pub mod scenario;
/// A recording relay between proxy and app.
pub mod tap;
mod word;
