//! A small recorded run that the reporters' tests share.

use std::collections::BTreeMap;

use crate::event::{AttemptResult, Event, RunFinished, RunStarted, ScenarioResult};
use crate::judge::verdict::{Verdict, VerdictKind};
use crate::observation::{Layer, Observed, Outcome};
use crate::scenario::{Claim, ScenarioId, Severity};

pub(crate) fn claim(id: &str, severity: Severity) -> Claim {
    Claim {
        id: ScenarioId(id.to_owned()),
        title: format!("The property of {id} holds"),
        severity,
        why: "Whoever can do this is let in as somebody else.".to_owned(),
        cwe: vec![287],
        owasp_api: vec!["API2".to_owned()],
        pci_dss: vec!["8.3.1".to_owned()],
        soc2: vec!["CC6.1".to_owned()],
        references: vec!["RFC 5280 section 6.1".to_owned()],
        mend: BTreeMap::from([
            ("any".to_owned(), "Refuse it.".to_owned()),
            ("nginx".to_owned(), "ssl_verify_client on;".to_owned()),
        ]),
    }
}

pub(crate) fn result(id: &str, severity: Severity, kind: VerdictKind) -> ScenarioResult {
    let attempts = if kind == VerdictKind::Skipped {
        Vec::new()
    } else {
        vec![attempt("", kind)]
    };
    let reason = match kind {
        VerdictKind::Pass => "refused",
        VerdictKind::Fail => "granted as bob",
        VerdictKind::Inconclusive => "the control before was not granted",
        VerdictKind::Skipped => "needs logs",
    };
    ScenarioResult {
        claim: claim(id, severity),
        verdict: Verdict {
            kind,
            reason: reason.to_owned(),
        },
        attempts,
        duration_ms: 12,
    }
}

pub(crate) fn attempt(row: &str, kind: VerdictKind) -> AttemptResult {
    let (layer, outcome, alert, identity, summary) = match kind {
        VerdictKind::Pass => (Layer::Tls, Outcome::Refused, Some(45), None, "tls alert 45"),
        VerdictKind::Fail => (Layer::App, Outcome::Granted, None, Some("bob"), "granted as bob"),
        VerdictKind::Inconclusive | VerdictKind::Skipped => {
            (Layer::Http, Outcome::Timeout, None, None, "http timeout")
        }
    };
    AttemptResult {
        row: row.to_owned(),
        verdict: Verdict {
            kind,
            reason: summary.to_owned(),
        },
        expected: "refused".to_owned(),
        observed: Some(Observed {
            layer,
            outcome,
            alert,
            status: None,
            identity: identity.map(str::to_owned),
            summary: summary.to_owned(),
            evidence: vec!["the answer began \x1b[31mHTTP/1.1 200 | `OK`".to_owned()],
        }),
    }
}

/// One result of each verdict, two of them with a critical one among its rows, wrapped in a whole run.
pub(crate) fn run() -> Vec<Event> {
    let mut failed = result("identity-header/duplicate", Severity::Critical, VerdictKind::Fail);
    failed.attempts = vec![
        attempt("first+http1.1", VerdictKind::Fail),
        attempt("last+http2", VerdictKind::Pass),
    ];
    let results = [
        result("certificate/expired", Severity::High, VerdictKind::Pass),
        failed,
        result("certificate/future", Severity::Medium, VerdictKind::Inconclusive),
        result("logs/pem", Severity::Low, VerdictKind::Skipped),
    ];
    let mut events = vec![Event::RunStarted(RunStarted {
        tool: "gauntlet 0.0.0".to_owned(),
        deployment: "sample+planted".to_owned(),
        servers: vec!["nginx".to_owned()],
        versions: vec!["nginx: nginx/1.22.1".to_owned()],
        seed: 7,
        started: "2026-01-02T03:04:05Z".to_owned(),
        scenarios: results.len(),
        shard: None,
    })];
    for result in results {
        events.push(Event::ScenarioStarted {
            id: result.claim.id.to_string(),
        });
        events.push(Event::ScenarioFinished(result));
    }
    events.push(Event::Notice {
        text: "the app died".to_owned(),
    });
    events.push(Event::RunFinished(RunFinished {
        duration_ms: 2_500,
        exchanges: 500,
        peak_memory: Some(64 * 1024 * 1024),
        interrupted: false,
    }));
    events
}
