//! Just enough HTTP/1.1 of the serving side: one request a connection, read within limits and until a deadline.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use thiserror::Error;

/// The most octets of request line and headers: a GET carries the whole OCSP request there.
const MAX_HEAD: usize = 32 * 1024;
/// The most octets of a body.
const MAX_BODY: usize = 64 * 1024;
/// How long a refused peer may go on.
const DRAIN: Duration = Duration::from_millis(500);

/// Why a request could not be read, with the status that says so.
#[derive(Debug, Error)]
pub(crate) enum HttpError {
    /// The connection broke or the deadline passed.
    #[error("read request: {0}")]
    Io(#[from] io::Error),
    /// The request is not HTTP/1 as far as it is understood here.
    #[error("{reason}")]
    Malformed {
        /// The status for it.
        status: u16,
        /// Why.
        reason: &'static str,
    },
}

fn malformed(status: u16, reason: &'static str) -> HttpError {
    HttpError::Malformed { status, reason }
}

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HttpRequest {
    pub(crate) method: String,
    /// The path, as sent: still percent-encoded.
    pub(crate) path: String,
    pub(crate) body: Vec<u8>,
}

/// Reads one request.
pub(crate) fn read(stream: &mut TcpStream, deadline: Instant) -> Result<HttpRequest, HttpError> {
    let mut bytes = Vec::new();
    let mut searched: usize = 0;
    let end = loop {
        // Only what is new, and three octets before it: whoever drips must not make the search quadratic.
        let from = searched.saturating_sub(3);
        let new = bytes.get(from..).unwrap_or_default();
        let found = new.windows(4).position(|window| window == b"\r\n\r\n");
        match found.map(|offset| from + offset) {
            Some(end) if end <= MAX_HEAD => break end,
            None if bytes.len() <= MAX_HEAD => {}
            Some(_) | None => return Err(malformed(431, "request line and headers are too long")),
        }
        searched = bytes.len();
        more(stream, &mut bytes, deadline)?;
    };
    let mut body = bytes.split_off(end + 4);
    let head = Head::parse(&bytes)?;
    if head.length > MAX_BODY {
        return Err(malformed(413, "body is too long"));
    }
    if head.wants_continue && body.len() < head.length {
        stream.set_write_timeout(Some(left(deadline)?))?;
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    while body.len() < head.length {
        more(stream, &mut body, deadline)?;
    }
    body.truncate(head.length);
    Ok(HttpRequest {
        method: head.method,
        path: head.path,
        body,
    })
}

/// What the head says.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    method: String,
    path: String,
    length: usize,
    wants_continue: bool,
}

impl Head {
    fn parse(bytes: &[u8]) -> Result<Self, HttpError> {
        let text = std::str::from_utf8(bytes).map_err(|_| malformed(400, "head is no text"))?;
        let mut lines = text.split("\r\n");
        let mut words = lines.next().unwrap_or_default().split(' ');
        let (Some(method), Some(target), Some(version), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(malformed(400, "request line has not three words"));
        };
        if !version.starts_with("HTTP/1.") {
            return Err(malformed(505, "version is not HTTP/1"));
        }
        let mut length = None;
        let mut wants_continue = false;
        for line in lines.filter(|line| !line.is_empty()) {
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| malformed(400, "header line has no colon"))?;
            let value = value.trim();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => {
                    let digits = !value.is_empty() && value.bytes().all(|octet| octet.is_ascii_digit());
                    let number = value
                        .parse::<usize>()
                        .ok()
                        .filter(|_| digits)
                        .ok_or_else(|| malformed(400, "length is no number"))?;
                    if length.is_some_and(|other| other != number) {
                        return Err(malformed(400, "two lengths"));
                    }
                    length = Some(number);
                }
                "transfer-encoding" => return Err(malformed(411, "body without a length")),
                "expect" => wants_continue = value.eq_ignore_ascii_case("100-continue"),
                _ => {}
            }
        }
        Ok(Self {
            method: method.to_owned(),
            path: path(target).to_owned(),
            length: length.unwrap_or(0),
            wants_continue,
        })
    }
}

/// The path of a target, which a proxy's client writes as a whole URL.
fn path(target: &str) -> &str {
    match target.strip_prefix("http://") {
        Some(rest) => rest.find('/').and_then(|start| rest.get(start..)).unwrap_or("/"),
        None => target,
    }
}

/// A response whose connection ends with it.
pub(crate) fn response(status: u16, kind: &str, body: &[u8]) -> Vec<u8> {
    let reason = match status {
        200 => "OK",
        400 => "Bad Request",
        404 => "Not Found",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    };
    let mut bytes = format!(
        "HTTP/1.1 {status} {reason}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n",
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// Writes all of it before the deadline.
pub(crate) fn write(stream: &mut TcpStream, bytes: &[u8], deadline: Instant) -> io::Result<()> {
    // In pieces, so that a peer that reads slowly meets the deadline and not one timeout for each write.
    for piece in bytes.chunks(16 * 1024) {
        stream.set_write_timeout(Some(left(deadline)?))?;
        stream.write_all(piece)?;
    }
    stream.flush()
}

/// Reads and drops what a refused peer still sends, a little of it: a close with unread octets is a reset, which may
/// overtake the answer.
pub(crate) fn drain(stream: &mut TcpStream) {
    let deadline = Instant::now() + DRAIN;
    let mut dropped = Vec::new();
    while dropped.len() < MAX_BODY && more(stream, &mut dropped, deadline).is_ok() {}
}

fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>, deadline: Instant) -> io::Result<()> {
    stream.set_read_timeout(Some(left(deadline)?))?;
    let mut piece = [0; 4096];
    match stream.read(&mut piece)? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        size => {
            bytes.extend_from_slice(piece.get(..size).unwrap_or_default());
            Ok(())
        }
    }
}

/// What is left until the deadline; never zero, which sockets read as "for ever".
fn left(deadline: Instant) -> io::Result<Duration> {
    deadline
        .checked_duration_since(Instant::now())
        .filter(|left| !left.is_zero())
        .ok_or_else(|| io::ErrorKind::TimedOut.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn head(text: &str) -> Result<Head, u16> {
        Head::parse(text.as_bytes()).map_err(|error| match error {
            HttpError::Malformed { status, .. } => status,
            HttpError::Io(_) => 0,
        })
    }

    #[test]
    fn heads_are_read() {
        let read = head("POST http://127.0.0.1:80/ocsp HTTP/1.1\r\nHost: x\r\ncontent-LENGTH:  12 ").unwrap();
        assert_eq!((read.path.as_str(), read.length), ("/ocsp", 12));
        assert_eq!(head("GET /crl/root HTTP/1.0").unwrap().path, "/crl/root");
    }

    #[test]
    fn unclear_heads_are_refused() {
        for (text, status) in [
            ("GET /", 400),
            ("GET / x HTTP/1.1", 400),
            ("GET / HTTP/2.0", 505),
            ("GET / HTTP/1.1\r\nno colon", 400),
            ("GET / HTTP/1.1\r\nContent-Length: +5", 400),
            ("GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6", 400),
            ("GET / HTTP/1.1\r\nContent-Length: 99999999999999999999999", 400),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked", 411),
        ] {
            assert_eq!(head(text).unwrap_err(), status, "{text}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_heads_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(head) = Head::parse(&bytes) {
                prop_assert!(!head.path.starts_with("http://127."));
            }
        }
    }
}
