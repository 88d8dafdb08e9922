//! The detection matrix as a page: which planted faults are caught, by which scenarios, and whether the hardened deployments
//! raise an alarm. Results in, Markdown out; it holds no times, so that the same results give the same page.

use std::collections::{BTreeMap, BTreeSet};

use super::Tally;
use super::markdown::plain;
use crate::judge::verdict::Verdict;

/// A hardened deployment and the faults that were planted into it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TestedDeployment {
    /// Its name.
    pub name: String,
    /// What it is, in one sentence.
    pub says: String,
    /// Versions of its servers' programs, `name: text`; may be empty.
    pub versions: Vec<String>,
    /// Scenarios on the hardened deployment by verdict.
    pub hardened: Tally,
    /// What did not pass on the hardened deployment though it was tried, by scenario: each a false alarm.
    pub alarms: BTreeMap<String, Verdict>,
    /// The planted faults.
    pub faults: Vec<PlantedFault>,
}

/// A planted fault, and what came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlantedFault {
    /// The variant's name, without the deployment's.
    pub name: String,
    /// What it gets wrong, in one sentence.
    pub says: String,
    /// Scenarios that it turned from pass to fail.
    pub flips: BTreeSet<String>,
    /// Scenarios that it made impossible to try, with the reason.
    pub hidden: BTreeMap<String, String>,
}

/// `docs/DETECTION.md`. Deployments stand in the order given, faults by name.
pub fn matrix(deployments: &[TestedDeployment]) -> String {
    let mut page = String::from(
        "# Detection matrix\n\nEach hardened deployment was attacked with every scenario, and so was each of its variants: the same \
         deployment with one fault planted. A fault is caught when at least one scenario that passes on the hardened deployment \
         fails on the variant. What a hardened deployment fails is a false alarm.\n\n",
    );
    page += &summary(deployments);
    page += &families(deployments);
    for deployment in deployments {
        page += &section(deployment);
    }
    page
}

fn summary(deployments: &[TestedDeployment]) -> String {
    let mut text = String::from(
        "| deployment | planted faults | caught | hardened: pass | false alarms | skipped |\n\
         | --- | --: | --: | --: | --: | --: |\n",
    );
    let mut row = |name: &str, chosen: &[TestedDeployment]| {
        let sum = |count: fn(&TestedDeployment) -> usize| chosen.iter().map(count).sum::<usize>();
        text += &format!(
            "| {name} | {} | {} | {} | {} | {} |\n",
            sum(|deployment| deployment.faults.len()),
            sum(|deployment| deployment
                .faults
                .iter()
                .filter(|fault| !fault.flips.is_empty())
                .count()),
            sum(|deployment| deployment.hardened.pass),
            sum(|deployment| deployment.alarms.len()),
            sum(|deployment| deployment.hardened.skipped),
        );
    };
    for deployment in deployments {
        let name = plain(&deployment.name);
        row(
            &format!("[{name}](#{})", anchor(&deployment.name)),
            std::slice::from_ref(deployment),
        );
    }
    row("all", deployments);
    text
}

/// Families of the scenarios that caught something.
fn families(deployments: &[TestedDeployment]) -> String {
    #[derive(Default)]
    struct Covered<'a> {
        scenarios: BTreeSet<&'a str>,
        faults: BTreeSet<(&'a str, &'a str)>,
    }
    let mut families: BTreeMap<&str, Covered<'_>> = BTreeMap::new();
    for deployment in deployments {
        for fault in &deployment.faults {
            for id in &fault.flips {
                let family = id.split('/').next().unwrap_or_default();
                let covered = families.entry(family).or_default();
                covered.scenarios.insert(id);
                covered.faults.insert((&deployment.name, &fault.name));
            }
        }
    }
    let mut text = String::from(
        "\n## Families\n\nScenarios that caught a fault, and the faults that the family caught.\n\n\
         | family | scenarios | faults |\n| --- | --: | --: |\n",
    );
    for (family, covered) in &families {
        text += &format!(
            "| {} | {} | {} |\n",
            plain(family),
            covered.scenarios.len(),
            covered.faults.len()
        );
    }
    text
}

