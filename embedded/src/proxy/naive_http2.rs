//! FAULT http2: a proxy that writes HTTP/2 requests down as HTTP/1.1 without the checks of RFC 9113 8.1.1 and 8.2.
//!
//! HPACK and frames are those of `attack-wire`: hyper's HTTP/2 refuses such requests before anybody sees them, and a second
//! HPACK for a fault's sake would be one more thing to trust.

use std::sync::Arc;
use std::time::Duration;

use attack_wire::http2::client::PREFACE;
use attack_wire::http2::frame::{Frame, flag, kind};
use attack_wire::http2::hpack::{Decoder, Field, encode};
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::fault::Http2;
use super::headers::Facts;
use super::{Proxy, Session};
use crate::identity::Client;
use crate::listener::Stream;
use crate::raw::{LONGEST_HEAD, rewound};

/// The whole life of a connection that is served by hand.
const LIFE: Duration = Duration::from_secs(8);

/// How long to wait for the first request before hyper takes over.
const PEEK: Duration = Duration::from_millis(300);

/// The app answers one request after another, so a second answer comes soon or never.
const LAST_ANSWER: Duration = Duration::from_millis(150);

/// Longest answer that is handed on, in octets; it fits the credit that every stream begins with.
const LONGEST_ANSWER: usize = 32 * 1024;

/// The first request of a connection.
#[derive(Debug, Default)]
struct First {
    stream: u32,
    fields: Vec<Field>,
    body: Vec<u8>,
}

/// Serves the connection where its first request is one that the fault is about; otherwise gives it back.
pub(super) async fn serve(proxy: &Arc<Proxy>, session: &Session, mut stream: Stream) -> Option<Stream> {
    let rule = proxy.config.faults.http2;
    if rule == Http2::Strict || session.refused.is_some() {
        return Some(stream);
    }
    let mut read = Vec::new();
    let first = tokio::time::timeout(PEEK, async {
        loop {
            if let Some(first) = first_request(&read) {
                return first;
            }
            if read.len() > LONGEST_HEAD || !matches!(stream.read_buf(&mut read).await, Ok(1..)) {
                return None;
            }
        }
    })
    .await;
    match first {
        Ok(Some(first)) if concerns(rule, &first) => {
            drop(tokio::time::timeout(LIFE, answer(proxy, session, &mut stream, &first)).await);
            None
        }
        Ok(_) | Err(_) => Some(rewound(read, stream)),
    }
}

/// The first request in what was read: `None` where more is needed, `Some(None)` where it is no HTTP/2.
fn first_request(read: &[u8]) -> Option<Option<First>> {
    let rest = match read.strip_prefix(PREFACE) {
        Some(rest) => rest,
        None if read.len() < PREFACE.len() => return None,
        None => return Some(None),
    };
    let (mut rest, mut first, mut block) = (rest, First::default(), Vec::new());
    loop {
        let (frame, whole) = Frame::parse(rest)?;
        rest = rest.get(whole..).unwrap_or_default();
        let content = frame.content().map(<[u8]>::to_vec).unwrap_or_default();
        match frame.kind {
            kind::HEADERS if first.stream == 0 || first.stream == frame.stream => {
                first.stream = frame.stream;
                block = content;
            }
            kind::CONTINUATION => block.extend_from_slice(&frame.payload),
            kind::DATA => first.body.extend_from_slice(&content),
            _ => {}
        }
        let of_headers = matches!(frame.kind, kind::HEADERS | kind::CONTINUATION);
        if of_headers && frame.has(flag::END_HEADERS) && first.fields.is_empty() {
            let Ok(fields) = Decoder::default().decode(&block, LONGEST_HEAD) else {
                return Some(None);
            };
            first.fields = fields;
        }
        let ends = matches!(frame.kind, kind::HEADERS | kind::DATA) && frame.has(flag::END_STREAM);
        if ends && !first.fields.is_empty() {
            return Some(Some(first));
        }
    }
}

fn value<'a>(first: &'a First, name: &[u8]) -> Option<&'a [u8]> {
    let found = first.fields.iter().find(|(other, _)| other == name);
    found.map(|(_, value)| value.as_slice())
}

/// Whether a request holds what the fault is about.
fn concerns(rule: Http2, first: &First) -> bool {
    let breaks = |bytes: &[u8]| bytes.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0));
    match rule {
        Http2::Strict => false,
        Http2::LengthPassed => value(first, b"content-length")
            .is_some_and(|length| length != first.body.len().to_string().as_bytes()),
        Http2::CodingPassed => value(first, b"transfer-encoding").is_some(),
        Http2::Unchecked => first
            .fields
            .iter()
            .any(|(name, value)| breaks(name) || breaks(value)),
    }
}

