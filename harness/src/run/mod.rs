//! The one module that knows all stages: plans scenarios, has them attacked, judges, and tells the world by events.

mod chunk;
mod explain;
mod surroundings;

use std::collections::BTreeMap;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

pub use explain::explain;
pub use surroundings::Ground;

use crate::attack::{Attacker, Wallet};
use crate::deployment::Deployment;
use crate::event::{AttemptResult, Event, RunFinished, RunStarted, ScenarioResult};
use crate::judge::Verdict;
use crate::launch::{LaunchError, LaunchOptions};
use crate::plan::{Planned, plan};
use crate::scenario::Scenario;
use chunk::{Chunk, chunks};

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
    let ground = Ground::prepare(deployment, &launch, options.timeout)?;
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
    let work = Work::plan(&chosen, &ground, options);
    let interrupted = work.execute(&ground, options, started, &exchanges, hear);
    for dead in ground.target.dead() {
        hear(Event::Notice {
            text: format!(
                "the server `{}` died ({}): {}",
                dead.name,
                dead.status,
                dead.last_lines.join(" | ")
            ),
        });
    }
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

/// What is to be done: chunks of attempts, and what each scenario still waits for.
struct Work<'a> {
    scenarios: Vec<Pending<'a>>,
    together: VecDeque<Chunk>,
    alone: VecDeque<Chunk>,
}

/// A scenario that waits for its attempts.
struct Pending<'a> {
    scenario: &'a Scenario,
    results: Vec<Option<AttemptResult>>,
    open: usize,
    started: bool,
    micros: u64,
}

impl<'a> Work<'a> {
    fn plan(chosen: &[&'a Scenario], ground: &Ground, options: &Options) -> Self {
        let surroundings = ground.surroundings(options.seed);
        let mut work = Self {
            scenarios: Vec::new(),
            together: VecDeque::new(),
            alone: VecDeque::new(),
        };
        for (index, scenario) in chosen.iter().enumerate() {
            let held_back = scenario.intrusive && !ground.target.is_launched() && !options.intrusive;
            let planned = if held_back {
                vec![Planned::Skip {
                    row: String::new(),
                    reason: "can hurt: runs on live deployments only with --intrusive".to_owned(),
                }]
            } else {
                plan(scenario, &surroundings)
            };
            let mut results = vec![None; planned.len()];
            let mut attempts = Vec::new();
            for (row, planned) in planned.into_iter().enumerate() {
                match planned {
                    Planned::Attempt(attempt) => attempts.push((row, *attempt)),
                    Planned::Skip { row: name, reason } => {
                        let skipped = AttemptResult {
                            row: name,
                            verdict: Verdict::skipped(reason),
                            expected: String::new(),
                            observed: None,
                        };
                        if let Some(slot) = results.get_mut(row) {
                            *slot = Some(skipped);
                        }
                    }
                }
            }
            let open = attempts.len();
            let queue = if scenario.alone {
                &mut work.alone
            } else {
                &mut work.together
            };
            queue.extend(chunks(index, attempts));
            work.scenarios.push(Pending {
                scenario,
                results,
                open,
                started: false,
                micros: 0,
            });
        }
        work
    }

    /// Carries out everything; says whether it was cut short.
    fn execute(
        mut self,
        ground: &Ground,
        options: &Options,
        started: Instant,
        exchanges: &AtomicU64,
        hear: &mut dyn FnMut(Event),
    ) -> bool {
        for pending in self.scenarios.iter_mut().filter(|pending| pending.open == 0) {
            pending.finish(hear);
        }
        let wallet = Wallet::default();
        let attacker = Attacker {
            deployment: &ground.deployment,
            target: &ground.target,
            wallet: &wallet,
            timeout: options.timeout,
        };
        let over = || {
            options.stop.load(Ordering::Relaxed)
                || options
                    .deadline
                    .is_some_and(|deadline| started.elapsed() > deadline)
        };
        let together = std::mem::take(&mut self.together);
        let alone = std::mem::take(&mut self.alone);
        for (queue, jobs) in [(together, options.jobs.max(1)), (alone, 1)] {
            let queue = Mutex::new(queue);
            let (sender, receiver) = mpsc::channel();
            std::thread::scope(|scope| {
                for _ in 0..jobs {
                    let sender = sender.clone();
                    let (queue, attacker, over) = (&queue, &attacker, &over);
                    scope.spawn(move || {
                        while !over() {
                            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                            let Some(chunk) = next else { return };
                            let done = chunk.carry_out(attacker, exchanges);
                            if sender.send((chunk.scenario, done)).is_err() {
                                return;
                            }
                        }
                    });
                }
                drop(sender);
                for (index, done) in receiver {
                    if let Some(pending) = self.scenarios.get_mut(index) {
                        pending.take(done, hear);
                    }
                }
            });
        }
        let mut interrupted = false;
        for pending in self.scenarios.iter_mut().filter(|pending| pending.open > 0) {
            interrupted = true;
            pending.finish(hear);
        }
        interrupted
    }
}

/// One finished attempt: its place among the scenario's rows, and its result.
struct Done {
    row: usize,
    result: AttemptResult,
    micros: u64,
}

impl Pending<'_> {
    fn take(&mut self, done: Vec<Done>, hear: &mut dyn FnMut(Event)) {
        if !self.started {
            self.started = true;
            hear(Event::ScenarioStarted {
                id: self.scenario.claim.id.0.clone(),
            });
        }
        for Done { row, result, micros } in done {
            self.micros += micros;
            if let Some(slot @ None) = self.results.get_mut(row) {
                *slot = Some(result);
                self.open -= 1;
            }
        }
        if self.open == 0 {
            self.finish(hear);
        }
    }

    fn finish(&mut self, hear: &mut dyn FnMut(Event)) {
        let attempts: Vec<AttemptResult> = std::mem::take(&mut self.results).into_iter().flatten().collect();
        let verdict = if self.open > 0 {
            Verdict::inconclusive("the run was interrupted before it was tried to the end")
        } else {
            Verdict::of_all(attempts.iter().map(|attempt| &attempt.verdict))
        };
        let duration_ms = self.micros / 1000;
        hear(Event::ScenarioFinished(ScenarioResult {
            claim: self.scenario.claim.clone(),
            verdict,
            attempts,
            duration_ms,
        }));
    }
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
