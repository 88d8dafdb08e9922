//! SARIF 2.1.0 (OASIS), for code scanning services and SARIF viewers: scenarios are rules, what failed is a result.
//!
//! A fail is a result of kind `fail` with the level of its severity; an inconclusive verdict is a result of kind `review`,
//! which the standard wants at level `none`: a person must look. Passed scenarios are rules without a result. Skipped ones are
//! told once a reason, as notifications about the configuration. The same events give the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde_json::{Value, json};

use super::reasons::skipped;
use super::style::harmless_json;
use super::terminal::references;
use super::{Record, Summary, harmless, mend};
use crate::event::{AttemptResult, Event, Listener, ScenarioResult};
use crate::judge::verdict::VerdictKind;
use crate::scenario::{Claim, Severity};

/// Rows of one scenario that a message names; all of them are in the result's properties.
const MOST_ROWS: usize = 5;

/// Writes the document when the run ends.
pub struct Sarif {
    to: Box<dyn Write + Send>,
    record: Record,
}

impl Sarif {
    /// Writes to `to`.
    pub fn new(to: Box<dyn Write + Send>) -> Self {
        Self {
            to,
            record: Record::default(),
        }
    }
}

impl Listener for Sarif {
    fn hear(&mut self, event: &Event) -> io::Result<()> {
        self.record.take(event);
        if !matches!(event, Event::RunFinished(_)) {
            return Ok(());
        }
        let document = harmless_json(&serde_json::to_string_pretty(&log(&self.record))?);
        writeln!(self.to, "{document}")?;
        self.to.flush()
    }
}

fn log(record: &Record) -> Value {
    let weaknesses: BTreeSet<u32> = record
        .results
        .values()
        .flat_map(|result| result.claim.cwe.iter().copied())
        .collect();
    let places: BTreeMap<u32, usize> = weaknesses.iter().copied().zip(0..).collect();
    let tool = record
        .started
        .as_ref()
        .map_or("gauntlet", |started| started.tool.as_str());
    let (name, version) = tool.split_once(' ').unwrap_or((tool, ""));
    let mut driver = json!({
        "name": name,
        "fullName": tool,
        "rules": record.results.values().map(|result| rule(&result.claim, record, &places)).collect::<Vec<_>>(),
        "supportedTaxonomies": [{ "name": "CWE", "index": 0 }],
    });
    if !version.is_empty() {
        put(&mut driver, "semanticVersion", json!(version));
    }
    let results: Vec<Value> = record
        .results
        .values()
        .enumerate()
        .filter_map(|(index, found)| result(found, index, record))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver },
            // Two deployments that are uploaded for the same commit must not replace each other.
            "automationDetails": { "id": format!("gauntlet/{}/", record.deployment()) },
            "taxonomies": [taxonomy(&weaknesses)],
            "invocations": [invocation(record)],
            "columnKind": "utf16CodeUnits",
            "results": results,
            "properties": properties(record),
        }],
    })
}

fn put(object: &mut Value, key: &str, value: Value) {
    if let Value::Object(fields) = object {
        fields.insert(key.to_owned(), value);
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low => "note",
    }
}

/// GitHub's `security-severity`: from 9 critical, from 7 high, from 4 medium, below it low.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.0",
    }
}

fn rule(claim: &Claim, record: &Record, places: &BTreeMap<u32, usize>) -> Value {
    let help = match mend(claim, record.servers()) {
        Some((server, words)) => format!("How to mend it ({server}): {words}"),
        None => claim.title.clone(),
    };
    let relationships: Vec<Value> = claim
        .cwe
        .iter()
        .filter_map(|number| Some((number, places.get(number)?)))
        .map(|(number, index)| {
            json!({
                "target": { "id": number.to_string(), "index": index, "toolComponent": { "name": "CWE", "index": 0 } },
                "kinds": ["superset"],
            })
        })
        .collect();
    json!({
        "id": claim.id.0,
        "shortDescription": { "text": message(&claim.title) },
        "fullDescription": { "text": message(&claim.why) },
        "help": { "text": message(&help) },
        "defaultConfiguration": { "level": level(claim.severity) },
        "relationships": relationships,
        "properties": {
            "security-severity": security_severity(claim.severity),
            "precision": "high",
            "severity": claim.severity.word(),
            "references": claim.references,
            "tags": tags(claim),
        },
    })
}

/// `security`, the family, and what auditors search for. `external/cwe/…` is how code scanning services spell a CWE.
fn tags(claim: &Claim) -> Vec<String> {
    let mut tags = vec!["security".to_owned(), claim.id.family().to_owned()];
    tags.extend(
        claim
            .cwe
            .iter()
            .map(|number| format!("external/cwe/cwe-{number:03}")),
    );
    tags.extend(
        claim
            .owasp_api
            .iter()
            .map(|number| format!("OWASP {number}:2023")),
    );
    tags.extend(claim.pci_dss.iter().map(|number| format!("PCI DSS {number}")));
    tags.extend(claim.soc2.iter().map(|number| format!("SOC 2 {number}")));
    // The standard wants tags to be unique.
    let mut said = BTreeSet::new();
    tags.retain(|tag| said.insert(tag.clone()));
    tags
}

fn taxonomy(weaknesses: &BTreeSet<u32>) -> Value {
    let taxa: Vec<Value> = weaknesses
        .iter()
        .map(|number| {
            json!({
                "id": number.to_string(),
                "name": format!("CWE-{number}"),
                "helpUri": format!("https://cwe.mitre.org/data/definitions/{number}.html"),
            })
        })
        .collect();
    json!({
        "name": "CWE",
        "fullName": "Common Weakness Enumeration",
        "organization": "MITRE",
        "shortDescription": { "text": "The MITRE Common Weakness Enumeration" },
        "informationUri": "https://cwe.mitre.org/",
        "isComprehensive": false,
        "taxa": taxa,
    })
}

