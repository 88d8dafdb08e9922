//! What did not come as listed is run once more with the machine to itself.
//!
//! On a machine with more to do than it can, a server that answers too late makes a verdict that says nothing of the
//! deployment. The second run counts, whichever way it goes, and what changed is told.

use std::collections::BTreeSet;

use super::{Seen, see, summed_up};
use crate::baseline::Baseline;
use crate::deployment::{Deployment, Variant};
use crate::run::Options;
use crate::scenario::Scenario;

/// Runs it, puts the new results in place of the old, and says what changed. A run that cannot be made changes nothing.
pub(super) fn take(
    deployment: &Deployment,
    runs: &mut [(Option<Variant>, Seen)],
    recorded: Option<&Baseline>,
    scenarios: &[Scenario],
    options: &Options,
) -> Vec<String> {
    let mut changes = Vec::new();
    // The hardened deployment first: the variants are held against it.
    let examined = summed_up(deployment, runs.to_vec());
    let mut odd: BTreeSet<String> = examined.hardened.alarms().into_keys().collect();
    odd.extend(otherwise(recorded, &examined.hardened));
    if let Some((_, seen)) = runs.iter_mut().find(|(variant, _)| variant.is_none()) {
        changes.extend(again(deployment, seen, &odd, scenarios, options));
    }
    for planted in summed_up(deployment, runs.to_vec()).planted {
        let name = &planted.variant.name;
        let Ok(faulty) = deployment.clone().with_variant(name) else {
            continue;
        };
        let seen = runs
            .iter_mut()
            .find(|(variant, _)| variant.as_ref().is_some_and(|variant| variant.name == *name));
        if let Some((_, seen)) = seen {
            let disputed = disputed(&planted, seen);
            changes.extend(again(&faulty, seen, &disputed, scenarios, options));
        }
    }
    changes
}

/// The scenarios with a row whose verdict is not as recorded.
fn otherwise(recorded: Option<&Baseline>, hardened: &Seen) -> BTreeSet<String> {
    let Some(recorded) = recorded else {
        return BTreeSet::new();
    };
    let now = Baseline::of_results(hardened.results.values());
    let changes = recorded
        .compare(&now, |id| hardened.results.contains_key(id))
        .changes();
    let verdicts = changes.iter().filter(|change| !change.is_of_the_way());
    verdicts.map(|change| change.scenario().to_owned()).collect()
}

/// The scenarios whose results are not what the variant's file lists.
fn disputed(planted: &super::Planted, seen: &Seen) -> BTreeSet<String> {
    let file = &planted.variant.file;
    let listed: BTreeSet<String> = file.flips.iter().cloned().collect();
    let hides: BTreeSet<String> = file.hides.keys().cloned().collect();
    let hidden: BTreeSet<String> = planted.hidden.keys().cloned().collect();
    let flips = listed.symmetric_difference(&planted.flips);
    let others = hides.symmetric_difference(&hidden);
    flips
        .chain(others)
        .filter(|id| seen.results.contains_key(*id))
        .cloned()
        .collect()
}

fn again(
    deployment: &Deployment,
    seen: &mut Seen,
    ids: &BTreeSet<String>,
    scenarios: &[Scenario],
    options: &Options,
) -> Vec<String> {
    let chosen: Vec<Scenario> = scenarios
        .iter()
        .filter(|scenario| ids.contains(&scenario.claim.id.0))
        .cloned()
        .collect();
    if chosen.is_empty() {
        return Vec::new();
    }
    let Ok(second) = see(deployment, &chosen, options) else {
        return Vec::new();
    };
    let mut changes = Vec::new();
    for (id, result) in second.results {
        let before = seen.results.get(&id).map(|before| before.verdict.clone());
        if let Some(before) = before.filter(|before| before.kind != result.verdict.kind) {
            changes.push(format!(
                "{} {id}: {} at first ({}), {} with the machine to itself",
                deployment.name, before.kind, before.reason, result.verdict.kind
            ));
        }
        seen.results.insert(id, result);
    }
    changes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::deployment::launch_file::VariantFile;
    use crate::detection::Planted;
    use crate::judge::VerdictKind;
    use crate::report::samples;
    use crate::scenario::Severity;

    #[test]
    fn another_verdict_than_the_recorded_one_is_looked_at_again() {
        let result = |id: &str, kind| samples::result(id, Severity::High, kind);
        let before = [
            result("a/same", VerdictKind::Pass),
            result("a/other", VerdictKind::Skipped),
            result("a/unrun", VerdictKind::Pass),
        ];
        let recorded = Baseline::of_results(&before);
        let now = [
            result("a/same", VerdictKind::Pass),
            result("a/other", VerdictKind::Pass),
        ];
        let seen = Seen {
            results: now
                .map(|result| (result.claim.id.0.clone(), result))
                .into_iter()
                .collect(),
            ..Seen::default()
        };
        assert_eq!(
            otherwise(Some(&recorded), &seen),
            BTreeSet::from(["a/other".to_owned()])
        );
        assert_eq!(otherwise(None, &seen), BTreeSet::new());
    }

    #[test]
    fn what_is_neither_as_listed_nor_unrun_is_disputed() {
        let set = |ids: &[&str]| {
            ids.iter()
                .map(|id| (*id).to_owned())
                .collect::<BTreeSet<String>>()
        };
        let by = |ids: &[&str]| {
            ids.iter()
                .map(|id| ((*id).to_owned(), String::new()))
                .collect::<BTreeMap<_, _>>()
        };
        let planted = Planted {
            variant: Variant {
                name: "v".to_owned(),
                file: VariantFile {
                    says: String::new(),
                    set: toml::Table::new(),
                    tls_versions: None,
                    flips: set(&["a/listed", "a/missed", "a/unrun"]).into_iter().collect(),
                    hides: by(&["a/hidden", "a/not-hidden"]),
                },
            },
            flips: set(&["a/listed", "a/surplus"]),
            hidden: by(&["a/hidden", "a/inconclusive"]),
            complaints: Vec::new(),
        };
        let ran = [
            "a/listed",
            "a/missed",
            "a/surplus",
            "a/hidden",
            "a/not-hidden",
            "a/inconclusive",
            "a/fine",
        ];
        let seen = Seen {
            results: ran
                .iter()
                .map(|id| {
                    (
                        (*id).to_owned(),
                        samples::result(id, Severity::High, VerdictKind::Pass),
                    )
                })
                .collect(),
            ..Seen::default()
        };
        assert_eq!(
            disputed(&planted, &seen),
            set(&["a/missed", "a/surplus", "a/not-hidden", "a/inconclusive"])
        );
    }
}
