//! The one module that knows all stages: plans scenarios, has them attacked, judges, and tells the world by events.

mod aftermath;
mod chunk;
mod explain;
mod shared;
mod state;
mod surroundings;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

pub use explain::explain;
pub use surroundings::Ground;

use crate::deployment::Deployment;
use crate::event::{Event, RunFinished, RunStarted};
use crate::launch::{LaunchError, LaunchOptions};
use crate::scenario::Scenario;
use work::{Means, Work};

/// How a run is made.
#[derive(Debug, Clone)]
pub struct Options {
    /// Seed of the plan and of the PKI.
    pub seed: u64,
    /// Exchanges at once.
    pub jobs: usize,
    /// How long one exchange may take.
    pub timeout: Duration,
    /// How long the whole run may take.
    pub deadline: Option<Duration>,
    /// Only every n-th scenario, from the i-th (`i/n`, i from 1).
    pub shard: Option<(usize, usize)>,
    /// Hosts beyond loopback that may be attacked.
    pub authorized: Vec<String>,
    /// Scenarios that can hurt may run on live deployments.
    pub intrusive: bool,
    /// Set from outside to end the run early.
    pub stop: Arc<AtomicBool>,
    /// Unix seconds: the time around which certificates are valid.
    pub now: i64,
}

/// Most servers that a run starts anew for what is still open, beside those for single suspects. A deployment that needs
/// more of them is reported as it stands.
const MOST_ROUNDS: usize = 8;

/// Why there was no run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The deployment could not be started or found.
    #[error(transparent)]
    Launch(#[from] LaunchError),
    /// No scenario is left after the filters.
    #[error("no scenario to run")]
    NothingToRun,
}

/// Runs scenarios against a deployment. What happens is told to `hear`, in order.
///
/// # Errors
/// [`RunError`] where nothing could be tried at all. A deployment that misbehaves is no error.
pub fn run(
    deployment: &Deployment,
    scenarios: &[Scenario],
    options: &Options,
    hear: &mut dyn FnMut(Event),
) -> Result<(), RunError> {
    let started = Instant::now();
    let launch = LaunchOptions {
        seed: options.seed,
        now: options.now,
        authorized: options.authorized.clone(),
        keep_folder: false,
    };
    let mut ground = Ground::prepare(deployment, &launch, options.timeout)?;
    let chosen: Vec<&Scenario> = scenarios
        .iter()
        .enumerate()
        .filter(|(index, _)| in_shard(*index, options.shard))
        .map(|(_, scenario)| scenario)
        .collect();
    if chosen.is_empty() {
        return Err(RunError::NothingToRun);
    }
    hear(Event::RunStarted(run_started(&ground, options, chosen.len())));
    let exchanges = AtomicU64::new(0);
    let mut means = Means {
        options,
        jobs: options.jobs,
        started,
        exchanges: &exchanges,
    };
    let mut work = Work::new(&chosen);
    let fresh = || Ground::prepare(deployment, &launch, options.timeout);
    for _ in 0..MOST_ROUNDS {
        let open = work.open();
        let left = work.round(&ground, &means, hear);
        aftermath::tell_of_the_dead(&ground, hear);
        let unexplained = left.gone && left.suspects.is_empty();
        // A server that dies a moment after its last answer leaves nobody to blame: one at a time the next one is.
        let stuck = left.suspects.is_empty() && work.open() == open && means.jobs == 1;
        if (left.suspects.is_empty() && !left.gone) || stuck || means.over() {
            break;
        }
        if unexplained {
            means.jobs = 1;
            hear(Event::Notice {
                text: "the server was gone, and no attempt is known to have done it: going on one at a time"
                    .to_owned(),
            });
        }
        ground = aftermath::confirm(&mut work, ground, left.suspects, &fresh, &means, hear)?;
        if !left.gone {
            break;
        }
        if !ground.serves(options) {
            ground = fresh()?;
        }
    }
    let interrupted = work.end(hear);
    hear(Event::RunFinished(RunFinished {
        duration_ms: millis(started.elapsed()),
        exchanges: exchanges.load(Ordering::Relaxed),
        peak_memory: peak_memory(),
        interrupted,
    }));
    Ok(())
}

fn run_started(ground: &Ground, options: &Options, scenarios: usize) -> RunStarted {
    RunStarted {
        tool: concat!("gauntlet ", env!("CARGO_PKG_VERSION")).to_owned(),
        deployment: ground.deployment.name.clone(),
        servers: ground.deployment.file.servers.clone(),
        versions: ground.target.versions().to_vec(),
        seed: options.seed,
        started: jiff::Timestamp::from_second(options.now)
            .map(|time| time.to_string())
            .unwrap_or_default(),
        scenarios,
        shard: options.shard.map(|(index, count)| format!("{index}/{count}")),
    }
}

fn in_shard(index: usize, shard: Option<(usize, usize)>) -> bool {
    shard.is_none_or(|(number, count)| index % count.max(1) == number.saturating_sub(1))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Peak resident memory of this process, bytes (`VmHWM` of proc(5)); `None` where the system does not tell.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let fields: BTreeMap<&str, &str> = status.lines().filter_map(|line| line.split_once(':')).collect();
    let kilobytes: u64 = fields
        .get("VmHWM")?
        .trim()
        .strip_suffix("kB")?
        .trim()
        .parse()
        .ok()?;
    Some(kilobytes * 1024)
}
