//! JUnit XML, for CI systems that draw test results: a suite a family, a case a scenario, its rows in the case's output.
//!
//! The format has no standard; this is what Jenkins' `junit-10.xsd` takes, written by hand: the attribute `skipped` that some
//! writers add to `testsuites` is not in it. A fail is a `failure`, an inconclusive verdict an `error` (nothing was proven, and
//! CI must not be green), a skipped one a `skipped` with its reason.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::io::{self, Write};

use super::markup::{escaped, escaped_line};
use super::terminal::references;
use super::{Record, Summary, Tally, mend};
use crate::event::{AttemptResult, Event, Listener, ScenarioResult};
use crate::judge::verdict::VerdictKind;

/// Writes the document when the run ends.
pub struct Junit {
    to: Box<dyn Write + Send>,
    record: Record,
}

impl Junit {
    /// Writes to `to`.
    pub fn new(to: Box<dyn Write + Send>) -> Self {
        Self {
            to,
            record: Record::default(),
        }
    }
}

impl Listener for Junit {
    fn hear(&mut self, event: &Event) -> io::Result<()> {
        self.record.take(event);
        if !matches!(event, Event::RunFinished(_)) {
            return Ok(());
        }
        let document = document(&self.record).map_err(io::Error::other)?;
        self.to.write_all(document.as_bytes())?;
        self.to.flush()
    }
}

fn document(record: &Record) -> Result<String, fmt::Error> {
    let mut families: BTreeMap<&str, Vec<&ScenarioResult>> = BTreeMap::new();
    for result in record.results.values() {
        families.entry(result.claim.id.family()).or_default().push(result);
    }
    let all = Tally::of(record.results.values().map(|result| result.verdict.kind));
    let finished = record
        .finished
        .as_ref()
        .map_or(0, |finished| finished.duration_ms);
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    writeln!(
        text,
        "<testsuites name=\"gauntlet: {}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"{}\">",
        escaped_line(record.deployment()),
        record.results.len(),
        all.fail,
        all.inconclusive,
        seconds(finished)
    )?;
    for (family, results) in &families {
        suite(&mut text, record, family, results)?;
    }
    text.push_str("</testsuites>\n");
    Ok(text)
}

fn suite(text: &mut String, record: &Record, family: &str, results: &[&ScenarioResult]) -> fmt::Result {
    let tally = Tally::of(results.iter().map(|result| result.verdict.kind));
    write!(
        text,
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"{}\"",
        escaped_line(family),
        results.len(),
        tally.fail,
        tally.inconclusive,
        tally.skipped,
        seconds(results.iter().map(|result| result.duration_ms).sum())
    )?;
    if let Some(started) = &record.started {
        write!(text, " timestamp=\"{}\"", escaped_line(&started.started))?;
    }
    text.push_str(">\n    <properties>\n");
    for (name, value) in properties(record) {
        writeln!(
            text,
            "      <property name=\"{name}\" value=\"{}\"/>",
            escaped_line(&value)
        )?;
    }
    text.push_str("    </properties>\n");
    for result in results {
        case(text, record, result)?;
    }
    text.push_str("  </testsuite>\n");
    Ok(())
}

/// The run's circumstances. They stand in every suite: `testsuites` may not have any.
fn properties(record: &Record) -> Vec<(&'static str, String)> {
    let mut properties = vec![("deployment", record.deployment().to_owned())];
    if let Some(started) = &record.started {
        properties.push(("tool", started.tool.clone()));
        properties.push(("seed", started.seed.to_string()));
        properties.extend(
            started
                .versions
                .iter()
                .map(|version| ("version", version.clone())),
        );
    }
    let summary = Summary::of(record);
    if let (Some(score), Some(grade)) = (summary.score, summary.grade) {
        properties.push(("score", score.to_string()));
        properties.push(("grade", grade.letter().to_string()));
    }
    if record.is_interrupted() {
        properties.push(("interrupted", "true".to_owned()));
    }
    properties
}

fn case(text: &mut String, record: &Record, result: &ScenarioResult) -> fmt::Result {
    let claim = &result.claim;
    writeln!(
        text,
        "    <testcase classname=\"{}.{}\" name=\"{}\" time=\"{}\">",
        // A dot would be read as the end of a package.
        escaped_line(&record.deployment().replace('.', "_")),
        escaped_line(claim.id.family()),
        escaped_line(&claim.id.0),
        seconds(result.duration_ms)
    )?;
    let reason = escaped_line(&result.verdict.reason);
    match result.verdict.kind {
        VerdictKind::Pass => {}
        VerdictKind::Skipped => writeln!(text, "      <skipped message=\"{reason}\"/>")?,
        VerdictKind::Fail => writeln!(
            text,
            "      <failure type=\"{}\" message=\"{reason}\">{}</failure>",
            claim.severity.word(),
            escaped(&details(record, result)?)
        )?,
        VerdictKind::Inconclusive => writeln!(
            text,
            "      <error type=\"inconclusive\" message=\"{reason}\">{}</error>",
            escaped(&details(record, result)?)
        )?,
    }
    if result.verdict.kind != VerdictKind::Skipped {
        writeln!(
            text,
            "      <system-out>{}</system-out>",
            escaped(&rows(&result.attempts)?)
        )?;
    }
    text.push_str("    </testcase>\n");
    Ok(())
}

/// What a person does about it.
fn details(record: &Record, result: &ScenarioResult) -> Result<String, fmt::Error> {
    let claim = &result.claim;
    let mut text = format!("{}\n{}\nwhy: {}\n", claim.title, result.verdict.reason, claim.why);
    if let Some((server, words)) = mend(claim, record.servers()) {
        writeln!(text, "mend ({server}): {words}")?;
    }
    let references = references(result);
    if !references.is_empty() {
        writeln!(text, "{references}")?;
    }
    Ok(text)
}

/// A line a row, and the evidence of those that did not pass.
fn rows(attempts: &[AttemptResult]) -> Result<String, fmt::Error> {
    let mut text = String::new();
    for attempt in attempts {
        let AttemptResult {
            row,
            verdict,
            expected,
            observed,
        } = attempt;
        write!(text, "{}", verdict.kind)?;
        if !row.is_empty() {
            write!(text, " #{row}")?;
        }
        match observed {
            Some(observed) => writeln!(text, ": expected {expected}; observed {}", observed.summary)?,
            None => writeln!(text, ": {}", verdict.reason)?,
        }
        let evidence = observed.iter().flat_map(|observed| &observed.evidence);
        for line in evidence.filter(|_| verdict.kind != VerdictKind::Pass) {
            writeln!(text, "  {line}")?;
        }
    }
    Ok(text)
}

/// Seconds as the format wants them.
fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000)
}
