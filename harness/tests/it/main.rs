//! The engine as its users meet it: one binary, one module a topic.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on says so by ending"
)]

/// Exit codes, complaints, reports.
mod command;

/// Whole runs of the embedded deployment: recorded, told again, cut short.
mod recording;

/// The recorded verdicts of the repository.
mod snapshot;

/// Comparisons of deployments and of recorded runs.
mod compare;

/// Peers that are down, deaf or hostile.
mod hostile;

/// A deployment that was described from scratch.
mod live;

/// Attempts in another state than the one in which the deployment was started.
mod state;

/// The responder of `gauntlet pki --serve`.
mod responder;

/// Campaigns of `gauntlet fuzz`.
mod fuzz;

/// Processes and folders after a run.
#[cfg(target_os = "linux")]
mod leftovers;
