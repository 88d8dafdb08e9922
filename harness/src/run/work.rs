//! What a run still has to do: scenarios that wait for their attempts, and the rounds in which these are made.
//!
//! A round ends early where a launched server is gone: whatever is open then is planned again for a fresh one.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::Instant;

use super::chunk::{Chunk, Shift, chunks};
use super::{Ground, Options};
use crate::attack::{Attacker, Wallet};
use crate::event::{AttemptResult, Event, ScenarioResult};
use crate::judge::Verdict;
use crate::judge::aftermath::Lost;
use crate::plan::{Planned, plan};
use crate::scenario::Scenario;

/// One finished attempt: its place among the scenario's rows, and its result.
pub(super) struct Done {
    /// The row, by index.
    pub(super) row: usize,
    /// What is reported of it.
    pub(super) result: AttemptResult,
    /// How long the attack took.
    pub(super) micros: u64,
    /// Whether that is the last word.
    pub(super) standing: Standing,
}

/// Whether a result is the last word.
pub(super) enum Standing {
    /// It is.
    Judged,
    /// The server was gone, by whomever: it is to be tried again where there is another server.
    Gone,
    /// The honest client was served before it and not after it: it is to be done again alone.
    Unserved(Lost),
}

/// An attempt after which nobody was served.
pub(super) struct Suspect {
    /// The scenario, by index.
    pub(super) scenario: usize,
    /// The row, by index.
    pub(super) row: usize,
    /// What was seen.
    pub(super) lost: Lost,
}

/// A round's leftovers.
pub(super) struct Left {
    /// Attempts after which nobody was served.
    pub(super) suspects: Vec<Suspect>,
    /// The server is gone for good.
    pub(super) gone: bool,
}

/// What rounds are made with.
#[derive(Clone, Copy)]
pub(super) struct Means<'a> {
    /// The run's options.
    pub(super) options: &'a Options,
    /// Chunks at once: as many as the options say, until a server was gone and nobody to blame.
    pub(super) jobs: usize,
    /// When it began.
    pub(super) started: Instant,
    /// Counts exchanges.
    pub(super) exchanges: &'a AtomicU64,
}

impl Means<'_> {
    /// Is the run to end, whatever is open?
    pub(super) fn over(&self) -> bool {
        self.options.stop.load(Ordering::Relaxed)
            || self
                .options
                .deadline
                .is_some_and(|deadline| self.started.elapsed() > deadline)
    }
}

/// The scenarios of a run.
pub(super) struct Work<'a> {
    scenarios: Vec<Pending<'a>>,
}

/// A scenario that waits for its attempts.
struct Pending<'a> {
    scenario: &'a Scenario,
    results: Vec<Option<AttemptResult>>,
    /// What was seen of rows that are still open.
    provisional: Vec<Option<AttemptResult>>,
    planned: bool,
    open: usize,
    started: bool,
    finished: bool,
    micros: u64,
}

struct Queues {
    /// What waits more than it works: each gets a worker of its own.
    patient: VecDeque<Chunk>,
    together: VecDeque<Chunk>,
    alone: VecDeque<Chunk>,
}

