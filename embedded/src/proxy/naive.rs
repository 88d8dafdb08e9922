//! FAULT http1: a proxy that reads HTTP/1.1 by rules of its own and hands on what it did not understand.
//!
//! Each value is one real mistake about where a request ends (RFC 9112 6.3). Requests are handed on as they come and
//! answers as they come back, so what the app takes for a second request is answered to the client as well.

use std::sync::Arc;
use std::time::Duration;

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncRead, AsyncWriteExt};

use super::fault::Http1;
use super::headers::Facts;
use super::{Proxy, Session};
use crate::identity::Client;
use crate::listener::Stream;
use crate::raw::{Head, Reader, rewound, split};

/// The whole life of a connection that is served by hand.
const LIFE: Duration = Duration::from_secs(8);

/// Serves the connection where its first request is one that the fault is about; otherwise gives it back.
pub(super) async fn serve(proxy: &Arc<Proxy>, session: &Session, stream: Stream) -> Option<Stream> {
    let rule = proxy.config.faults.http1;
    if rule == Http1::Strict || session.refused.is_some() {
        return Some(stream);
    }
    let mut reader = Reader::new(stream);
    let peek = tokio::time::timeout(proxy.config.limits.idle(), reader.head_end(false)).await;
    let head = match peek {
        Ok(Some(end)) => Head::parse(reader.buffer.get(..end).unwrap_or_default(), false),
        Ok(None) | Err(_) => Head::default(),
    };
    let (stream, read) = reader.into_parts();
    let stream = rewound(read, stream);
    if !concerns(rule, &head) {
        return Some(stream);
    }
    drop(tokio::time::timeout(LIFE, relay(proxy, session, stream)).await);
    None
}

/// Whether a request holds what the fault is about.
fn concerns(rule: Http1, head: &Head) -> bool {
    let lengths = head.values("content-length").count();
    let codings = head.values("transfer-encoding").count();
    match rule {
        Http1::Strict => false,
        Http1::LengthWins | Http1::DropCoding => lengths > 0 && codings > 0,
        Http1::Verbatim => codings > 0,
        Http1::FirstLength => lengths > 1,
        Http1::BodyForgotten => head.line.starts_with(b"GET ") && lengths > 0,
        Http1::BareLineFeed => head.fields.iter().any(|line| line.contains(&b'\n')),
    }
}

async fn relay(proxy: &Proxy, session: &Session, stream: Stream) {
    let Ok(upstream) = proxy.upstream.connect().await else {
        return;
    };
    let (from_client, mut to_client) = tokio::io::split(stream);
    let (mut from_app, mut to_app) = tokio::io::split(upstream);
    let requests = async {
        let mut reader = Reader::new(from_client);
        while let Some(request) = next(proxy, session, &mut reader).await {
            if to_app.write_all(&request).await.is_err() {
                return;
            }
        }
        // What comes back is still handed on; the app ends the connection when it has answered.
        drop(to_app.shutdown().await);
    };
    let answers = async {
        drop(tokio::io::copy(&mut from_app, &mut to_client).await);
        drop(to_client.shutdown().await);
    };
    tokio::join!(requests, answers);
}

/// The next request as the app gets it; `None` at the end or where even this reader gives up.
async fn next<R: AsyncRead + Unpin>(
    proxy: &Proxy,
    session: &Session,
    reader: &mut Reader<R>,
) -> Option<Vec<u8>> {
    let rule = proxy.config.faults.http1;
    let end = reader.head_end(false).await?;
    let head = Head::parse(&reader.take(end).await?, false);
    let chunked = head.values("transfer-encoding").any(|value| value == b"chunked");
    let strictly_named = |name: &str| {
        let exact = head.fields.iter().filter_map(|line| split(line));
        exact
            .filter(|(other, _)| other.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value.trim_ascii())
            .next()
    };
    let length = strictly_named("content-length")
        .and_then(|value| std::str::from_utf8(value).ok())
        .and_then(|text| text.parse::<usize>().ok());
    let by_chunks = match rule {
        Http1::LengthWins => length.is_none() && chunked,
        // Only this very word, under this very name, is a coding here.
        Http1::Verbatim => strictly_named("transfer-encoding") == Some(b"chunked"),
        Http1::Strict
        | Http1::BareLineFeed
        | Http1::BodyForgotten
        | Http1::DropCoding
        | Http1::FirstLength => chunked,
    };
    let body = if by_chunks {
        reader.chunks(false, chunk_size).await?.0
    } else {
        reader.take(length.unwrap_or(0)).await?
    };
    let mut request = rewritten(proxy, session, &head);
    if rule != Http1::BodyForgotten {
        request.extend_from_slice(&body);
    }
    Some(request)
}

/// A chunk's size as `from_str_radix` reads it, which takes a sign.
fn chunk_size(line: &[u8]) -> Option<usize> {
    let digits = line.split(|byte| *byte == b';').next()?;
    usize::from_str_radix(std::str::from_utf8(digits).ok()?.trim(), 16).ok()
}

/// The head for the app: identity removed and set as ever, framing as the fault has it, what is no field as it came.
fn rewritten(proxy: &Proxy, session: &Session, head: &Head) -> Vec<u8> {
    let rule = proxy.config.faults.http1;
    let mut known = HeaderMap::new();
    let mut kept: Vec<&[u8]> = Vec::new();
    for line in &head.fields {
        let Some((name, value)) = split(line) else {
            continue;
        };
        let bare = name.trim_ascii();
        let is = |other: &[u8]| bare.eq_ignore_ascii_case(other);
        if is(b"content-length") {
            // Each but the last is overwritten, as in a map of fields.
            if rule == Http1::FirstLength {
                kept.clear();
            }
            kept.push(line);
        } else if is(b"transfer-encoding") {
            if rule != Http1::DropCoding {
                kept.push(line);
            }
        } else if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name),
            HeaderValue::from_bytes(value.trim_ascii()),
        ) {
            known.append(name, value);
        } else if matches!(rule, Http1::BareLineFeed | Http1::Verbatim) {
            kept.push(line);
        }
    }
    let host = known
        .get("host")
        .cloned()
        .unwrap_or_else(|| HeaderValue::from_static("localhost"));
    let facts = Facts {
        identity: &session.identity,
        secret: proxy.convention.secret.as_ref(),
        certificate: matches!(session.client, Client::Presented { .. }),
        public: false,
        peer: &session.peer,
        host: &host,
        trailers: None,
    };
    let sent = proxy.rules.forward(&known, &proxy.config.faults, &facts);
    let mut bytes = head.line.clone();
    bytes.extend_from_slice(b"\r\n");
    for (name, value) in &sent {
        for piece in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            bytes.extend_from_slice(piece);
        }
    }
    for line in kept {
        bytes.extend_from_slice(line);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes
}
