//! The JSON report: one document at the end of the run. Programs rely on its fields; they change only with its version.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::style::harmless_json;
use super::{Record, Summary, mend};
use crate::event::{AttemptResult, Event, Listener, ScenarioResult};
use crate::judge::verdict::VerdictKind;
use crate::observation::{Layer, Observed, Outcome};
use crate::scenario::Severity;

/// The version of the document.
pub const SCHEMA: &str = "mtls-gauntlet/report/1";

/// The whole document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// `gauntlet` and its version.
    pub tool: String,
    /// The deployment's name, with `+variant`.
    pub deployment: String,
    /// The seed of the plan.
    pub seed: u64,
    /// When the run began, RFC 3339.
    pub started: String,
    /// Wall time, milliseconds.
    pub duration_ms: u64,
    /// Counts, score and grade.
    pub summary: Summary,
    /// Every scenario, by id.
    pub results: Vec<ReportedScenario>,
}

/// A scenario in the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReportedScenario {
    /// The path-shaped id.
    pub id: String,
    /// The first part of the id.
    pub family: String,
    /// The property that must hold.
    pub title: String,
    /// How much it hurts if it does not.
    pub severity: Severity,
    /// What is said of it.
    pub verdict: VerdictKind,
    /// Why.
    pub reason: String,
    /// CWE numbers.
    pub cwe: Vec<u32>,
    /// OWASP API Security Top 10 2023.
    pub owasp_api: Vec<String>,
    /// PCI DSS 4 requirements.
    pub pci_dss: Vec<String>,
    /// SOC 2 criteria.
    pub soc2: Vec<String>,
    /// How to mend it on the server at hand.
    pub mend: String,
    /// How long it took, milliseconds.
    pub duration_ms: u64,
    /// Its attempts, one a row.
    pub attempts: Vec<ReportedAttempt>,
}

/// An attempt in the report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReportedAttempt {
    /// The row's name; empty where there is only one.
    pub row: String,
    /// What is said of it.
    pub verdict: VerdictKind,
    /// What was expected, in words.
    pub expected: String,
    /// What happened; null where nothing was tried.
    pub observed: Option<ReportedObservation>,
}

/// What happened, in the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReportedObservation {
    /// How far it got.
    pub layer: Layer,
    /// What became of the request.
    pub outcome: Outcome,
    /// TLS alert number.
    pub alert: Option<u8>,
    /// HTTP status.
    pub status: Option<u16>,
    /// Whom the app says that it saw.
    pub identity: Option<String>,
    /// What a person should read.
    pub evidence: Vec<String>,
}

impl Report {
    /// The document of a run.
    pub fn of(record: &Record) -> Self {
        let started = record.started.as_ref();
        Self {
            schema: SCHEMA.to_owned(),
            tool: started.map_or_else(String::new, |started| started.tool.clone()),
            deployment: record.deployment().to_owned(),
            seed: started.map_or(0, |started| started.seed),
            started: started.map_or_else(String::new, |started| started.started.clone()),
            duration_ms: record
                .finished
                .as_ref()
                .map_or(0, |finished| finished.duration_ms),
            summary: Summary::of(record),
            results: record
                .results
                .values()
                .map(|result| scenario(result, record.servers()))
                .collect(),
        }
    }
}

fn scenario(result: &ScenarioResult, servers: &[String]) -> ReportedScenario {
    let claim = &result.claim;
    ReportedScenario {
        id: claim.id.to_string(),
        family: claim.id.family().to_owned(),
        title: claim.title.clone(),
        severity: claim.severity,
        verdict: result.verdict.kind,
        reason: result.verdict.reason.clone(),
        cwe: claim.cwe.clone(),
        owasp_api: claim.owasp_api.clone(),
        pci_dss: claim.pci_dss.clone(),
        soc2: claim.soc2.clone(),
        mend: mend(claim, servers)
            .map(|(_, text)| text.to_owned())
            .unwrap_or_default(),
        duration_ms: result.duration_ms,
        attempts: result.attempts.iter().map(attempt).collect(),
    }
}

fn attempt(result: &AttemptResult) -> ReportedAttempt {
    ReportedAttempt {
        row: result.row.clone(),
        verdict: result.verdict.kind,
        expected: result.expected.clone(),
        observed: result.observed.as_ref().map(observation),
    }
}

fn observation(observed: &Observed) -> ReportedObservation {
    let Observed {
        layer,
        outcome,
        alert,
        status,
        identity,
        summary: _,
        evidence,
    } = observed.clone();
    ReportedObservation {
        layer,
        outcome,
        alert,
        status,
        identity,
        evidence,
    }
}

/// Writes the document when the run ends.
pub struct Json {
    to: Box<dyn Write + Send>,
    record: Record,
}

impl Json {
    /// Writes to `to`.
    pub fn new(to: Box<dyn Write + Send>) -> Self {
        Self {
            to,
            record: Record::default(),
        }
    }
}

impl Listener for Json {
    fn hear(&mut self, event: &Event) -> io::Result<()> {
        self.record.take(event);
        if !matches!(event, Event::RunFinished(_)) {
            return Ok(());
        }
        let document = harmless_json(&serde_json::to_string_pretty(&Report::of(&self.record))?);
        writeln!(self.to, "{document}")?;
        self.to.flush()
    }
}
