//! Which planted faults are caught, by which scenarios: runs a hardened deployment and its variants, and holds what was seen
//! against what the variants' files say.
//!
//! The comparison is pure; the runs are `run`'s. A fault that nothing catches, a scenario that flips unlisted, an alarm on the
//! hardened deployment: each is a complaint, in words.

mod second_look;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError, mpsc};

use sha2::{Digest as _, Sha256};

use crate::baseline::Baseline;
use crate::deployment::{Deployment, Variant};
use crate::event::{Event, ScenarioResult};
use crate::judge::{Verdict, VerdictKind};
use crate::launch::LaunchError;
use crate::run::{self, Options, RunError};
use crate::scenario::Scenario;

/// What one run came to.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Results by scenario.
    pub results: BTreeMap<String, ScenarioResult>,
    /// What the servers' programs said of their versions.
    pub versions: Vec<String>,
    /// Milliseconds that it took.
    pub duration_ms: u64,
}

impl Seen {
    fn verdict(&self, id: &str) -> Option<&Verdict> {
        self.results.get(id).map(|result| &result.verdict)
    }

    /// Scenarios that pass here and are `kind` there. What could not be tried here and fails there counts too: a fault may open
    /// what a hardened deployment does not offer, a session that can be resumed for one.
    fn turned(&self, there: &Self, kind: VerdictKind) -> BTreeSet<String> {
        let was = |before: VerdictKind| {
            before == VerdictKind::Pass || (kind == VerdictKind::Fail && before == VerdictKind::Skipped)
        };
        self.results
            .iter()
            .filter(|(_, result)| was(result.verdict.kind))
            .filter(|(id, _)| there.verdict(id).is_some_and(|verdict| verdict.kind == kind))
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// What was tried and did not pass.
    pub fn alarms(&self) -> BTreeMap<String, Verdict> {
        let tried = self
            .results
            .iter()
            .filter(|(_, result)| !matches!(result.verdict.kind, VerdictKind::Pass | VerdictKind::Skipped));
        tried
            .map(|(id, result)| (id.clone(), result.verdict.clone()))
            .collect()
    }
}

/// A planted fault, and what came of it.
#[derive(Debug, Clone)]
pub struct Planted {
    /// The variant.
    pub variant: Variant,
    /// Scenarios that it turned from pass to fail.
    pub flips: BTreeSet<String>,
    /// Scenarios that can no longer be tried, with what they say instead.
    pub hidden: BTreeMap<String, String>,
    /// What is wrong with the variant or with its file; empty where all is as listed.
    pub complaints: Vec<String>,
}

/// A deployment, hardened and with each fault.
#[derive(Debug, Clone)]
pub struct Examined {
    /// The hardened deployment.
    pub deployment: Deployment,
    /// Its run.
    pub hardened: Seen,
    /// Its variants, by name.
    pub planted: Vec<Planted>,
    /// What came otherwise when it was run once more with the machine to itself, each a sentence; empty where that was not asked
    /// for. The second run is the one that is held against the files.
    pub second_looks: Vec<String>,
}

impl Examined {
    /// Is everything as the files say, and the hardened deployment without an alarm?
    pub fn is_sound(&self) -> bool {
        self.hardened.alarms().is_empty() && self.planted.iter().all(|planted| planted.complaints.is_empty())
    }
}

/// Holds one variant's run against the hardened one and against what its file lists.
pub fn compare(hardened: &Seen, variant: &Variant, seen: &Seen) -> Planted {
    let flips = hardened.turned(seen, VerdictKind::Fail);
    let mut hidden = BTreeMap::new();
    for kind in [VerdictKind::Inconclusive, VerdictKind::Skipped] {
        for id in hardened.turned(seen, kind) {
            let says = seen
                .verdict(&id)
                .map(|verdict| format!("{}: {}", verdict.kind, verdict.reason));
            hidden.insert(id, says.unwrap_or_default());
        }
    }
    // What was not run says nothing.
    let ran = |id: &&String| seen.results.contains_key(*id);
    let listed: BTreeSet<String> = variant.file.flips.iter().filter(ran).cloned().collect();
    let mut complaints = Vec::new();
    for (id, says) in hidden
        .iter()
        .filter(|(id, _)| !variant.file.hides.contains_key(*id))
    {
        complaints.push(format!(
            "can no longer be tried, and not under `hides`: {id}: {says}"
        ));
    }
    let hides = variant.file.hides.keys().filter(ran);
    for id in hides.filter(|id| !hidden.contains_key(*id)) {
        complaints.push(format!("under `hides`, but tried: {id}"));
    }
    complaints.extend(listed.difference(&flips).map(|id| {
        let says = seen
            .verdict(id)
            .map(|verdict| format!(" ({}: {})", verdict.kind, verdict.reason));
        format!("listed, but not seen: {id}{}", says.unwrap_or_default())
    }));
    complaints.extend(flips.difference(&listed).map(|id| {
        let says = seen.verdict(id).map(|verdict| verdict.reason.clone());
        format!("seen, but not listed: {id}: {}", says.unwrap_or_default())
    }));
    let all_ran = listed.len() == variant.file.flips.len();
    if flips.is_empty() && all_ran {
        complaints.push("caught by nothing".to_owned());
    }
    Planted {
        variant: variant.clone(),
        flips,
        hidden,
        complaints,
    }
}

/// A deployment that could not be examined, and why.
#[derive(Debug)]
pub struct Unexamined {
    /// Its name, with the variant that failed to start if it was one.
    pub name: String,
    /// Why.
    pub error: RunError,
}

impl Unexamined {
    /// Only a program is missing: elsewhere it could be examined.
    pub fn lacks_a_program(&self) -> bool {
        matches!(self.error, RunError::Launch(LaunchError::MissingProgram { .. }))
    }
}

/// One run of the matrix: a deployment by index, hardened or with a variant.
struct Task {
    index: usize,
    deployment: Deployment,
}

/// Which scenarios are run against a variant; the hardened deployment always meets all that are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of them.
    Whole,
    /// Those that its file lists, and one of so many others: which, the names decide, so that they are the same each time.
    Listed {
        /// One of how many.
        one_in: u32,
    },
}

