//! Reads one scenario file, and refuses what it does not understand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::matrix::{MOST_ROWS, Row};
use super::step::Step;
use super::vocabulary::Need;
use super::{Claim, Scenario, ScenarioId, Severity};
use crate::complaint::Complaint;

/// The keys of a scenario file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ScenarioFile {
    /// The property that must hold, as a sentence.
    pub title: String,
    /// How much it hurts if it does not.
    pub severity: Severity,
    /// Why it matters: what an attacker does with it.
    pub why: String,
    /// CWE numbers.
    #[serde(default)]
    pub cwe: Vec<u32>,
    /// OWASP API Security Top 10 2023: `API1` to `API10`.
    #[serde(default)]
    pub owasp_api: Vec<String>,
    /// PCI DSS 4 requirement numbers.
    #[serde(default)]
    pub pci_dss: Vec<String>,
    /// SOC 2 trust services criteria.
    #[serde(default)]
    pub soc2: Vec<String>,
    /// RFC clauses, CVEs, advisories.
    #[serde(default)]
    pub references: Vec<String>,
    /// What it needs of a deployment beyond what the attempts themselves show.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// Can hurt: live deployments need `--intrusive`.
    #[serde(default)]
    pub intrusive: bool,
    /// Changes the deployment's state: runs while nothing else does.
    #[serde(default)]
    pub alone: bool,
    /// How to mend it: by server name, and `any`.
    pub mend: BTreeMap<String, String>,
    /// The attempts.
    #[schemars(with = "Vec<Step>")]
    pub attempt: Vec<Spanned<Step>>,
}

/// Servers that a `mend` text may be written for.
pub const MEND_SERVERS: &[&str] = &[
    "any",
    "apache",
    "api-gateway",
    "app",
    "aws-alb",
    "caddy",
    "django",
    "embedded",
    "envoy",
    "gunicorn",
    "granian",
    "haproxy",
    "nginx",
    "traefik",
    "uvicorn",
    "uwsgi",
    "waitress",
];

/// Reads a scenario from the text of its file. `path` is the file's place for messages, `id` the path-shaped id.
///
/// # Errors
/// A [`Complaint`] with the line and the valid words for anything that is not understood.
pub fn load(id: ScenarioId, path: &Path, text: &str) -> Result<Scenario, Complaint> {
    let file: ScenarioFile = toml::from_str(text).map_err(|error| Complaint::toml(path, text, &error))?;
    let place = |word: &str| text.find(word).map_or(0..0, |start| start..start + word.len());
    if file.attempt.is_empty() {
        return Err(
            Complaint::whole(path, "no attempt: a scenario that tries nothing proves nothing")
                .with_help("add an [[attempt]] table"),
        );
    }
    for server in file.mend.keys() {
        if !MEND_SERVERS.contains(&server.as_str()) {
            return Err(Complaint::at(
                path,
                text,
                place(server),
                format!("unknown server `{server}` in [mend]"),
            )
            .with_help(crate::complaint::did_you_mean(
                server,
                MEND_SERVERS.iter().copied(),
            )));
        }
    }
    if !file.mend.contains_key("any") {
        return Err(
            Complaint::at(path, text, place("[mend]"), "[mend] has no `any` text")
                .with_help("say what to do whatever the server is"),
        );
    }
    for api in &file.owasp_api {
        if !(1..=10).any(|number| *api == format!("API{number}")) {
            return Err(Complaint::at(
                path,
                text,
                place(api),
                format!("unknown OWASP API category `{api}`"),
            )
            .with_help("valid: API1 to API10 (2023)"));
        }
    }
    let rows = expand(path, text, &file.attempt)?;
    let changes = |row: &Row| row.step.state.as_ref().is_some_and(|state| !state.only_waits());
    if !file.alone && rows.iter().any(changes) {
        return Err(Complaint::at(
            path,
            text,
            place("state"),
            "a state is everybody's: what runs beside this scenario would be judged in it",
        )
        .with_help("add `alone = true`"));
    }
    let ScenarioFile {
        title,
        severity,
        why,
        cwe,
        owasp_api,
        pci_dss,
        soc2,
        references,
        needs,
        intrusive,
        alone,
        mend,
        ..
    } = file;
    let claim = Claim {
        id,
        title,
        severity,
        why,
        cwe,
        owasp_api,
        pci_dss,
        soc2,
        references,
        mend,
    };
    Ok(Scenario {
        claim,
        path: path.to_path_buf(),
        needs,
        intrusive,
        alone,
        rows,
    })
}

fn expand(path: &Path, text: &str, attempts: &[Spanned<Step>]) -> Result<Vec<Row>, Complaint> {
    let mut rows = Vec::new();
    let mut names = BTreeSet::new();
    for attempt in attempts {
        let step = attempt.get_ref();
        nested_steps_are_plain(path, text, attempt)?;
        for row in step.matrix.rows(step) {
            if let Some(mistake) = row.step.state.as_ref().and_then(super::state::StateStep::mistake) {
                return Err(Complaint::at(path, text, attempt.span(), mistake));
            }
            if let Some(mistake) = row.step.handshake_mistake() {
                return Err(Complaint::at(path, text, attempt.span(), mistake));
            }
            if !names.insert(row.name.clone()) {
                return Err(Complaint::at(
                    path,
                    text,
                    attempt.span(),
                    format!("two rows are both named `{}`", row.name),
                )
                .with_help("give each attempt a `name`"));
            }
            rows.push(row);
        }
        if rows.len() > MOST_ROWS {
            return Err(Complaint::at(
                path,
                text,
                attempt.span(),
                format!("more than {MOST_ROWS} rows"),
            ));
        }
    }
    Ok(rows)
}

/// A control or a step before stands for one exchange: what makes many of it belongs to the attempt.
fn nested_steps_are_plain(path: &Path, text: &str, attempt: &Spanned<Step>) -> Result<(), Complaint> {
    let step = attempt.get_ref();
    let unchanged = step.unchanged.as_deref();
    for nested in step.before.iter().chain(&step.control).chain(unchanged) {
        let plain = nested.before.is_empty()
            && nested.control.is_empty()
            && nested.unchanged.is_none()
            && nested.leak.is_none()
            && nested.state.is_none()
            && nested.matrix == super::matrix::Matrix::default();
        if !plain {
            return Err(Complaint::at(
                path,
                text,
                attempt.span(),
                "a step under `before`, `control` or `unchanged` may not have its own before, control, unchanged, leak, state or matrix",
            ));
        }
    }
    Ok(())
}