async fn answer(proxy: &Proxy, session: &Session, client: &mut Stream, first: &First) -> Option<()> {
    let greeting = [
        Frame::new(kind::SETTINGS, 0, 0, []).to_bytes(),
        Frame::new(kind::SETTINGS, flag::ACK, 0, []).to_bytes(),
    ];
    client.write_all(&greeting.concat()).await.ok()?;
    let mut upstream = proxy.upstream.connect().await.ok()?;
    upstream.write_all(&written(proxy, session, first)).await.ok()?;
    let mut received = Vec::new();
    loop {
        let wait = if received.is_empty() { LIFE } else { LAST_ANSWER };
        match tokio::time::timeout(wait, upstream.read_buf(&mut received)).await {
            Ok(Ok(1..)) if received.len() < LONGEST_ANSWER => {}
            Ok(_) | Err(_) => break,
        }
    }
    // Whatever the app said is the body: only that an answer came matters to the client of such a proxy.
    let status = received.get(9..12).unwrap_or(b"502").to_vec();
    let end = received
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .map_or(received.len(), |at| at + 4);
    let body = received.get(end..).unwrap_or_default().to_vec();
    let head = encode(&[(b":status".to_vec(), status)]);
    let frames = [
        Frame::new(kind::HEADERS, flag::END_HEADERS, first.stream, head).to_bytes(),
        Frame::new(kind::DATA, flag::END_STREAM, first.stream, body).to_bytes(),
        // No further request: last stream and NO_ERROR (RFC 9113 6.8).
        Frame::new(kind::GOAWAY, 0, 0, [first.stream.to_be_bytes(), [0; 4]].concat()).to_bytes(),
    ];
    client.write_all(&frames.concat()).await.ok()?;
    client.shutdown().await.ok()
}

/// The request in HTTP/1.1: names and values as they are, framing as the client said it.
fn written(proxy: &Proxy, session: &Session, first: &First) -> Vec<u8> {
    let rule = proxy.config.faults.http2;
    let mut known = HeaderMap::new();
    let mut kept: Vec<u8> = Vec::new();
    let line = |name: &[u8], value: &[u8]| [name, b": ", value, b"\r\n"].concat();
    for (name, value) in &first.fields {
        if name.starts_with(b":") {
            continue;
        }
        let framing = name == b"content-length" || name == b"transfer-encoding";
        match (HeaderName::from_bytes(name), HeaderValue::from_bytes(value)) {
            (Ok(name), Ok(value)) if !framing => drop(known.append(name, value)),
            _ if framing || rule == Http2::Unchecked => kept.extend_from_slice(&line(name, value)),
            _ => {}
        }
    }
    let host = value(first, b":authority")
        .and_then(|host| HeaderValue::from_bytes(host).ok())
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
    let mut bytes = [
        value(first, b":method").unwrap_or(b"GET"),
        b" ",
        value(first, b":path").unwrap_or(b"/"),
        b" HTTP/1.1\r\n",
    ]
    .concat();
    for (name, value) in &sent {
        bytes.extend_from_slice(&line(name.as_str().as_bytes(), value.as_bytes()));
    }
    let framed = kept
        .windows(8)
        .any(|word| word == b"content-" || word == b"transfer");
    if !framed && !first.body.is_empty() {
        kept.extend_from_slice(&line(b"content-length", first.body.len().to_string().as_bytes()));
    }
    bytes.extend_from_slice(&kept);
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&first.body);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_request_is_read_with_its_body() {
        let fields = [
            (b":method".to_vec(), b"POST".to_vec()),
            (b"content-length".to_vec(), b"0".to_vec()),
        ];
        let bytes = [
            PREFACE.to_vec(),
            Frame::new(kind::SETTINGS, 0, 0, []).to_bytes(),
            Frame::new(kind::HEADERS, flag::END_HEADERS, 1, encode(&fields)).to_bytes(),
            Frame::new(kind::DATA, flag::END_STREAM, 1, *b"GET").to_bytes(),
        ]
        .concat();
        assert!(first_request(&bytes[..bytes.len() - 1]).is_none());
        let first = first_request(&bytes).unwrap().unwrap();
        assert_eq!(first.body, b"GET");
        assert!(concerns(Http2::LengthPassed, &first) && !concerns(Http2::CodingPassed, &first));
        assert!(
            first_request(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
                .unwrap()
                .is_none()
        );
    }
}
