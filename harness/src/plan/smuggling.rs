//! A request hidden in another one: where it stands, how the outer one is framed, and what shows that it arrived.
//!
//! The hidden request is complete and carries the forged identity. Its `Connection` line is what every intermediary removes
//! (RFC 9110 section 7.6.1): where the app is handed it as it was written, no proxy has read it as a request.

use super::control::{Honest, honest};
use super::exchange::{Exchange, FieldLine, SmugglePlan};
use super::forgery::Forgery;
use super::names::Surroundings;
use super::request::{Target, words};
use crate::scenario::step::Smuggle;
use crate::scenario::vocabulary::HttpVersion;

/// Hides a request in `exchange`.
///
/// # Errors
/// The reason to skip, or what is wrong with a text.
pub(super) fn hide(
    exchange: &mut Exchange,
    smuggle: &Smuggle,
    forgery: &Forgery,
    nonce: &impl Fn(&str) -> String,
    surroundings: &Surroundings<'_>,
) -> Result<(), String> {
    let hidden_nonce = nonce("hidden");
    let target = Target {
        endpoint: exchange.endpoint,
        http: exchange.http,
        nonce: &exchange.nonce,
        forgery,
    };
    let app = &surroundings.deployment.file.app;
    let query = app.echo.as_ref().map_or("nonce", |echo| echo.query.as_str());
    let separator = if app.protected.path.contains('?') {
        '&'
    } else {
        '?'
    };
    let host = exchange.request.hosts.first().cloned().unwrap_or_default();
    let start = [
        format!(
            "GET {}{separator}{query}={hidden_nonce} HTTP/1.1\r\nHost: {host}\r\nConnection: keep-alive\r\n",
            app.protected.path
        )
        .into_bytes(),
        forgery
            .fields
            .iter()
            .flat_map(|field| field.http1.clone())
            .collect(),
    ]
    .concat();
    let hidden = if smuggle.swallow {
        Vec::new()
    } else {
        [start.as_slice(), b"\r\n"].concat()
    };
    let base = words(&target, surroundings)
        .with("smuggled", hidden.clone())
        .with("smuggled-lf", with_bare_line_feeds(&hidden))
        .with("smuggled-length", hidden.len().to_string())
        .with("smuggled-hex", format!("{:x}", hidden.len()))
        // With the line end behind it, as long as a chunk of CR LF, a last chunk and the hidden request.
        .with("padding", vec![b'x'; hidden.len() + LAST_CHUNK.len()])
        .with(
            "chunk-head",
            (format!("{:x}", hidden.len()).len() + 2).to_string(),
        )
        .with("after-hex", format!("{:x}", hidden.len() + 2))
        .with("hex", format!("{:x}", hidden.len() + LAST_CHUNK.len() + 2));
    // A twist may name the length of the body, and a body hold the twist; never both in one file.
    let first = base.clone().with("length", "0");
    let body = first
        .clone()
        .with("twist", first.fill(&smuggle.twist)?)
        .fill(&smuggle.body)?;
    let base = base.with("length", body.len().to_string());
    let twist = base.fill(&smuggle.twist)?;
    let base = base.with("twist", twist);
    if exchange.http == HttpVersion::Http2 {
        for (name, value) in &smuggle.fields {
            exchange.request.fields.push(FieldLine {
                http1: Vec::new(),
                http2: Some((base.fill(name)?, base.fill(value)?)),
            });
        }
        if let Some(path) = &smuggle.path {
            exchange.request.target = base.fill(path)?;
        }
        exchange.request.body = Some(body);
        exchange.request.content_type = None;
        exchange
            .request
            .fields
            .retain(|field| !forgery.fields.contains(field));
    } else {
        let mut raw = [
            exchange.request.method.as_bytes(),
            b" ",
            &exchange.request.target,
            b" HTTP/1.1\r\n",
        ]
        .concat();
        raw.extend_from_slice(format!("Host: {host}\r\n").as_bytes());
        for line in &smuggle.lines {
            raw.extend(base.fill(line)?);
            raw.extend_from_slice(b"\r\n");
        }
        raw.extend_from_slice(b"\r\n");
        raw.extend(body);
        exchange.request.raw = Some(raw);
    }
    let innocent = |part: &str, http: HttpVersion| -> Result<Box<Exchange>, String> {
        let spec = Honest {
            credential: exchange.user.clone(),
            user: exchange.user.clone(),
            route: "protected",
            http,
            version: exchange.tls.version,
            nonce: nonce(part),
        };
        honest(&spec, surroundings).map(Box::new)
    };
    exchange.smuggled = Some(SmugglePlan {
        nonce: hidden_nonce,
        start,
        same: innocent("next-same", HttpVersion::Http11)?,
        fresh: innocent("next-fresh", exchange.http)?,
    });
    Ok(())
}

/// The same lines, ended by line feeds alone (RFC 9112 section 2.2).
pub fn with_bare_line_feeds(bytes: &[u8]) -> Vec<u8> {
    let mut rest = bytes.iter().copied().peekable();
    let mut written = Vec::with_capacity(bytes.len());
    while let Some(byte) = rest.next() {
        if byte != b'\r' || rest.peek() != Some(&b'\n') {
            written.push(byte);
        }
    }
    written
}

/// The end of a chunked body (RFC 9112 section 7.1).
const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_line_ends_lose_their_carriage_return() {
        assert_eq!(with_bare_line_feeds(b"a\r\nb\rc\r\r\n"), b"a\nb\rc\r\n");
    }
}