fn section(deployment: &TestedDeployment) -> String {
    let Tally {
        pass,
        fail,
        inconclusive,
        skipped,
    } = deployment.hardened;
    let mut text = format!("\n## {}\n\n", plain(&deployment.name));
    if !deployment.says.is_empty() {
        text += &format!("{}\n\n", plain(&deployment.says));
    }
    if !deployment.versions.is_empty() {
        let versions: Vec<String> = deployment.versions.iter().map(|version| plain(version)).collect();
        text += &format!("Seen with {}.\n\n", versions.join("; "));
    }
    text += &format!("Hardened: {pass} pass, {fail} fail, {inconclusive} inconclusive, {skipped} skipped.\n");
    if !deployment.alarms.is_empty() {
        text += "\nFalse alarms:\n\n";
        for (id, verdict) in &deployment.alarms {
            text += &format!("- {} {}: {}\n", verdict.kind, code(id), plain(&verdict.reason));
        }
    }
    if deployment.faults.is_empty() {
        return text + "\nNo faults are planted into it.\n";
    }
    let mut faults: Vec<&PlantedFault> = deployment.faults.iter().collect();
    faults.sort_by(|one, other| one.name.cmp(&other.name));
    text += "\n| variant | what it gets wrong | caught by |\n| --- | --- | --- |\n";
    for fault in &faults {
        let caught: Vec<String> = fault.flips.iter().map(|id| code(id)).collect();
        let caught = if caught.is_empty() {
            "**nothing**".to_owned()
        } else {
            caught.join(", ")
        };
        text += &format!("| {} | {} | {caught} |\n", code(&fault.name), plain(&fault.says));
    }
    text + &hidden(&faults)
}

/// What could not be tried any more: a fault may break what another scenario needs.
fn hidden(faults: &[&PlantedFault]) -> String {
    if faults.iter().all(|fault| fault.hidden.is_empty()) {
        return String::new();
    }
    let mut text = String::from("\nWhat a fault leaves impossible to try:\n\n");
    for fault in faults {
        for (id, reason) in &fault.hidden {
            text += &format!("- {}: {}: {}\n", code(&fault.name), code(id), plain(reason));
        }
    }
    text
}

/// An id in a code span.
fn code(id: &str) -> String {
    let harmless = super::harmless(id).replace(['`', '\n', '|'], "?");
    format!("`{harmless}`")
}

/// What Markdown viewers make of a heading: lower case, spaces become dashes, other signs go.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter_map(|character| match character {
        ' ' => Some('-'),
        '-' | '_' => Some(character),
        other if other.is_alphanumeric() => Some(other.to_ascii_lowercase()),
        _ => None,
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::verdict::VerdictKind;

    fn fault(name: &str, flips: &[&str]) -> PlantedFault {
        PlantedFault {
            name: name.to_owned(),
            says: format!("{name} is wrong."),
            flips: flips.iter().map(|id| (*id).to_owned()).collect(),
            hidden: BTreeMap::new(),
        }
    }

    fn sample() -> Vec<TestedDeployment> {
        let mut first = TestedDeployment {
            name: "embedded".to_owned(),
            says: "In this process.".to_owned(),
            hardened: Tally {
                pass: 9,
                fail: 0,
                inconclusive: 0,
                skipped: 1,
            },
            faults: vec![
                fault("z-last", &["certificate/expired", "certificate/future"]),
                fault("a-first", &["certificate/expired", "logs/pem"]),
            ],
            ..TestedDeployment::default()
        };
        first.faults[0]
            .hidden
            .insert("session/ticket".to_owned(), "no ticket | comes".to_owned());
        let second = TestedDeployment {
            name: "nginx app".to_owned(),
            versions: vec!["nginx: 1.22".to_owned()],
            hardened: Tally {
                pass: 8,
                fail: 1,
                inconclusive: 0,
                skipped: 0,
            },
            alarms: BTreeMap::from([(
                "direct/open".to_owned(),
                Verdict {
                    kind: VerdictKind::Fail,
                    reason: "granted <b>".to_owned(),
                },
            )]),
            faults: vec![fault("missed", &[])],
            ..TestedDeployment::default()
        };
        vec![first, second]
    }

    #[test]
    fn the_page_is_exactly_this() {
        insta::assert_snapshot!(matrix(&sample()));
    }

    #[test]
    fn a_fault_that_nothing_caught_and_an_alarm_are_counted() {
        let page = matrix(&sample());
        for row in [
            "| [embedded](#embedded) | 2 | 2 | 9 | 0 | 1 |",
            "| [nginx app](#nginx-app) | 1 | 0 | 8 | 1 | 0 |",
            "| all | 3 | 2 | 17 | 1 | 1 |",
            "| certificate | 2 | 2 |",
            "| `missed` | missed is wrong. | **nothing** |",
        ] {
            assert!(page.contains(row), "no {row} in\n{page}");
        }
    }
}