impl Extent {
    fn scenarios(self, deployment: &Deployment, all: &[Scenario]) -> Vec<Scenario> {
        let (Self::Listed { one_in }, Some(variant)) = (self, &deployment.variant) else {
            return all.to_vec();
        };
        let is_listed = |id: &String| variant.file.flips.contains(id) || variant.file.hides.contains_key(id);
        let chosen = all.iter().filter(|scenario| {
            let id = &scenario.claim.id.0;
            is_listed(id) || sampled(&deployment.name, id, one_in)
        });
        chosen.cloned().collect()
    }
}

fn sampled(deployment: &str, id: &str, one_in: u32) -> bool {
    let digest = Sha256::digest(format!("{deployment} {id}"));
    let number = digest
        .iter()
        .take(4)
        .fold(0_u32, |number, byte| (number << 8) | u32::from(*byte));
    number.checked_rem(one_in) == Some(0)
}

/// How a matrix is run.
#[derive(Debug, Clone, Copy)]
pub struct Pace<'a> {
    /// Runs at a time.
    pub parallel: usize,
    /// Run once more, one after the other, what did not come as listed: a busy machine can make a server miss a deadline.
    pub second_look: bool,
    /// What was recorded of the hardened deployments, by name: a verdict that is another deserves a second look, too.
    pub recorded: &'a BTreeMap<String, Baseline>,
}

