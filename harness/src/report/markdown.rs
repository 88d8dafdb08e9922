//! A short page for a pull request: the tally, what failed, what proved nothing, and why the rest was skipped.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::score::capped_by;
use super::terminal::{by_family, references};
use super::{Record, Summary, harmless, mend, reasons};
use crate::event::{Event, Listener};
use crate::judge::verdict::VerdictKind;

/// Writes the page when the run ends.
pub struct Markdown {
    to: Box<dyn Write + Send>,
    record: Record,
}

impl Markdown {
    /// Writes to `to`.
    pub fn new(to: Box<dyn Write + Send>) -> Self {
        Self {
            to,
            record: Record::default(),
        }
    }
}

impl Listener for Markdown {
    fn hear(&mut self, event: &Event) -> io::Result<()> {
        self.record.take(event);
        if !matches!(event, Event::RunFinished(_)) {
            return Ok(());
        }
        self.to
            .write_all(page(&self.record).map_err(io::Error::other)?.as_bytes())?;
        self.to.flush()
    }
}

fn page(record: &Record) -> Result<String, std::fmt::Error> {
    let summary = Summary::of(record);
    let mut page = String::new();
    writeln!(page, "## gauntlet: {}\n", plain(record.deployment()))?;
    match (summary.score, summary.grade) {
        (Some(score), Some(grade)) => {
            let cap = capped_by(record)
                .map(|why| format!(" ({why})"))
                .unwrap_or_default();
            writeln!(
                page,
                "Score **{score}/100**, grade **{}**{cap}.\n",
                grade.letter()
            )?
        }
        (_, _) => writeln!(page, "Nothing was tried.\n")?,
    }
    writeln!(
        page,
        "| family | pass | fail | inconclusive | skipped |\n| --- | --: | --: | --: | --: |"
    )?;
    for (family, tally) in by_family(record) {
        let (pass, fail, inconclusive, skipped) = (tally.pass, tally.fail, tally.inconclusive, tally.skipped);
        writeln!(
            page,
            "| {} | {pass} | {fail} | {inconclusive} | {skipped} |",
            plain(family)
        )?;
    }
    for result in record
        .results
        .values()
        .filter(|result| result.verdict.kind == VerdictKind::Fail)
    {
        let claim = &result.claim;
        writeln!(page, "\n### {} ({})\n", plain(&claim.id.0), claim.severity.word())?;
        writeln!(
            page,
            "{}: {}\n",
            plain(&claim.title),
            plain(&result.verdict.reason)
        )?;
        writeln!(page, "- why: {}", plain(&claim.why))?;
        if let Some((server, words)) = mend(claim, record.servers()) {
            writeln!(page, "- mend ({server}): {}", plain(words))?;
        }
        writeln!(page, "- {}", plain(&references(result)))?;
    }
    for (reason, results) in reasons::inconclusive(record) {
        writeln!(
            page,
            "\n### Inconclusive ({})\n\n{}:\n",
            results.len(),
            plain(reason)
        )?;
        for result in results {
            let claim = &result.claim;
            writeln!(page, "- {} ({})", plain(&claim.id.0), claim.severity.word())?;
        }
    }
    let skipped = reasons::skipped(record);
    if !skipped.is_empty() {
        writeln!(page, "\n### Skipped\n")?;
    }
    for (reason, results) in skipped {
        writeln!(page, "- {}: {}", results.len(), plain(reason))?;
    }
    for notice in &record.notices {
        writeln!(page, "\nNote: {}", plain(notice))?;
    }
    if record.is_interrupted() {
        writeln!(page, "\nThe run was interrupted: what is missing was not tried.")?;
    }
    Ok(page)
}

/// Text on one line that Markdown and HTML leave as it is.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    for character in harmless(text).chars() {
        match character {
            '\n' => out.push(' '),
            '<' => out.push_str("&lt;"),
            '&' => out.push_str("&amp;"),
            '|' | '`' | '*' | '_' | '[' | ']' | '\\' | '#' | '!' => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}
