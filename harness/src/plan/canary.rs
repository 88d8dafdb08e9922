//! Planted secrets: what is put into a request, and the bytes that would give it away.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::exchange::{CanaryPlan, Exchange, FieldLine};
use super::names::Surroundings;
use crate::deployment::Facts;
use crate::scenario::vocabulary::{Canary, Need, SearchPlace};

/// What stands behind the line breaks in certificates and headers of campaigns: no log line may begin with it.
pub const FORGED_LINE: &str = "gauntlet-forged-line";

/// Plants `canary` in the exchange; `secret` is unique to it.
///
/// # Errors
/// The reason to skip: the deployment has no such thing, or its policy lets logs hold it.
pub fn plant(
    exchange: &mut Exchange,
    canary: Canary,
    search: &[SearchPlace],
    secret: &str,
    surroundings: &Surroundings<'_>,
) -> Result<(), String> {
    let allowed = surroundings
        .deployment
        .file
        .logs
        .as_ref()
        .is_some_and(|logs| logs.allow.iter().any(|word| allows(word, canary)));
    let search: Vec<SearchPlace> = search
        .iter()
        .copied()
        .filter(|place| !(allowed && *place == SearchPlace::Logs))
        .collect();
    if search.is_empty() {
        return Err(format!(
            "the deployment's policy lets logs hold the {canary}: [logs] allow"
        ));
    }
    let mut needles = vec![secret.as_bytes().to_vec()];
    let mut unescaped = false;
    match canary {
        Canary::CommonName | Canary::SubjectAltName | Canary::OrganizationalUnit => {
            exchange.present = Some(format!("{}:{secret}", canary.word()));
        }
        Canary::Certificate | Canary::Serial => {
            let name = exchange.present.clone().unwrap_or_else(|| exchange.user.clone());
            let chain = surroundings.certificates.chain(&name)?;
            let leaf = chain
                .first()
                .ok_or_else(|| "the credential has no certificate".to_owned())?;
            needles = if canary == Canary::Serial {
                serial_needles(leaf)?
            } else {
                certificate_needles(leaf)
            };
        }
        Canary::Cookie => exchange
            .request
            .fields
            .push(FieldLine::new("Cookie", format!("track={secret}").as_bytes())),
        Canary::Authorization => {
            exchange.request.fields.push(FieldLine::new(
                "Authorization",
                format!("Bearer {secret}").as_bytes(),
            ));
        }
        Canary::ApiKey => {
            let header = surroundings
                .deployment
                .file
                .app
                .api_key
                .as_ref()
                .map(|key| key.header.clone());
            let header = header.ok_or_else(|| Facts::reason_without(Need::ApiKey).to_owned())?;
            exchange
                .request
                .fields
                .push(FieldLine::new(&header, secret.as_bytes()));
        }
        Canary::ForgedHeader => {
            let (_, names) = surroundings.dialect()?;
            for (_, name) in names.iter() {
                exchange
                    .request
                    .fields
                    .push(FieldLine::new(name, secret.as_bytes()));
            }
        }
        Canary::Body => {
            "POST".clone_into(&mut exchange.request.method);
            exchange.request.body = Some(format!("{{\"password\":\"{secret}\"}}").into_bytes());
            exchange.request.content_type = Some("application/json".to_owned());
        }
        Canary::ProxySecret => {
            let value = surroundings.setting.proxy_secret.clone();
            needles = vec![
                value
                    .ok_or_else(|| "needs [identity] secret of a launched deployment".to_owned())?
                    .into_bytes(),
            ];
        }
        Canary::LineBreak => {
            extend_query(exchange, &format!("line=%0d%0a{secret}%20forged"));
            exchange.request.fields.push(FieldLine::new(
                "User-Agent",
                format!("%0a{secret} forged").as_bytes(),
            ));
            needles = vec![
                format!("\n{secret}").into_bytes(),
                format!("\r{secret}").into_bytes(),
            ];
        }
        Canary::AnsiEscape => {
            extend_query(exchange, &format!("colour=%1b[31m{secret}"));
            needles = vec![format!("\u{1b}[31m{secret}").into_bytes()];
        }
        Canary::QuoteBreak => {
            exchange.request.fields.push(FieldLine::new(
                "User-Agent",
                format!("\" 200 {secret}").as_bytes(),
            ));
            extend_query(exchange, &format!("quote=%22%20200%20{secret}"));
            needles = vec![format!("\" 200 {secret}").into_bytes()];
            unescaped = true;
        }
        Canary::ForgedLine => {
            needles = vec![
                format!("\n{FORGED_LINE}").into_bytes(),
                format!("\r{FORGED_LINE}").into_bytes(),
            ];
        }
    }
    exchange.look_in_logs = search.contains(&SearchPlace::Logs);
    exchange.canary = Some(CanaryPlan {
        what: canary,
        needles,
        search,
        unescaped,
    });
    Ok(())
}

fn allows(word: &str, canary: Canary) -> bool {
    word == canary.word()
        || (word == "subject"
            && matches!(
                canary,
                Canary::CommonName | Canary::SubjectAltName | Canary::OrganizationalUnit
            ))
}

fn extend_query(exchange: &mut Exchange, pair: &str) {
    let target = &mut exchange.request.target;
    target.push(if target.contains(&b'?') { b'&' } else { b'?' });
    target.extend_from_slice(pair.as_bytes());
}

/// Pieces of the base64 text that survive line breaks at 64 and percent-encoding: runs of letters and digits within a line.
fn certificate_needles(der: &[u8]) -> Vec<Vec<u8>> {
    let text = STANDARD.encode(der);
    let runs = text
        .as_bytes()
        .chunks(64)
        .flat_map(|line| line.split(|byte| !byte.is_ascii_alphanumeric()));
    let mut runs: Vec<Vec<u8>> = runs.filter(|run| run.len() >= 20).map(<[u8]>::to_vec).collect();
    // The first lines hold the issuer's name, which other certificates share: the key and the signature stand at the end.
    runs.reverse();
    runs.truncate(3);
    runs
}

/// What a log line about the presented certificate may name it by: serial number or subject.
pub(super) fn traces(exchange: &Exchange, surroundings: &Surroundings<'_>) -> Vec<Vec<u8>> {
    let leaf = exchange
        .present
        .as_ref()
        .and_then(|name| surroundings.certificates.chain(name).ok()?.into_iter().next());
    let Some(leaf) = leaf else { return Vec::new() };
    let mut traces = serial_needles(&leaf).unwrap_or_default();
    if let Ok(certificate) = client_identity::Certificate::from_der(&leaf) {
        traces.push(certificate.subject.to_rfc4514().into_bytes());
    }
    traces
}

fn serial_needles(der: &[u8]) -> Result<Vec<Vec<u8>>, String> {
    let certificate = client_identity::Certificate::from_der(der).map_err(|error| error.to_string())?;
    let hex = certificate.serial.upper_hex();
    Ok(vec![
        hex.to_lowercase().into_bytes(),
        hex.to_uppercase().into_bytes(),
    ])
}
