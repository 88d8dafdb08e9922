//! A few attempts of one scenario that share their controls: honest before, attacks, honest after.
//!
//! Sharing saves handshakes; it must not blur blame. Where a shared control fails after several attempts, each attempt is
//! done again on its own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::shared::{Shared, is_shared, key};
use super::state;
use super::work::{Done, Standing};
use crate::attack::{Attacker, State};
use crate::event::AttemptResult;
use crate::judge::{Bracket, Control, Evidence, Verdict, VerdictKind, aftermath, holds, judge};
use crate::observation::{Layer, Observation, Observed, Outcome};
use crate::plan::{Act, Attempt, StateChange};

/// Most attempts between two rounds of shared controls.
const MOST: usize = 8;

/// The status of a server whose workers are being exchanged (RFC 9110 section 15.6.4).
const UNAVAILABLE: u16 = 503;

/// Attempts of one scenario that are done together.
pub(super) struct Chunk {
    /// The scenario, by index.
    pub(super) scenario: usize,
    attempts: Vec<(usize, Attempt)>,
}

impl Chunk {
    /// Does it spend its time waiting, and leave the deployment as it is? Others need not wait for it.
    pub(super) fn only_waits(&self) -> bool {
        let waits = |attempt: &Attempt| {
            let state = attempt.state.as_ref();
            state.is_some_and(|change| change.step.only_waits())
        };
        self.attempts.iter().all(|(_, attempt)| waits(attempt))
    }
}

/// Cuts a scenario's attempts into chunks.
pub(super) fn chunks(scenario: usize, attempts: Vec<(usize, Attempt)>) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut attempts = attempts.into_iter().peekable();
    while attempts.peek().is_some() {
        chunks.push(Chunk {
            scenario,
            attempts: attempts.by_ref().take(MOST).collect(),
        });
    }
    chunks
}

/// One attempt's own observations.
#[derive(Default)]
struct Tried {
    /// A step before the attack was not granted, or its state not seen: what is to be said of it.
    unprepared: Option<Verdict>,
    /// What is to be said of its state beside the verdict.
    note: Option<String>,
    attack: Option<Observation>,
    readings: Option<(Observation, Observation)>,
    absent: Option<Observation>,
    own_before: BTreeMap<usize, Observation>,
    own_after: BTreeMap<usize, Observation>,
}

impl Tried {
    /// Has something failed already without which the attack proves nothing?
    fn is_lost(&self, attempt: &Attempt) -> bool {
        let failed = |(index, seen): (&usize, &Observation)| {
            attempt
                .controls
                .get(*index)
                .is_some_and(|plan| !holds(plan, seen))
        };
        self.unprepared.is_some() || self.own_before.iter().any(failed)
    }
}

/// What the workers of a run share.
pub(super) struct Shift<'a> {
    /// Who attacks.
    pub(super) attacker: &'a Attacker<'a>,
    /// Counts exchanges.
    pub(super) exchanges: &'a AtomicU64,
    /// The server of this run is gone: nothing more is sent to it.
    pub(super) gone: &'a AtomicBool,
}

impl Chunk {
    /// Does everything and judges it.
    pub(super) fn carry_out(&self, shift: &Shift<'_>) -> Vec<Done> {
        let together: Vec<&(usize, Attempt)> = self.attempts.iter().collect();
        let done = shift.bracketed(&together);
        let lost = done.iter().any(|(_, after_failed)| *after_failed);
        if together.len() < 2 || !lost || !shift.serves(&together) {
            return shift.once_more(&together, done.into_iter().map(|(done, _)| done).collect());
        }
        together
            .iter()
            .flat_map(|attempt| shift.bracketed(&[attempt]))
            .map(|(done, _)| done)
            .collect()
    }
}

/// Does one attempt between its own controls.
pub(super) fn alone(shift: &Shift<'_>, row: usize, attempt: &Attempt) -> Vec<Done> {
    let attempt = (row, attempt.clone());
    shift
        .bracketed(&[&attempt])
        .into_iter()
        .map(|(done, _)| done)
        .collect()
}

