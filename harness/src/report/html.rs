//! The report as one HTML file: nothing is loaded from anywhere, and it can be read without JavaScript, on paper, and in the
//! dark.
//!
//! Everything that comes from a run is text to the page: control characters are escaped here, markup by the template engine.
//! The page's policy (CSP) allows one style sheet and one script, named by their digests, and nothing else, so that not even
//! a mistake in the escaping would let a peer's bytes act.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::Environment;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::reasons::{self, gravest_first, skipped};
use super::terminal::{by_family, references};
use super::{Record, Summary, Tally, harmless, mend};
use crate::event::{AttemptResult, Event, Listener, ScenarioResult};
use crate::judge::verdict::VerdictKind;

const PAGE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// Writes the page when the run ends.
pub struct Html {
    to: Box<dyn Write + Send>,
    record: Record,
}

impl Html {
    /// Writes to `to`.
    pub fn new(to: Box<dyn Write + Send>) -> Self {
        Self {
            to,
            record: Record::default(),
        }
    }
}

impl Listener for Html {
    fn hear(&mut self, event: &Event) -> io::Result<()> {
        self.record.take(event);
        if !matches!(event, Event::RunFinished(_)) {
            return Ok(());
        }
        let page = page(&self.record).map_err(io::Error::other)?;
        self.to.write_all(page.as_bytes())?;
        self.to.flush()
    }
}

fn page(record: &Record) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    // The ending of the name turns the escaping on.
    environment.add_template("page.html", PAGE)?;
    let mut page = environment
        .get_template("page.html")?
        .render(minijinja::value::Serde(Page::of(record)))?;
    page.push('\n');
    Ok(page)
}

/// What the template sees. No text in it has control characters.
#[derive(Serialize)]
struct Page {
    deployment: String,
    tool: String,
    seed: u64,
    started: String,
    shard: Option<String>,
    versions: Vec<String>,
    duration: Option<String>,
    exchanges: u64,
    interrupted: bool,
    notices: Vec<String>,
    score: Option<u8>,
    grade: Option<char>,
    cap: Option<String>,
    tried: usize,
    counts: [Count; 4],
    failed: Vec<Shown>,
    inconclusive: Vec<Doubt>,
    skipped: Vec<Reason>,
    families: Vec<Family>,
    style: &'static str,
    style_hash: String,
    script: &'static str,
    script_hash: String,
}

/// How many scenarios came to a verdict.
#[derive(Serialize)]
struct Count {
    word: &'static str,
    number: usize,
}

/// Inconclusive scenarios with one reason.
#[derive(Serialize)]
struct Doubt {
    reason: String,
    scenarios: Vec<Shown>,
}

/// Skipped scenarios with one reason.
#[derive(Serialize)]
struct Reason {
    text: String,
    ids: Vec<String>,
}

/// A family's table.
#[derive(Serialize)]
struct Family {
    name: String,
    counts: [Count; 4],
    scenarios: Vec<Shown>,
}

/// A scenario.
#[derive(Serialize)]
struct Shown {
    id: String,
    title: String,
    severity: &'static str,
    verdict: &'static str,
    reason: String,
    why: String,
    server: String,
    mend: String,
    references: String,
    rows: Vec<Row>,
    /// Rows with the scenario's own verdict, the ones to look at.
    told: Vec<Row>,
}

/// An attempt.
#[derive(Serialize)]
struct Row {
    name: String,
    verdict: &'static str,
    expected: String,
    how: String,
    evidence: String,
}

impl Page {
    fn of(record: &Record) -> Self {
        let started = record.started.as_ref();
        let finished = record.finished.as_ref();
        let summary = Summary::of(record);
        let all = |texts: &[String]| texts.iter().map(|text| harmless(text)).collect::<Vec<_>>();
        Self {
            deployment: harmless(record.deployment()),
            tool: started.map_or_else(|| "gauntlet".to_owned(), |started| harmless(&started.tool)),
            seed: started.map_or(0, |started| started.seed),
            started: started
                .map(|started| harmless(&started.started))
                .unwrap_or_default(),
            shard: started.and_then(|started| started.shard.as_deref()).map(harmless),
            versions: started.map(|started| all(&started.versions)).unwrap_or_default(),
            duration: finished.map(|finished| {
                let milliseconds = finished.duration_ms;
                format!("{}.{}", milliseconds / 1000, milliseconds % 1000 / 100)
            }),
            exchanges: finished.map_or(0, |finished| finished.exchanges),
            interrupted: record.is_interrupted(),
            notices: all(&record.notices),
            score: summary.score,
            grade: summary.grade.map(super::Grade::letter),
            cap: super::score::capped_by(record),
            tried: summary.tally().tried(),
            counts: counts(summary.tally()),
            failed: gravest_first(record, VerdictKind::Fail)
                .into_iter()
                .map(|result| shown(result, record))
                .collect(),
            inconclusive: doubts(record),
            skipped: needs(record),
            families: families(record),
            style: STYLE,
            style_hash: digest(STYLE),
            script: SCRIPT,
            script_hash: digest(SCRIPT),
        }
    }
}

