//! Looks for planted secrets, and for the nonce that shows that it is the right log.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crate::launch::{LogMark, LogSearch};
use crate::observation::{Finding, Layer, Observation, Outcome};
use crate::plan::Exchange;
use crate::plan::exchange::CanaryPlan;
use crate::scenario::vocabulary::{Endpoint, SearchPlace};

/// How long servers may take to write their lines about a request that was granted.
const LOG_WAIT: Duration = Duration::from_secs(3);
/// How often the logs are read in that time.
const LOG_PAUSE: Duration = Duration::from_millis(15);
/// Most bytes of a log that are read.
const LOG_LIMIT: usize = 8 * 1024 * 1024;

/// How long to wait for a line about an exchange that no HTTP server saw: TLS refusals are rarely logged with a nonce.
const REFUSAL_WAIT: Duration = Duration::from_millis(300);
/// How long other logs may come after the first one that told of a request, where it is not known which will.
const LATER_LOGS: Duration = Duration::from_millis(500);
/// From how many honest exchanges the logs that tell of one are known.
const LESSONS: usize = 3;

/// Reads the logs since the mark until the exchange turns up in each that tells of such, or the wait is over; then looks
/// for the secret. The app's line comes before that of a proxy that still sends the answer.
pub(super) fn look_in_logs(
    observation: &mut Observation,
    exchange: &Exchange,
    logs: &LogSearch,
    mark: &LogMark,
) {
    let started = Instant::now();
    let (tellers, lessons) = logs.tellers();
    let honest = exchange.canary.is_none() && exchange.audit.is_none();
    let granted = observation.outcome == Outcome::Granted && exchange.endpoint == Endpoint::Front;
    let known = granted && lessons >= LESSONS;
    let unseen_by_http = matches!(observation.layer, Layer::Tcp | Layer::Tls);
    let searched_for = searched(exchange, SearchPlace::Logs);
    let wait = if unseen_by_http { REFUSAL_WAIT } else { LOG_WAIT };
    let mut first: Option<Instant> = None;
    let (texts, told) = loop {
        let texts = logs.since(mark, LOG_LIMIT);
        let told: BTreeSet<String> = texts
            .iter()
            .filter(|(_, bytes)| tells_of(bytes, exchange))
            .map(|(name, _)| name.clone())
            .collect();
        if !told.is_empty() {
            first.get_or_insert_with(Instant::now);
        }
        let enough = match first {
            None => false,
            Some(_) if searched_for.is_none() && !honest => true,
            Some(_) if known => tellers.is_subset(&told),
            Some(first) => first.elapsed() > LATER_LOGS,
        };
        if enough || started.elapsed() > wait {
            break (texts, told);
        }
        std::thread::sleep(LOG_PAUSE);
    };
    observation.nonce_logged = Some(!told.is_empty());
    if honest && granted && !told.is_empty() {
        logs.learn(&told);
    }
    let Some(canary) = searched_for else {
        return;
    };
    for (name, bytes) in &texts {
        look(observation, canary, name, bytes);
    }
}

/// Words that a line about a refused certificate holds besides `certificate`, in the servers that were looked at.
const REFUSAL_WORDS: [&str; 7] = [
    "verify", "refus", "error", "expired", "revoked", "unknown", "fail",
];

/// Do these log lines tell of the exchange: by its nonce, or by the certificate that was refused?
fn tells_of(bytes: &[u8], exchange: &Exchange) -> bool {
    if position(bytes, exchange.nonce.as_bytes(), false).is_some() {
        return true;
    }
    let Some(traces) = &exchange.audit else {
        return false;
    };
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    let named = traces
        .iter()
        .any(|trace| text.contains(&String::from_utf8_lossy(trace).to_lowercase()));
    let told =
        |line: &str| line.contains("certificate") && REFUSAL_WORDS.iter().any(|word| line.contains(word));
    named || text.lines().any(told)
}

/// Looks for the secret in the response.
pub(super) fn look_in_response(observation: &mut Observation, exchange: &Exchange) {
    let Some(response) = observation.response.clone() else {
        return;
    };
    if let Some(canary) = searched(exchange, SearchPlace::Response) {
        look(observation, canary, "the response's body", &response.body);
    }
    let headers = searched(exchange, SearchPlace::Response)
        .or_else(|| searched(exchange, SearchPlace::ResponseHeaders));
    if let Some(canary) = headers {
        for (name, value) in &response.headers {
            look(
                observation,
                canary,
                &format!("the response header {name}"),
                value.as_bytes(),
            );
        }
    }
}

fn searched(exchange: &Exchange, place: SearchPlace) -> Option<&CanaryPlan> {
    exchange
        .canary
        .as_ref()
        .filter(|canary| canary.search.contains(&place))
}

fn look(observation: &mut Observation, canary: &CanaryPlan, place: &str, bytes: &[u8]) {
    let hit = canary
        .needles
        .iter()
        .find_map(|needle| Some((needle, position(bytes, needle, canary.unescaped)?)));
    if let Some((needle, at)) = hit {
        let before = bytes.get(at.saturating_sub(40)..at).unwrap_or_default();
        let excerpt = format!(
            "...{}[the {}]",
            String::from_utf8_lossy(before).escape_debug(),
            canary.what
        );
        let after = bytes
            .get(at + needle.len()..)
            .map(|rest| rest.len())
            .unwrap_or_default();
        observation
            .evidence
            .push(format!("{}: {excerpt} ({after} bytes follow)", place));
        observation.found.push(Finding {
            place: place.to_owned(),
            excerpt,
        });
    }
}

/// Where `needle` stands; with `unescaped`, only where no backslash stands before it.
fn position(bytes: &[u8], needle: &[u8], unescaped: bool) -> Option<usize> {
    if needle.is_empty() {
        return None;
    }
    bytes.windows(needle.len()).enumerate().find_map(|(at, window)| {
        let escaped = unescaped && at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b'\\');
        (window == needle && !escaped).then_some(at)
    })
}
