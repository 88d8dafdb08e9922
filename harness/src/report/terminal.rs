//! The report for a person: failures first, each with its evidence, why it matters and the mend for the server at hand.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::reasons::{self, gravest_first, skipped};
use super::score::capped_by;
use super::style::{Colour, Look, harmless};
use super::{Record, Summary, Tally, mend};
use crate::event::{AttemptResult, Event, Listener, ScenarioResult};
use crate::judge::verdict::VerdictKind;

/// Rows of one scenario that are shown; the rest is counted. All of them are in the JSON report.
const MOST_ROWS: usize = 5;
/// Scenarios of one list that are shown.
const MOST_LISTED: usize = 12;
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
    let failed = gravest_first(record, VerdictKind::Fail);
    for result in &failed {
        page += &failure(result, record.servers(), look);
    }
    page += &inconclusive(record, look);
    page += &unlockable(record, look);
    page += &families(record, look);
    page += &recap(&failed, look);
    for notice in &record.notices {
        page += &look.fold(0, &format!("note: {notice}"));
        page.push('\n');
    }
    page += &last_lines(record, look);
    page
}

fn failure(result: &ScenarioResult, servers: &[String], look: Look) -> String {
    let claim = &result.claim;
    let mut text = look.paint(
        Colour::Bad,
        &harmless(&format!("FAIL  {}  {}", claim.severity.word(), claim.id)),
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
    for (what, attempts) in alike(&failed) {
        text += &rows(&what, &attempts, look);
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

/// Attempts by what was expected and what came, in the order in which each first came up: a matrix mostly fails in one way.
fn alike<'a>(attempts: &[&'a AttemptResult]) -> Vec<(String, Vec<&'a AttemptResult>)> {
    let mut groups: Vec<(String, Vec<&AttemptResult>)> = Vec::new();
    for attempt in attempts {
        let what = match &attempt.observed {
            Some(observed) => format!("expected {}; observed {}", attempt.expected, observed.summary),
            None => format!("expected {}; {}", attempt.expected, attempt.verdict.reason),
        };
        match groups.iter_mut().find(|(known, _)| *known == what) {
            Some((_, group)) => group.push(attempt),
            None => groups.push((what, vec![attempt])),
        }
    }
    groups
}

fn rows(what: &str, attempts: &[&AttemptResult], look: Look) -> String {
    let mut text = look.fold(4, what);
    let mut names = Vec::new();
    for attempt in attempts.iter().take(MOST_ROWS) {
        let evidence = attempt.observed.iter().flat_map(|observed| &observed.evidence);
        let lines: String = evidence
            .take(MOST_EVIDENCE)
            .map(|line| look.fold(8, line))
            .collect();
        let name = if attempt.row.is_empty() {
            String::new()
        } else {
            format!("#{}", attempt.row)
        };
        if lines.is_empty() {
            names.push(name);
        } else {
            text += &look.fold(6, &name);
            text += &lines;
        }
    }
    if attempts.len() > MOST_ROWS {
        names.push(format!("and {} more", attempts.len() - MOST_ROWS));
    }
    text += &look.fold(6, &names.join("  "));
    text
}

/// What proved nothing, by its reason.
fn inconclusive(record: &Record, look: Look) -> String {
    let mut text = String::new();
    for (reason, group) in reasons::inconclusive(record) {
        let heading = match group.as_slice() {
            [only] => format!("INCONCLUSIVE  {}  {}", only.claim.severity.word(), only.claim.id),
            all => format!("INCONCLUSIVE  {} scenarios", all.len()),
        };
        text += &look.paint(Colour::Unsure, &harmless(&heading));
        text.push('\n');
        if let [only] = group.as_slice() {
            text += &look.paint(Colour::Strong, look.fold(2, &only.claim.title).trim_end());
            text.push('\n');
        }
        text += &look.fold(2, reason);
        if group.len() > 1 {
            text += &listed(&group, look);
        }
        text.push('\n');
    }
    text
}

/// Severity and id, a line each; a long list is cut.
fn listed(results: &[&ScenarioResult], look: Look) -> String {
    let mut text = String::new();
    for result in results.iter().take(MOST_LISTED) {
        text += &format!(
            "    {:8}  {}\n",
            result.claim.severity.word(),
            harmless(&result.claim.id.0)
        );
    }
    if results.len() > MOST_LISTED {
        text += &look.fold(4, &format!("and {} more", results.len() - MOST_LISTED));
    }
    text
}

/// Once more what failed, where the first of it has scrolled away.
fn recap(failed: &[&ScenarioResult], look: Look) -> String {
    if failed.len() < 3 {
        return String::new();
    }
    let mut text = look.paint(
        Colour::Bad,
        &format!("failed {}, the gravest first:", failed.len()),
    );
    text.push('\n');
    text += &listed(failed, look);
    text.push('\n');
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

/// What a richer deployment file would unlock, by what it lacks.
fn unlockable(record: &Record, look: Look) -> String {
    let reasons = skipped(record);
    if reasons.is_empty() {
        return String::new();
    }
    let all: usize = reasons.iter().map(|(_, results)| results.len()).sum();
    let mut text = look.paint(Colour::Strong, &format!("skipped {all}:"));
    text.push('\n');
    for (reason, results) in reasons {
        // The fold leaves room for the number.
        let folded = look.fold(7, reason);
        let line = format!("{:>5}  {}", results.len(), folded.trim_start());
        text += &look.paint(Colour::Quiet, line.trim_end());
        text.push('\n');
    }
    text.push('\n');
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
        (Some(score), Some(grade)) => {
            let cap = capped_by(record)
                .map(|why| format!(" ({why})"))
                .unwrap_or_default();
            format!("score {score}/100, grade {}{cap}", grade.letter())
        }
        (_, _) => "nothing was tried, no score".to_owned(),
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