/// What a page's policy names a style sheet or a script by.
fn digest(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

fn counts(tally: Tally) -> [Count; 4] {
    let Tally {
        pass,
        fail,
        inconclusive,
        skipped,
    } = tally;
    [
        (VerdictKind::Pass, pass),
        (VerdictKind::Fail, fail),
        (VerdictKind::Inconclusive, inconclusive),
        (VerdictKind::Skipped, skipped),
    ]
    .map(|(kind, number)| Count {
        word: kind.word(),
        number,
    })
}

fn doubts(record: &Record) -> Vec<Doubt> {
    let of = |(reason, results): (&str, Vec<&ScenarioResult>)| Doubt {
        reason: harmless(reason),
        scenarios: results.into_iter().map(|result| shown(result, record)).collect(),
    };
    reasons::inconclusive(record).into_iter().map(of).collect()
}

fn needs(record: &Record) -> Vec<Reason> {
    let of = |(reason, results): (&str, Vec<&ScenarioResult>)| Reason {
        text: harmless(reason),
        ids: results
            .iter()
            .map(|result| harmless(&result.claim.id.0))
            .collect(),
    };
    skipped(record).into_iter().map(of).collect()
}

fn families(record: &Record) -> Vec<Family> {
    let of = |(family, tally): (&str, Tally)| Family {
        name: harmless(family),
        counts: counts(tally),
        scenarios: record
            .results
            .values()
            .filter(|result| result.claim.id.family() == family)
            .map(|result| shown(result, record))
            .collect(),
    };
    by_family(record).into_iter().map(of).collect()
}

fn shown(result: &ScenarioResult, record: &Record) -> Shown {
    let claim = &result.claim;
    let (server, mend) = mend(claim, record.servers()).unwrap_or_default();
    let of_kind = |attempt: &&AttemptResult| attempt.verdict.kind == result.verdict.kind;
    Shown {
        id: harmless(&claim.id.0),
        title: harmless(&claim.title),
        severity: claim.severity.word(),
        verdict: result.verdict.kind.word(),
        reason: harmless(&result.verdict.reason),
        why: harmless(&claim.why),
        server: harmless(server),
        mend: harmless(mend),
        references: harmless(&references(result)),
        rows: result.attempts.iter().map(row).collect(),
        told: result.attempts.iter().filter(of_kind).map(row).collect(),
    }
}

fn row(attempt: &AttemptResult) -> Row {
    let observed = attempt.observed.as_ref();
    Row {
        name: harmless(&attempt.row),
        verdict: attempt.verdict.kind.word(),
        expected: harmless(&attempt.expected),
        how: harmless(observed.map_or(&attempt.verdict.reason, |observed| &observed.summary)),
        evidence: harmless(
            &observed
                .map(|observed| observed.evidence.join("\n"))
                .unwrap_or_default(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    const HOSTILE: &str = "</pre></style></script><script>alert(1)</script><img src=http://evil/ onerror='x'>\x1b[2J\0\u{202e}{{ 7*7 }}";

    /// A run in which everything that a peer or a recording can choose is hostile.
    fn hostile() -> Record {
        let mut record = Record::of(&samples::run());
        let text = || HOSTILE.to_owned();
        if let Some(started) = &mut record.started {
            started.deployment = text();
            started.tool = text();
            started.started = text();
            started.versions = vec![text()];
            started.shard = Some(text());
        }
        record.notices = vec![text()];
        for result in record.results.values_mut() {
            result.claim.title = text();
            result.claim.why = text();
            result.claim.references = vec![text()];
            result.claim.mend = [("any".to_owned(), text())].into();
            result.verdict.reason = text();
            for attempt in &mut result.attempts {
                attempt.row = text();
                attempt.expected = text();
                attempt.verdict.reason = text();
                if let Some(observed) = &mut attempt.observed {
                    observed.summary = text();
                    observed.evidence = vec![text(), text()];
                }
            }
        }
        record
    }

    #[test]
    fn nothing_of_a_peer_acts() {
        let page = page(&hostile()).expect("renders");
        assert!(
            page.contains("&lt;script&gt;alert(1)"),
            "the text is there to be read"
        );
        for (what, most) in [
            ("<script", 1),
            ("<img", 0),
            ("</style", 1),
            ("</script", 1),
            ("</pre></style", 0),
        ] {
            assert_eq!(page.matches(what).count(), most, "{what}");
        }
        assert!(page.contains("{{ 7*7 }}"), "values are no templates");
        assert!(
            page.chars()
                .all(|character| character == '\n' || !character.is_control()),
            "control characters are escaped"
        );
        assert!(!page.contains('\u{202e}'));
    }

    #[test]
    fn nothing_is_loaded() {
        let page = page(&Record::of(&samples::run())).expect("renders");
        for what in [" src=", "<link", "@import", "url(", "http:", "https:", "fetch("] {
            assert!(!page.contains(what), "{what}");
        }
    }

    #[test]
    fn the_policy_names_exactly_what_is_in_the_page() {
        let page = page(&Record::of(&samples::run())).expect("renders");
        let between = |begin: &str, end: &str| {
            let from = page.split_once(begin).expect("begins").1;
            from.split_once(end).expect("ends").0.to_owned()
        };
        let policy = between("Content-Security-Policy\" content=\"", "\">");
        for (directive, text) in [
            ("style-src", between("<style>", "</style>")),
            ("script-src", between("<script>", "</script>")),
        ] {
            let wanted = format!("{directive} '{}'", digest(&text));
            assert!(policy.contains(&wanted), "no {wanted} in {policy}");
        }
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert_eq!(
            page.matches("style=").count(),
            0,
            "the policy forbids style attributes"
        );
    }

    #[test]
    fn failures_come_first_with_evidence_reason_and_mend() {
        let page = page(&Record::of(&samples::run())).expect("renders");
        let places: Vec<usize> = [
            "<h2>Failed</h2>",
            "identity-header&#x2f;duplicate",
            "granted as bob",
            "Whoever can do this",
            "ssl_verify_client on;",
            "<h2>Inconclusive</h2>",
            "<h2>Skipped</h2>",
            "needs logs",
            "<h2>Everything, by family</h2>",
        ]
        .iter()
        .map(|part| page.find(part).unwrap_or_else(|| panic!("no {part} in\n{page}")))
        .collect();
        assert!(places.is_sorted(), "{places:?}");
    }
}