/// `None` where there is nothing to look at.
fn result(found: &ScenarioResult, index: usize, record: &Record) -> Option<Value> {
    let claim = &found.claim;
    let (kind, level) = match found.verdict.kind {
        VerdictKind::Pass | VerdictKind::Skipped => return None,
        VerdictKind::Fail => ("fail", level(claim.severity)),
        VerdictKind::Inconclusive => ("review", "none"),
    };
    Some(json!({
        "ruleId": claim.id.0,
        "ruleIndex": index,
        "kind": kind,
        "level": level,
        "message": { "text": message(&text(found)) },
        "locations": [location(&claim.id.0, record)],
        "partialFingerprints": { "scenario/v1": format!("{} {}", record.deployment(), claim.id) },
        "properties": {
            "attempts": found.attempts.iter().map(attempt).collect::<Vec<_>>(),
            "references": references(found),
        },
    }))
}

/// What failed: the claim, the reason, and the first rows.
fn text(found: &ScenarioResult) -> String {
    let mut text = format!("{}: {}.", found.claim.title, found.verdict.reason);
    let rows: Vec<&AttemptResult> = found
        .attempts
        .iter()
        .filter(|attempt| attempt.verdict.kind == found.verdict.kind && !attempt.row.is_empty())
        .collect();
    for attempt in rows.iter().take(MOST_ROWS) {
        let how = attempt
            .observed
            .as_ref()
            .map_or(&attempt.verdict.reason, |observed| &observed.summary);
        text += &format!("\n#{}: {how}", attempt.row);
    }
    if rows.len() > MOST_ROWS {
        text += &format!("\nand {} more rows", rows.len() - MOST_ROWS);
    }
    text
}

/// A deployment is no file. The place in the sources is the file that holds the attack, which code scanning services want to
/// have; the logical place is the deployment.
fn location(id: &str, record: &Record) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": format!("scenarios/{}.toml", uri_path(id)) },
            "region": { "startLine": 1 },
        },
        "logicalLocations": [{
            "name": record.deployment(),
            "fullyQualifiedName": record.deployment(),
            "kind": "resource",
        }],
    })
}

fn attempt(attempt: &AttemptResult) -> Value {
    let mut fields = json!({
        "row": attempt.row,
        "verdict": attempt.verdict.kind,
        "reason": attempt.verdict.reason,
        "expected": attempt.expected,
    });
    if let Some(observed) = &attempt.observed {
        put(&mut fields, "observed", json!(observed.summary));
        put(&mut fields, "evidence", json!(observed.evidence));
    }
    fields
}

fn invocation(record: &Record) -> Value {
    let configuration: Vec<Value> = skipped(record)
        .into_iter()
        .map(|(reason, results)| {
            let ids: Vec<&str> = results.iter().map(|result| result.claim.id.0.as_str()).collect();
            notification("note", &format!("Not tried, {reason}: {}", ids.join(", ")))
        })
        .collect();
    let mut execution: Vec<Value> = record
        .notices
        .iter()
        .map(|notice| notification("warning", notice))
        .collect();
    if record.is_interrupted() {
        execution.push(notification(
            "error",
            "The run was interrupted: what is missing was not tried.",
        ));
    }
    let mut invocation = json!({
        "executionSuccessful": !record.is_interrupted(),
        "toolConfigurationNotifications": configuration,
        "toolExecutionNotifications": execution,
    });
    for (key, time) in times(record) {
        put(&mut invocation, key, json!(time));
    }
    invocation
}

fn notification(level: &str, text: &str) -> Value {
    json!({ "level": level, "message": { "text": message(text) } })
}

/// Begin and end, as far as they can be told; a recording may hold anything.
fn times(record: &Record) -> Vec<(&'static str, String)> {
    let Some(started) = &record.started else {
        return Vec::new();
    };
    let Ok(begin) = started.started.parse::<jiff::Timestamp>() else {
        return Vec::new();
    };
    let mut times = vec![("startTimeUtc", begin.to_string())];
    let end = record.finished.as_ref().and_then(|finished| {
        let duration = jiff::SignedDuration::from_millis(i64::try_from(finished.duration_ms).ok()?);
        begin.checked_add(duration).ok()
    });
    times.extend(end.map(|end| ("endTimeUtc", end.to_string())));
    times
}

fn properties(record: &Record) -> Value {
    let summary = Summary::of(record);
    let mut fields = json!({
        "deployment": record.deployment(),
        "summary": summary,
    });
    if let Some(started) = &record.started {
        put(&mut fields, "seed", json!(started.seed));
        put(&mut fields, "versions", json!(started.versions));
        if let Some(shard) = &started.shard {
            put(&mut fields, "shard", json!(shard));
        }
    }
    fields
}

/// A message as the standard reads it: braces are placeholders unless they are doubled (3.11.5), `[text](target)` is a link
/// (3.11.6), which no peer shall write into a report.
fn message(text: &str) -> String {
    harmless(text)
        .replace('{', "{{")
        .replace('}', "}}")
        .replace("](", "] (")
}

/// The id as a relative URI: ids are kebab-case words, but a recording may hold anything.
fn uri_path(id: &str) -> String {
    let mut out = String::new();
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'/' => out.push(char::from(byte)),
            _ => out += &format!("%{byte:02X}"),
        }
    }
    out
}

#[cfg(test)]
mod tests;