impl Shift<'_> {
    pub(super) fn perform(&self, act: &Act, state: &mut State) -> Observation {
        if self.gone.load(Ordering::Relaxed) {
            let mut observation = Observation::new(Layer::Tcp, Outcome::NotTried);
            observation
                .evidence
                .push("the server was gone by then".to_owned());
            return observation;
        }
        self.exchanges.fetch_add(1, Ordering::Relaxed);
        self.attacker.perform(act, state)
    }

    /// Is the honest client of these attempts served now?
    fn serves(&self, attempts: &[&(usize, Attempt)]) -> bool {
        let mut controls = attempts.iter().flat_map(|(_, attempt)| &attempt.controls);
        let Some(control) = controls.find(|control| is_shared(control)) else {
            return true;
        };
        let seen = self.perform(&control.act, &mut State::default());
        // Not sent any more: another worker found the server gone.
        !aftermath::gone(&seen) && seen.outcome != Outcome::NotTried
    }

    /// Controls, attempts, controls; each result with whether a shared control failed afterwards that had held before.
    fn bracketed(&self, attempts: &[&(usize, Attempt)]) -> Vec<(Done, bool)> {
        let before = self.shared(attempts);
        let tried = self.tried(attempts);
        let after = self.shared(attempts);
        let each = attempts.iter().zip(&tried);
        each.map(|((row, attempt), tried)| {
            let brackets = brackets(attempt, tried, &before, &after);
            let verdict = verdict(attempt, tried, &brackets);
            let shared_failed = attempt
                .controls
                .iter()
                .filter(|control| is_shared(control))
                .any(|control| {
                    let key = key(control);
                    let granted = |shared: &Shared| {
                        shared
                            .get(&key)
                            .is_some_and(|seen| seen.outcome == Outcome::Granted)
                    };
                    granted(&before) && !granted(&after)
                });
            let standing = match aftermath::lost_service(&brackets) {
                Some(lost) => Standing::Unserved(lost),
                None if aftermath::was_gone(&brackets) => Standing::Gone,
                None => Standing::Judged,
            };
            let result = AttemptResult {
                row: attempt.row.clone(),
                verdict,
                expected: attempt.expect.to_string(),
                observed: tried.attack.as_ref().map(Observed::from),
            };
            let micros = tried.attack.as_ref().map_or(0, |attack| attack.micros);
            (
                Done {
                    row: *row,
                    result,
                    micros,
                    standing,
                },
                shared_failed,
            )
        })
        .collect()
    }

    /// Tries once more what was made in a state and proved nothing: servers that were told to read their files again may miss
    /// a request or two while they exchange their workers. Where the state was never seen, nobody waits for it again.
    fn once_more(&self, attempts: &[&(usize, Attempt)], done: Vec<Done>) -> Vec<Done> {
        let unavailable = |done: &Done| {
            let seen = done.result.observed.as_ref();
            seen.is_some_and(|seen| seen.status == Some(UNAVAILABLE))
        };
        let open = |done: &Done, attempt: &Attempt| {
            let changes = attempt.state.as_ref().is_some_and(|change| change.step.reloads());
            let unproven =
                done.result.observed.is_some() && done.result.verdict.kind == VerdictKind::Inconclusive;
            changes && (unavailable(done) || unproven)
        };
        let each = done.into_iter().zip(attempts);
        each.flat_map(|(done, attempt)| {
            if open(&done, &attempt.1) {
                let again = self.bracketed(&[attempt]).into_iter().map(|(done, _)| done);
                let judged = again.map(|mut done| {
                    // Who is not served because workers are exchanged is not refused.
                    if unavailable(&done) && done.result.verdict.kind == VerdictKind::Pass {
                        done.result.verdict =
                            Verdict::inconclusive("503 twice: the server was not available in this state");
                    }
                    done
                });
                judged.collect()
            } else {
                vec![done]
            }
        })
        .collect()
    }

    fn shared(&self, attempts: &[&(usize, Attempt)]) -> Shared {
        let mut seen = Shared::new();
        for control in attempts
            .iter()
            .flat_map(|(_, attempt)| &attempt.controls)
            .filter(|control| is_shared(control))
        {
            seen.entry(key(control))
                .or_insert_with(|| self.perform(&control.act, &mut State::default()));
        }
        seen
    }

    /// Attempts in their order. Those in a row that ask for the same state share it.
    fn tried(&self, attempts: &[&(usize, Attempt)]) -> Vec<Tried> {
        let mut all = Vec::new();
        for group in attempts.chunk_by(|one, two| alike(one.1.state.as_ref(), two.1.state.as_ref())) {
            let mut prepared: Vec<(&Attempt, Tried, State)> = group
                .iter()
                .map(|(_, attempt)| {
                    let (tried, state) = self.prepare(attempt);
                    (attempt, tried, state)
                })
                .collect();
            match group.first().and_then(|(_, attempt)| attempt.state.as_ref()) {
                None => {
                    for (attempt, tried, state) in &mut prepared {
                        self.strike(attempt, tried, state);
                    }
                }
                Some(change) => self.strike_in(change, &mut prepared),
            }
            all.extend(prepared.into_iter().map(|(attempt, mut tried, state)| {
                if tried.unprepared.is_none() {
                    let mut state = state;
                    state.forget_issued();
                    tried.own_after.extend(self.own(attempt, &state, false));
                }
                tried
            }));
        }
        all
    }

    /// The attacks in a state that is brought about for them and taken back.
    fn strike_in(&self, change: &StateChange, prepared: &mut [(&Attempt, Tried, State)]) {
        // Without its controls an attempt proves nothing, and a state costs seconds.
        if prepared.iter().all(|(attempt, tried, _)| tried.is_lost(attempt)) {
            return;
        }
        let until = prepared
            .iter()
            .filter_map(|(_, _, state)| state.issued_until())
            .max();
        let left = match state::enter(self, change, until) {
            Ok(entered) => {
                for (attempt, tried, state) in prepared.iter_mut() {
                    self.strike(attempt, tried, state);
                    tried.note.clone_from(&entered.note);
                }
                entered.leave()
            }
            Err(verdict) => Err(verdict),
        };
        if let Err(verdict) = left {
            for (_, tried, _) in prepared {
                tried.unprepared.get_or_insert_with(|| verdict.clone());
            }
        }
    }

    /// What comes before the attack and its state.
    fn prepare(&self, attempt: &Attempt) -> (Tried, State) {
        let mut tried = Tried::default();
        let mut state = State::default();
        for act in &attempt.before {
            let observation = self.perform(act, &mut state);
            if observation.outcome != Outcome::Granted {
                let evidence = observation.evidence.first().cloned().unwrap_or_default();
                tried.unprepared = Some(Verdict::inconclusive(format!(
                    "a step before it was {}: {evidence}",
                    observation.summary()
                )));
                return (tried, state);
            }
        }
        tried.own_before = self.own(attempt, &state, false);
        (tried, state)
    }

    /// The attack, between the controls of its state.
    fn strike(&self, attempt: &Attempt, tried: &mut Tried, state: &mut State) {
        if tried.unprepared.is_some() {
            return;
        }
        tried.own_before.extend(self.own(attempt, state, true));
        let first = attempt
            .unchanged
            .as_ref()
            .map(|reading| self.perform(reading, &mut state.clone()));
        tried.attack = Some(self.perform(&attempt.act, state));
        let second = attempt
            .unchanged
            .as_ref()
            .map(|reading| self.perform(reading, &mut state.clone()));
        tried.readings = first.zip(second);
        tried.absent = attempt
            .absent
            .as_ref()
            .map(|act| self.perform(act, &mut state.clone()));
        tried.own_after = self.own(attempt, state, true);
    }

    /// Controls that use what this attempt kept, each with a copy of it: those of its state, or the others.
    fn own(&self, attempt: &Attempt, state: &State, in_state: bool) -> BTreeMap<usize, Observation> {
        let own = attempt
            .controls
            .iter()
            .enumerate()
            .filter(|(_, control)| !is_shared(control) && control.in_state == in_state);
        own.map(|(index, control)| {
            let mut state = state.clone();
            let failed = control
                .before
                .iter()
                .map(|act| self.perform(act, &mut state))
                .find(|seen| seen.outcome != Outcome::Granted);
            (
                index,
                failed.unwrap_or_else(|| self.perform(&control.act, &mut state)),
            )
        })
        .collect()
    }
}