/// Runs the scenarios against each deployment and each of its variants that `wanted` takes. `told` hears of every finished run: its name and how long it took, milliseconds.
pub fn examine(
    deployments: &[Deployment],
    wanted: &dyn Fn(&str) -> bool,
    scenarios: &[Scenario],
    extent: Extent,
    options: &Options,
    pace: Pace<'_>,
    told: &mut dyn FnMut(&str, u64),
) -> Vec<Result<Examined, Unexamined>> {
    let mut tasks = VecDeque::new();
    for (index, deployment) in deployments.iter().enumerate() {
        tasks.push_back(Task {
            index,
            deployment: deployment.clone(),
        });
        for name in deployment.variants.keys().filter(|name| wanted(name)) {
            if let Ok(planted) = deployment.clone().with_variant(name) {
                tasks.push_back(Task {
                    index,
                    deployment: planted,
                });
            }
        }
    }
    let queue = Mutex::new(tasks);
    let (sender, receiver) = mpsc::channel();
    let mut runs: Vec<Vec<(Option<Variant>, Seen)>> = deployments.iter().map(|_| Vec::new()).collect();
    let mut failed: BTreeMap<usize, Unexamined> = BTreeMap::new();
    std::thread::scope(|scope| {
        for _ in 0..pace.parallel.max(1) {
            let sender = sender.clone();
            let queue = &queue;
            scope.spawn(move || {
                loop {
                    let next = queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                    let Some(task) = next else { return };
                    let chosen = extent.scenarios(&task.deployment, scenarios);
                    let seen = see(&task.deployment, &chosen, options);
                    if sender.send((task, seen)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for (task, seen) in receiver {
            match seen {
                Ok(seen) => {
                    told(&task.deployment.name, seen.duration_ms);
                    if let Some(runs) = runs.get_mut(task.index) {
                        runs.push((task.deployment.variant, seen));
                    }
                }
                Err(error) => {
                    let name = task.deployment.name;
                    failed.entry(task.index).or_insert(Unexamined { name, error });
                    // The others of this deployment would fail alike.
                    queue
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .retain(|other| other.index != task.index);
                }
            }
        }
    });
    let each = deployments.iter().zip(runs).enumerate();
    each.map(|(index, (deployment, runs))| match failed.remove(&index) {
        Some(unexamined) => Err(unexamined),
        None => {
            let mut runs = runs;
            let second_looks = if pace.second_look {
                let recorded = pace.recorded.get(&deployment.name);
                second_look::take(deployment, &mut runs, recorded, scenarios, options)
            } else {
                Vec::new()
            };
            Ok(Examined {
                second_looks,
                ..summed_up(deployment, runs)
            })
        }
    })
    .collect()
}

fn summed_up(deployment: &Deployment, runs: Vec<(Option<Variant>, Seen)>) -> Examined {
    let (variants, hardened): (Vec<_>, Vec<_>) = runs.into_iter().partition(|(variant, _)| variant.is_some());
    let hardened = hardened
        .into_iter()
        .next()
        .map(|(_, seen)| seen)
        .unwrap_or_default();
    let mut planted: Vec<Planted> = variants
        .iter()
        .filter_map(|(variant, seen)| Some(compare(&hardened, variant.as_ref()?, seen)))
        .collect();
    planted.sort_by(|left, right| left.variant.name.cmp(&right.variant.name));
    Examined {
        deployment: deployment.clone(),
        hardened,
        planted,
        second_looks: Vec::new(),
    }
}

fn see(deployment: &Deployment, scenarios: &[Scenario], options: &Options) -> Result<Seen, RunError> {
    let mut seen = Seen::default();
    run::run(deployment, scenarios, options, &mut |event| match event {
        Event::ScenarioFinished(result) => {
            seen.results.insert(result.claim.id.0.clone(), result);
        }
        Event::RunStarted(started) => seen.versions = started.versions,
        Event::RunFinished(finished) => seen.duration_ms = finished.duration_ms,
        Event::ScenarioStarted { .. } | Event::Notice { .. } => {}
    })?;
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deployment::launch_file::VariantFile;
    use crate::report::samples;

    fn seen(verdicts: &[(&str, VerdictKind)]) -> Seen {
        let results = verdicts.iter().map(|(id, kind)| {
            let mut result = samples::result(id, crate::scenario::Severity::High, *kind);
            result.verdict = Verdict {
                kind: *kind,
                reason: "so".to_owned(),
            };
            ((*id).to_owned(), result)
        });
        Seen {
            results: results.collect(),
            ..Seen::default()
        }
    }

    fn variant(flips: &[&str], hides: &[&str]) -> Variant {
        Variant {
            name: "v".to_owned(),
            file: VariantFile {
                says: "x".to_owned(),
                set: toml::Table::new(),
                tls_versions: None,
                flips: flips.iter().map(|id| (*id).to_owned()).collect(),
                hides: hides
                    .iter()
                    .map(|id| ((*id).to_owned(), "because".to_owned()))
                    .collect(),
            },
        }
    }

    #[test]
    fn a_variant_that_flips_what_it_lists_has_no_complaint() {
        let hardened = seen(&[("a/b", VerdictKind::Pass), ("a/c", VerdictKind::Skipped)]);
        let planted = compare(
            &hardened,
            &variant(&["a/b", "a/c"], &[]),
            &seen(&[("a/b", VerdictKind::Fail), ("a/c", VerdictKind::Fail)]),
        );
        assert_eq!(planted.complaints, Vec::<String>::new());
        assert_eq!(
            planted.flips,
            BTreeSet::from(["a/b".to_owned(), "a/c".to_owned()])
        );
    }

    #[test]
    fn everything_unlisted_is_a_complaint() {
        let hardened = seen(&[("a/b", VerdictKind::Pass), ("a/c", VerdictKind::Pass)]);
        let nothing = compare(&hardened, &variant(&["a/b"], &["a/c"]), &hardened);
        assert_eq!(
            nothing.complaints,
            [
                "under `hides`, but tried: a/c",
                "listed, but not seen: a/b (pass: so)",
                "caught by nothing"
            ]
        );
        let other = seen(&[("a/b", VerdictKind::Inconclusive), ("a/c", VerdictKind::Fail)]);
        let planted = compare(&hardened, &variant(&[], &[]), &other);
        assert_eq!(
            planted.complaints,
            [
                "can no longer be tried, and not under `hides`: a/b: inconclusive: so",
                "seen, but not listed: a/c: so"
            ]
        );
    }

    #[test]
    fn what_was_not_run_is_no_complaint() {
        let hardened = seen(&[("a/b", VerdictKind::Pass), ("a/c", VerdictKind::Pass)]);
        let planted = compare(
            &hardened,
            &variant(&["a/b", "a/c"], &["a/d"]),
            &seen(&[("a/c", VerdictKind::Fail)]),
        );
        assert_eq!(planted.complaints, Vec::<String>::new());
    }

    #[test]
    fn a_sample_is_the_same_each_time_and_about_as_large_as_asked() {
        let ids: Vec<String> = (0..1000).map(|number| format!("a/{number}")).collect();
        let count = ids.iter().filter(|id| sampled("d+v", id, 10)).count();
        assert!((50..200).contains(&count), "{count}");
        assert!(sampled("d+v", "a/b", 1) && !sampled("d+v", "a/b", 0));
    }

    #[test]
    fn an_alarm_on_the_hardened_deployment_is_whatever_was_tried_and_did_not_pass() {
        let alarms = seen(&[
            ("a/b", VerdictKind::Pass),
            ("a/c", VerdictKind::Skipped),
            ("a/d", VerdictKind::Inconclusive),
            ("a/e", VerdictKind::Fail),
        ])
        .alarms();
        let ids: Vec<&str> = alarms.keys().map(String::as_str).collect();
        assert_eq!(ids, ["a/d", "a/e"]);
    }
}
