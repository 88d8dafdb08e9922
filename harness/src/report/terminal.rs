//! The report for a person: failures first, each with its evidence, why it matters and the mend for the server at hand.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::style::{Colour, Look, harmless};
use super::{Record, Summary, Tally, mend};
use crate::event::{AttemptResult, Event, Listener, ScenarioResult};
use crate::judge::verdict::VerdictKind;

/// Rows of one scenario that are shown; the rest is counted. All of them are in the JSON report.
const MOST_ROWS: usize = 5;
/// Lines of evidence of one row that are shown.
const MOST_EVIDENCE: usize = 4;

/// Writes the report when the run ends.
pub struct Terminal {
    to: Box<dyn Write + Send>,
    look: Look,
    record: Record,
}

impl Terminal {
    /// Writes to `to`, as `look` says.
    pub fn new(to: Box<dyn Write + Send>, look: Look) -> Self {
        Self {
            to,
            look,
            record: Record::default(),
        }
    }
}

impl Listener for Terminal {
    fn hear(&mut self, event: &Event) -> io::Result<()> {
        self.record.take(event);
        if !matches!(event, Event::RunFinished(_)) {
            return Ok(());
        }
        self.to.write_all(page(&self.record, self.look).as_bytes())?;
        self.to.flush()
    }
}

fn page(record: &Record, look: Look) -> String {
    let mut page = String::new();
    let of_kind = |kind| {
        let mut results: Vec<&ScenarioResult> = record
            .results
            .values()
            .filter(move |result| result.verdict.kind == kind)
            .collect();
        // The gravest first; ids keep their order within a severity.
        results.sort_by_key(|result| std::cmp::Reverse(result.claim.severity));
        results
    };
    for result in of_kind(VerdictKind::Fail) {
        page += &failure(result, record.servers(), look);
    }
    for result in of_kind(VerdictKind::Inconclusive) {
        page += &look.paint(
            Colour::Unsure,
            &format!(
                "INCONCLUSIVE  {}  {}",
                result.claim.severity.word(),
                result.claim.id
            ),
        );
        page.push('\n');
        page += &look.fold(2, &result.verdict.reason);
        page.push('\n');
    }
    page += &skipped(&of_kind(VerdictKind::Skipped), look);
    page += &families(record, look);
    for notice in &record.notices {
        page += &look.fold(0, &format!("note: {notice}"));
    }
    page += &last_lines(record, look);
    page
}

fn failure(result: &ScenarioResult, servers: &[String], look: Look) -> String {
    let claim = &result.claim;
    let mut text = look.paint(
        Colour::Bad,
        &format!("FAIL  {}  {}", claim.severity.word(), claim.id),
    );
    text.push('\n');
    text += &look.paint(Colour::Strong, look.fold(2, &claim.title).trim_end());
    text.push('\n');
    text += &look.fold(2, &result.verdict.reason);
    let failed: Vec<&AttemptResult> = result
        .attempts
        .iter()
        .filter(|attempt| attempt.verdict.kind == VerdictKind::Fail)
        .collect();
    if result.attempts.len() > 1 {
        text += &look.fold(
            2,
            &format!("{} of {} rows failed:", failed.len(), result.attempts.len()),
        );
    }
    for attempt in failed.iter().take(MOST_ROWS) {
        text += &row(attempt, look);
    }
    if failed.len() > MOST_ROWS {
        text += &look.fold(4, &format!("and {} more", failed.len() - MOST_ROWS));
    }
    text += &look.fold(2, &format!("why: {}", claim.why));
    if let Some((server, words)) = mend(claim, servers) {
        text += &look.fold(2, &format!("mend ({server}): {words}"));
    }
    let references = references(result);
    if !references.is_empty() {
        text += &look.paint(Colour::Quiet, look.fold(2, &references).trim_end());
        text.push('\n');
    }
    text.push('\n');
    text
}

fn row(attempt: &AttemptResult, look: Look) -> String {
    let name = if attempt.row.is_empty() {
        String::new()
    } else {
        format!("#{}: ", attempt.row)
    };
    let Some(observed) = &attempt.observed else {
        return look.fold(
            4,
            &format!("{name}expected {}; {}", attempt.expected, attempt.verdict.reason),
        );
    };
    let mut text = look.fold(
        4,
        &format!(
            "{name}expected {}; observed {}",
            attempt.expected, observed.summary
        ),
    );
    for line in observed.evidence.iter().take(MOST_EVIDENCE) {
        text += &look.fold(6, line);
    }
    text
}