/// The same state? Its probes differ in their nonces only.
fn alike(one: Option<&StateChange>, two: Option<&StateChange>) -> bool {
    match (one, two) {
        (Some(one), Some(two)) => one.step == two.step,
        // Without a state each attempt stands alone.
        (None | Some(_), None) | (None, Some(_)) => false,
    }
}

/// Each control with what came of it before and after the attempt.
fn brackets<'a>(
    attempt: &'a Attempt,
    tried: &'a Tried,
    before: &'a Shared,
    after: &'a Shared,
) -> Vec<Bracket<'a>> {
    let numbered = attempt.controls.iter().enumerate();
    numbered
        .map(|(index, plan)| {
            let (first, second) = if is_shared(plan) {
                let key = key(plan);
                (before.get(&key), after.get(&key))
            } else {
                (tried.own_before.get(&index), tried.own_after.get(&index))
            };
            Bracket {
                plan,
                before: first,
                after: second,
            }
        })
        .collect()
}

fn verdict(attempt: &Attempt, tried: &Tried, brackets: &[Bracket<'_>]) -> Verdict {
    if let Some(why) = &tried.unprepared {
        return why.clone();
    }
    let control = match Control::established(brackets) {
        Ok(control) => control,
        Err(verdict) => return verdict,
    };
    let Some(attack) = &tried.attack else {
        return Verdict::inconclusive("it was not tried");
    };
    let nonce = |act: &Option<Act>| match act {
        Some(Act::Exchange(exchange)) => Some(exchange.nonce.clone()),
        Some(Act::Hello(_) | Act::Storage(_)) | None => None,
    };
    let reading_nonce = nonce(&attempt.unchanged);
    let readings = tried.readings.as_ref().map(|(first, second)| (first, second));
    let mut verdict = judge(
        &control,
        &attempt.expect,
        &Evidence {
            act: &attempt.act,
            observation: attack,
            readings,
            reading_nonce: reading_nonce.as_deref(),
            absent: attempt.absent.as_ref().zip(tried.absent.as_ref()),
        },
    );
    if let Some(note) = &tried.note {
        verdict.reason = format!("{}; {note}", verdict.reason);
    }
    verdict
}
