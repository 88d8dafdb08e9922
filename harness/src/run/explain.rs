//! A scenario's plan for people: what would be sent, as bytes, and which controls bracket it.

use std::fmt::Write;
use std::time::Duration;

use super::{Ground, RunError};
use crate::deployment::Deployment;
use crate::launch::LaunchOptions;
use crate::plan::{Act, Attempt, Exchange, Planned, plan};
use crate::scenario::Scenario;

/// Prints what a scenario does to a deployment. The deployment is started, so that names and ports are the real ones, but
/// nothing is attacked.
///
/// # Errors
/// [`RunError`] where the deployment cannot be started.
pub fn explain(
    deployment: &Deployment,
    scenario: &Scenario,
    seed: u64,
    now: i64,
) -> Result<String, RunError> {
    let options = LaunchOptions {
        seed,
        now,
        authorized: Vec::new(),
        keep_folder: false,
    };
    let ground = Ground::prepare(deployment, &options, Duration::from_secs(5))?;
    let surroundings = ground.surroundings(seed);
    let claim = &scenario.claim;
    let mut text = format!(
        "{}\n{}\n\nseverity: {}\n",
        claim.id,
        claim.title,
        claim.severity.word()
    );
    let cwe: Vec<String> = claim.cwe.iter().map(|number| format!("CWE-{number}")).collect();
    for (name, values) in [
        ("references", &claim.references),
        ("cwe", &cwe),
        ("owasp api", &claim.owasp_api),
        ("pci dss", &claim.pci_dss),
    ] {
        if !values.is_empty() {
            line(&mut text, &format!("{name}: {}", values.join(", ")));
        }
    }
    line(&mut text, &format!("\nwhy: {}", claim.why));
    for planned in plan(scenario, &surroundings) {
        match planned {
            Planned::Skip { row, reason } => line(&mut text, &format!("\n#{row}\n  skipped: {reason}")),
            Planned::Attempt(attempt) => describe(&mut text, &attempt, &ground),
        }
    }
    line(&mut text, "\nhow to mend it:");
    for (server, mend) in &claim.mend {
        line(&mut text, &format!("  {server}: {mend}"));
    }
    Ok(text)
}

fn line(text: &mut String, words: &str) {
    text.push_str(words);
    text.push('\n');
}

fn describe(text: &mut String, attempt: &Attempt, ground: &Ground) {
    line(text, &format!("\n#{}", attempt.row));
    for act in &attempt.before {
        line(text, &format!("  before:   {}", one_line(act)));
    }
    if let Some(state) = &attempt.state {
        line(text, &format!("  state:    {:?}", state.step));
    }
    for control in &attempt.controls {
        line(
            text,
            &format!(
                "  control:  {} (before and after{}): {}",
                control.label,
                if control.in_state { ", in that state" } else { "" },
                one_line(&control.act)
            ),
        );
    }
    line(text, &format!("  attack:   {}", one_line(&attempt.act)));
    if let Act::Exchange(exchange) = &attempt.act {
        chain(text, exchange, ground);
        request(text, exchange);
    }
    if let Some(reading) = &attempt.unchanged {
        line(text, &format!("  unchanged: {}", one_line(reading)));
    }
    line(text, &format!("  expected: {}", attempt.expect));
}

fn one_line(act: &Act) -> String {
    match act {
        Act::Exchange(exchange) => {
            let mut words = format!(
                "{} {} to the {} over HTTP/{}",
                exchange.request.method,
                String::from_utf8_lossy(&exchange.request.target).escape_debug(),
                exchange.endpoint,
                exchange.http
            );
            match &exchange.present {
                Some(name) => words.push_str(&format!(", presenting {name}")),
                None => words.push_str(", presenting nothing"),
            }
            if let Some(version) = exchange.tls.version {
                words.push_str(&format!(", TLS {version} only"));
            }
            if let Some(handshake) = exchange.handshake {
                words.push_str(&format!(", by our own TLS client: {handshake}"));
            }
            if let Some(other) = &exchange.afterwards {
                words.push_str(&format!(", then {other}'s certificate"));
            }
            if exchange.tls.resume {
                words.push_str(", resuming the kept ticket");
            }
            if let Some(user) = &exchange.session {
                words.push_str(&format!(", with {user}'s session"));
            }
            words
        }
        Act::Hello(plan) => format!(
            "a raw ClientHello of version {:#06x} with {} suites",
            plan.version,
            plan.suites.len()
        ),
        Act::Storage(check) => format!("a look at the private keys: {check}"),
    }
}

/// The chain drawn, leaf first.
fn chain(text: &mut String, exchange: &Exchange, ground: &Ground) {
    let Some(name) = &exchange.present else { return };
    let Ok(credential) = ground.target.credentials().get(name) else {
        return;
    };
    for (depth, der) in credential.chain.iter().enumerate() {
        let described = match client_identity::Certificate::from_der(der) {
            Ok(certificate) => {
                format!(
                    "{} <- {}",
                    certificate.subject.to_rfc4514(),
                    certificate.issuer.to_rfc4514()
                )
            }
            Err(error) => format!("{} bytes that are no certificate: {error}", der.len()),
        };
        line(
            text,
            &format!("    {}{}", "  ".repeat(depth.min(8)), described.escape_debug()),
        );
    }
}

fn request(text: &mut String, exchange: &Exchange) {
    let request = &exchange.request;
    let show = |bytes: &[u8]| -> String {
        let shown: String = bytes
            .iter()
            .take(300)
            .flat_map(|byte| std::ascii::escape_default(*byte))
            .map(char::from)
            .collect();
        if bytes.len() > 300 {
            format!("{shown}... ({} bytes)", bytes.len())
        } else {
            shown
        }
    };
    if let Some(raw) = &request.raw {
        line(text, &format!("    {}", show(raw)));
        return;
    }
    for host in &request.hosts {
        line(text, &format!("    Host: {host}"));
    }
    for field in request.fields.iter().chain(&request.trailers) {
        // Writing into a String cannot fail.
        let _infallible = writeln!(text, "    {}", show(&field.http1));
    }
}