impl<'a> Work<'a> {
    /// All scenarios, nothing done.
    pub(super) fn new(chosen: &[&'a Scenario]) -> Self {
        let scenarios = chosen.iter().map(|scenario| Pending {
            scenario,
            results: Vec::new(),
            provisional: Vec::new(),
            planned: false,
            open: 0,
            started: false,
            finished: false,
            micros: 0,
        });
        Self {
            scenarios: scenarios.collect(),
        }
    }

    /// How many attempts are open.
    pub(super) fn open(&self) -> usize {
        self.scenarios.iter().map(|pending| pending.open).sum()
    }

    /// Plans what is open.
    fn plan(&mut self, ground: &Ground, options: &Options) -> Queues {
        let surroundings = ground.surroundings(options.seed);
        let mut queues = Queues {
            patient: VecDeque::new(),
            together: VecDeque::new(),
            alone: VecDeque::new(),
        };
        for (index, pending) in self.scenarios.iter_mut().enumerate() {
            if pending.planned && pending.open == 0 {
                continue;
            }
            let held_back = pending.scenario.intrusive && !ground.target.is_launched() && !options.intrusive;
            let planned = if held_back {
                vec![Planned::Skip {
                    row: String::new(),
                    reason: "can hurt: runs on live deployments only with --intrusive".to_owned(),
                }]
            } else {
                plan(pending.scenario, &surroundings)
            };
            let attempts = pending.plan(planned);
            for chunk in chunks(index, attempts) {
                let queue = if pending.scenario.alone {
                    &mut queues.alone
                } else if chunk.only_waits() {
                    &mut queues.patient
                } else {
                    &mut queues.together
                };
                queue.push_back(chunk);
            }
        }
        queues
    }

    /// Plans and does everything that is open, as long as the server lasts.
    pub(super) fn round(&mut self, ground: &Ground, means: &Means<'_>, hear: &mut dyn FnMut(Event)) -> Left {
        let queues = self.plan(ground, means.options);
        for pending in &mut self.scenarios {
            pending.finish_if_done(hear);
        }
        let gone = AtomicBool::new(false);
        let wallet = Wallet::default();
        let attacker = Attacker {
            deployment: &ground.deployment,
            target: &ground.target,
            wallet: &wallet,
            timeout: means.options.timeout,
        };
        let mut suspects = Vec::new();
        // Those that wait come first, and at once.
        let jobs = if means.jobs == 1 {
            1
        } else {
            means.jobs.max(1) + queues.patient.len()
        };
        let mut together = queues.patient;
        together.extend(queues.together);
        for (queue, jobs) in [(together, jobs), (queues.alone, 1)] {
            let queue = Mutex::new(queue);
            let (sender, receiver) = mpsc::channel();
            std::thread::scope(|scope| {
                for _ in 0..jobs {
                    let sender = sender.clone();
                    let (queue, gone) = (&queue, &gone);
                    let shift = Shift {
                        attacker: &attacker,
                        exchanges: means.exchanges,
                        gone,
                    };
                    scope.spawn(move || {
                        while !means.over() && !gone.load(Ordering::Relaxed) {
                            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                            let Some(chunk) = next else { return };
                            let done = chunk.carry_out(&shift);
                            let troubled = done.iter().any(|done| !matches!(done.standing, Standing::Judged));
                            // Only a server that we start can be started again.
                            if troubled
                                && ground.target.is_launched()
                                && !gone.load(Ordering::Relaxed)
                                && !ground.serves(means.options)
                            {
                                gone.store(true, Ordering::Relaxed);
                            }
                            if sender.send((chunk.scenario, done)).is_err() {
                                return;
                            }
                        }
                    });
                }
                drop(sender);
                for (index, done) in receiver {
                    let Some(pending) = self.scenarios.get_mut(index) else {
                        continue;
                    };
                    pending.start(hear);
                    for done in done {
                        if let Some(lost) = pending.take(done, ground.target.is_launched()) {
                            suspects.push(Suspect {
                                scenario: index,
                                row: lost.0,
                                lost: lost.1,
                            });
                        }
                    }
                    pending.finish_if_done(hear);
                }
            });
        }
        Left {
            suspects,
            gone: gone.load(Ordering::Relaxed),
        }
    }

    /// The scenario behind an index.
    pub(super) fn scenario(&self, index: usize) -> Option<&'a Scenario> {
        self.scenarios.get(index).map(|pending| pending.scenario)
    }

    /// Puts the last word on an attempt that was done again.
    pub(super) fn settle(
        &mut self,
        index: usize,
        row: usize,
        result: Option<AttemptResult>,
        hear: &mut dyn FnMut(Event),
    ) {
        let Some(pending) = self.scenarios.get_mut(index) else {
            return;
        };
        let provisional = pending.provisional.get_mut(row).and_then(Option::take);
        if let Some(result) = result.or(provisional)
            && let Some(slot @ None) = pending.results.get_mut(row)
        {
            *slot = Some(result);
            pending.open = pending.open.saturating_sub(1);
        }
        pending.finish_if_done(hear);
    }

