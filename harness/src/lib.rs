//! The engine of `gauntlet`.
//!
//! ```text
//! scenarios/*.toml ─parse→ Scenario ─plan→ Attempts | Skip ─execute→ Observation ─judge→ Verdict ─event→ reporters
//!    (text)               (typed)    ↑ deployment's facts     (what happened)   (what it means)  └→ baseline
//! ```
//!
//! The modules below stand in the order of that flow, and a module imports only from those before it (a test checks this).
//! Pure, with time and seed as inputs: `complaint` to `event`, `baseline`, `report`. Sockets, clocks and processes:
//! `tap`, `launch`, `attack`, `run`, `campaign`.

mod order;
// What is wrong with an input file, and where.
pub mod complaint;
mod word;
// Attacks as files.
pub mod scenario;
// The system under test as a file.
pub mod deployment;
// What happened.
pub mod observation;
// What will be tried, and its controls.
pub mod plan;
// What it means.
pub mod judge;
// What the world is told.
pub mod event;
// Recorded verdicts.
pub mod baseline;
// Consumers of events: what people and programs read.
pub mod report;
// A recording relay between proxy and app.
pub mod tap;
// Starts and stops deployments, and finds out where they are.
pub mod launch;
// Turns attempts into observations.
pub mod attack;
// The one module that knows all stages.
pub mod run;
// Fuzzing of a running deployment.
pub mod campaign;
// Which planted faults are caught.
pub mod detection;
// Scenarios and deployments that come with the program.
pub mod catalogue;
