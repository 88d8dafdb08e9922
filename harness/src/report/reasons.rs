//! Scenarios without a proof, by the reason: which key of the deployment file unlocks how many, and which one trouble left
//! how many inconclusive.

use std::collections::BTreeMap;

use super::Record;
use crate::event::ScenarioResult;
use crate::judge::verdict::VerdictKind;

/// Skipped scenarios by their reason, the most frequent reason first, then by the reason's text.
pub(super) fn skipped(record: &Record) -> Vec<(&str, Vec<&ScenarioResult>)> {
    let mut reasons: BTreeMap<&str, Vec<&ScenarioResult>> = BTreeMap::new();
    for result in record.results.values() {
        if result.verdict.kind == VerdictKind::Skipped {
            reasons
                .entry(need(&result.verdict.reason))
                .or_default()
                .push(result);
        }
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, results)| std::cmp::Reverse(results.len()));
    reasons
}

/// Inconclusive scenarios by their reason, the reason of the gravest scenario first, and the gravest first within each: a
/// deployment that is down is one trouble, not one for each scenario.
pub(super) fn inconclusive(record: &Record) -> Vec<(&str, Vec<&ScenarioResult>)> {
    let mut reasons: Vec<(&str, Vec<&ScenarioResult>)> = Vec::new();
    for result in gravest_first(record, VerdictKind::Inconclusive) {
        let reason = result.verdict.reason.as_str();
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, group)) => group.push(result),
            None => reasons.push((reason, vec![result])),
        }
    }
    reasons
}

/// The results with this verdict by severity; ids keep their order within one.
pub(super) fn gravest_first(record: &Record, kind: VerdictKind) -> Vec<&ScenarioResult> {
    let results = record.results.values();
    let mut results: Vec<&ScenarioResult> = results.filter(|result| result.verdict.kind == kind).collect();
    results.sort_by_key(|result| std::cmp::Reverse(result.claim.severity));
    results
}

/// The reason without the credential that it is about: of "`expired-intermediate` needs the root's key", the need. What is
/// missing is the same for all of them.
fn need(reason: &str) -> &str {
    let after = reason
        .strip_prefix('`')
        .and_then(|rest| rest.split_once("` "))
        .map(|(_, after)| after);
    after
        .filter(|after| after.starts_with("needs "))
        .unwrap_or(reason)
}

#[cfg(test)]
mod tests {
    use super::super::samples::result;
    use super::*;
    use crate::scenario::Severity;

    #[test]
    fn one_trouble_is_told_once_and_the_gravest_first() {
        let mut record = Record::default();
        for (id, severity, reason) in [
            ("f/a", Severity::Low, "down"),
            ("f/b", Severity::Critical, "down"),
            ("f/c", Severity::High, "other"),
        ] {
            let mut unproven = result(id, severity, VerdictKind::Inconclusive);
            reason.clone_into(&mut unproven.verdict.reason);
            record.results.insert(unproven.claim.id.clone(), unproven);
        }
        let told: Vec<(&str, Vec<&str>)> = inconclusive(&record)
            .into_iter()
            .map(|(reason, results)| {
                let ids = results.iter().map(|result| result.claim.id.0.as_str());
                (reason, ids.collect())
            })
            .collect();
        assert_eq!(told, [("down", vec!["f/b", "f/a"]), ("other", vec!["f/c"])]);
    }

    #[test]
    fn one_need_of_several_credentials_is_one_reason() {
        let mut record = Record::default();
        let reasons = [
            "needs [logs]",
            "`path-length` needs the root's key: [pki] root",
            "`constraint-dns` needs the root's key: [pki] root",
            "`alice` is odd",
        ];
        for (number, reason) in reasons.iter().enumerate() {
            let mut skipped = result(&format!("f/{number}"), Severity::Low, VerdictKind::Skipped);
            skipped.verdict.reason = (*reason).to_owned();
            record.results.insert(skipped.claim.id.clone(), skipped);
        }
        let counted: Vec<(&str, usize)> = skipped(&record)
            .iter()
            .map(|(reason, results)| (*reason, results.len()))
            .collect();
        assert_eq!(
            counted,
            [
                ("needs the root's key: [pki] root", 2),
                ("`alice` is odd", 1),
                ("needs [logs]", 1),
            ]
        );
    }
}