    /// Closes what is open of a scenario.
    pub(super) fn give_up(&mut self, index: usize, why: &str, hear: &mut dyn FnMut(Event)) {
        let Some(pending) = self.scenarios.get_mut(index) else {
            return;
        };
        let rows = pending.results.iter_mut().zip(&mut pending.provisional);
        for (number, (slot, provisional)) in rows.enumerate().filter(|(_, (slot, _))| slot.is_none()) {
            *slot = Some(provisional.take().unwrap_or_else(|| AttemptResult {
                row: format!("row {}", number + 1),
                verdict: Verdict::inconclusive(why),
                expected: String::new(),
                observed: None,
            }));
        }
        pending.open = 0;
        pending.finish_if_done(hear);
    }

    /// Reports every scenario that is not finished; says whether something was never tried.
    pub(super) fn end(&mut self, hear: &mut dyn FnMut(Event)) -> bool {
        let mut interrupted = false;
        for pending in self.scenarios.iter_mut().filter(|pending| !pending.finished) {
            for (slot, provisional) in pending.results.iter_mut().zip(&mut pending.provisional) {
                if slot.is_none() && provisional.is_some() {
                    *slot = provisional.take();
                    pending.open = pending.open.saturating_sub(1);
                }
            }
            interrupted |= pending.open > 0 || !pending.planned;
            pending.finish(hear);
        }
        interrupted
    }
}

impl Pending<'_> {
    /// Takes a plan: the attempts that are open. What is skipped is known at once.
    fn plan(&mut self, planned: Vec<Planned>) -> Vec<(usize, crate::plan::Attempt)> {
        if !self.planned {
            self.planned = true;
            self.results = vec![None; planned.len()];
            self.provisional = vec![None; planned.len()];
        }
        let mut attempts = Vec::new();
        for (row, planned) in planned.into_iter().enumerate() {
            let Some(slot @ None) = self.results.get_mut(row) else {
                continue;
            };
            match planned {
                Planned::Attempt(attempt) => attempts.push((row, *attempt)),
                Planned::Skip { row: name, reason } => {
                    *slot = Some(AttemptResult {
                        row: name,
                        verdict: Verdict::skipped(reason),
                        expected: String::new(),
                        observed: None,
                    });
                }
            }
        }
        self.open = attempts.len();
        attempts
    }

    fn start(&mut self, hear: &mut dyn FnMut(Event)) {
        if !self.started {
            self.started = true;
            hear(Event::ScenarioStarted {
                id: self.scenario.claim.id.0.clone(),
            });
        }
    }

    /// Takes a result; gives the row back where it is to be done again alone.
    fn take(&mut self, done: Done, again_possible: bool) -> Option<(usize, Lost)> {
        let Done {
            row,
            result,
            micros,
            standing,
        } = done;
        self.micros += micros;
        let later = match standing {
            Standing::Judged => false,
            Standing::Gone => again_possible,
            Standing::Unserved(lost) => {
                self.keep(row, result);
                return Some((row, lost));
            }
        };
        if later {
            self.keep(row, result);
        } else if let Some(slot @ None) = self.results.get_mut(row) {
            *slot = Some(result);
            self.open = self.open.saturating_sub(1);
        }
        None
    }

    fn keep(&mut self, row: usize, result: AttemptResult) {
        if let Some(slot) = self.provisional.get_mut(row) {
            *slot = Some(result);
        }
    }

    fn finish_if_done(&mut self, hear: &mut dyn FnMut(Event)) {
        if self.planned && self.open == 0 && !self.finished {
            self.finish(hear);
        }
    }

    fn finish(&mut self, hear: &mut dyn FnMut(Event)) {
        self.finished = true;
        let attempts: Vec<AttemptResult> = std::mem::take(&mut self.results).into_iter().flatten().collect();
        let verdict = if self.open > 0 {
            Verdict::inconclusive("the run was interrupted before it was tried to the end")
        } else {
            Verdict::of_all(attempts.iter().map(|attempt| &attempt.verdict))
        };
        hear(Event::ScenarioFinished(ScenarioResult {
            claim: self.scenario.claim.clone(),
            verdict,
            attempts,
            duration_ms: self.micros / 1000,
        }));
    }
}