/// `CWE-287, API2, PCI DSS 8.3.1, SOC 2 CC6.1, RFC …`.
pub(super) fn references(result: &ScenarioResult) -> String {
    let claim = &result.claim;
    let mut all: Vec<String> = claim.cwe.iter().map(|number| format!("CWE-{number}")).collect();
    all.extend(claim.owasp_api.iter().cloned());
    all.extend(claim.pci_dss.iter().map(|number| format!("PCI DSS {number}")));
    all.extend(claim.soc2.iter().map(|number| format!("SOC 2 {number}")));
    all.extend(claim.references.iter().cloned());
    all.join(", ")
}

/// Skipped scenarios by their reason: what a richer deployment file would unlock.
fn skipped(results: &[&ScenarioResult], look: Look) -> String {
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for result in results {
        *reasons.entry(result.verdict.reason.as_str()).or_default() += 1;
    }
    let mut text = String::new();
    for (reason, count) in &reasons {
        text += &look.paint(
            Colour::Quiet,
            look.fold(0, &format!("skipped {count}: {reason}")).trim_end(),
        );
        text.push('\n');
    }
    if !reasons.is_empty() {
        text.push('\n');
    }
    text
}

/// Scenarios by family and verdict.
pub(super) fn by_family(record: &Record) -> BTreeMap<&str, Tally> {
    let mut kinds: BTreeMap<&str, Vec<VerdictKind>> = BTreeMap::new();
    for result in record.results.values() {
        kinds
            .entry(result.claim.id.family())
            .or_default()
            .push(result.verdict.kind);
    }
    kinds
        .into_iter()
        .map(|(family, kinds)| (family, Tally::of(kinds)))
        .collect()
}

fn families(record: &Record, look: Look) -> String {
    let families = by_family(record);
    let longest = families
        .keys()
        .map(|family| family.chars().count())
        .max()
        .unwrap_or(0)
        .max("family".len());
    let mut text = look.paint(
        Colour::Strong,
        &format!(
            "{:longest$}  {:>5}  {:>5}  {:>12}  {:>7}",
            "family", "pass", "fail", "inconclusive", "skipped"
        ),
    );
    text.push('\n');
    for (
        family,
        Tally {
            pass,
            fail,
            inconclusive,
            skipped,
        },
    ) in &families
    {
        let line = format!(
            "{:longest$}  {pass:>5}  {fail:>5}  {inconclusive:>12}  {skipped:>7}",
            harmless(family)
        );
        let colour = match (fail, inconclusive, pass) {
            (1.., _, _) => Colour::Bad,
            (0, 1.., _) => Colour::Unsure,
            (0, 0, 1..) => Colour::Good,
            (0, 0, 0) => Colour::Quiet,
        };
        text += &look.paint(colour, &line);
        text.push('\n');
    }
    text.push('\n');
    text
}

fn last_lines(record: &Record, look: Look) -> String {
    let summary = Summary::of(record);
    let mut text = String::new();
    if let Some(started) = &record.started {
        let shard = started
            .shard
            .as_ref()
            .map(|shard| format!(", shard {shard}"))
            .unwrap_or_default();
        text += &look.fold(
            0,
            &format!(
                "{} on {}, seed {}{shard}",
                started.tool, started.deployment, started.seed
            ),
        );
        for version in &started.versions {
            text += &look.fold(2, version);
        }
    }
    let colour = if summary.fail > 0 {
        Colour::Bad
    } else {
        Colour::Strong
    };
    let verdict = match (summary.score, summary.grade) {
        (Some(score), Some(grade)) => format!("score {score}/100, grade {}", grade.letter()),
        (_, _) => "nothing was tried: no score".to_owned(),
    };
    let counts = format!(
        "{} pass, {} fail, {} inconclusive, {} skipped",
        summary.pass, summary.fail, summary.inconclusive, summary.skipped
    );
    text += &look.paint(colour, &format!("{verdict}: {counts}"));
    text.push('\n');
    if let Some(finished) = &record.finished {
        text += &cost(finished);
    }
    if record.is_interrupted() {
        text += &look.paint(Colour::Unsure, "interrupted: what is missing was not tried");
        text.push('\n');
    }
    text
}

/// Exchanges, time, rate and peak memory.
fn cost(finished: &crate::event::RunFinished) -> String {
    let (milliseconds, exchanges) = (finished.duration_ms, finished.exchanges);
    let mut text = format!(
        "{exchanges} exchanges in {}.{} s",
        milliseconds / 1000,
        milliseconds % 1000 / 100
    );
    // Writing to a String cannot fail.
    if let Some(rate) = exchanges.saturating_mul(1000).checked_div(milliseconds) {
        let _ = write!(text, " ({rate}/s)");
    }
    if let Some(bytes) = finished.peak_memory {
        let _ = write!(text, ", peak memory {} MiB", bytes.div_ceil(1024 * 1024));
    }
    text.push('\n');
    text
}
