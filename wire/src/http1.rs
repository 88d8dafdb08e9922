//! HTTP/1.1 by the byte: requests exactly as written, responses read with tolerance and without trust.
//!
//! The writer adds nothing and repairs nothing. The reader survives endless heads, lying lengths and cut bodies, and says
//! which of them it met; it is never stricter than a careless client, since what a server *sent* is the observation.
//! Next: [`crate::http2`], the same for HTTP/2.

mod framing;
mod response;

pub use framing::Framing;
pub use response::{BodyEnd, Interim, Limits, ReadFailure, ReadFault, Response, ResponseReader};

use std::time::Duration;

use crate::channel::{Channel, Delivery};
use crate::deadline::Deadline;

/// A request, as bytes between the separators that RFC 9112 section 3 puts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method, any bytes.
    pub method: Vec<u8>,
    /// The request target, any bytes.
    pub target: Vec<u8>,
    /// The version, `HTTP/1.1` as a rule; empty writes the two-word request line of HTTP/0.9.
    pub version: Vec<u8>,
    /// Whole header lines without their line ends, any bytes: `Host: a`, but also ` folded` or `no colon`.
    pub header_lines: Vec<Vec<u8>>,
    /// The body, any bytes; no Content-Length is added for it.
    pub body: Vec<u8>,
}

impl Request {
    /// An HTTP/1.1 request for `target` with nothing but a Host header.
    #[must_use]
    pub fn new(method: &str, target: &str, host: &str) -> Self {
        Self {
            method: method.into(),
            target: target.into(),
            version: b"HTTP/1.1".to_vec(),
            header_lines: vec![format!("Host: {host}").into_bytes()],
            body: Vec::new(),
        }
    }

    /// Adds `name: value`.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let mut line = format!("{name}: ").into_bytes();
        line.extend_from_slice(value.as_ref());
        self.header_lines.push(line);
        self
    }

    /// Adds a body and the Content-Length that fits it.
    #[must_use]
    pub fn with_body(self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let length = body.len().to_string();
        Self {
            body,
            ..self.header("Content-Length", length)
        }
    }

    /// The bytes that go over the wire.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = [self.method.as_slice(), b" ", self.target.as_slice()].concat();
        if !self.version.is_empty() {
            bytes.push(b' ');
            bytes.extend_from_slice(&self.version);
        }
        bytes.extend_from_slice(b"\r\n");
        for line in &self.header_lines {
            bytes.extend_from_slice(line);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(&self.body);
        bytes
    }
}

/// One request, and what came back.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// How the request went out.
    pub delivery: Delivery,
    /// The response, or what came instead.
    pub reply: Result<Response, ReadFailure>,
}

/// Sends `request` as it is and reads one response, in the order that loses no late alert ([`Channel::send`]).
///
/// `method` tells the reader whether a body can follow; it is not sent. For more than one response on a connection, use
/// [`ResponseReader`].
pub fn exchange(
    channel: &mut Channel,
    method: &str,
    request: &[u8],
    late_alert_wait: Duration,
    limits: Limits,
    deadline: Deadline,
) -> Exchange {
    let delivery = channel.send(request, late_alert_wait, deadline);
    let reply = ResponseReader::new(limits).read(channel, method, deadline);
    Exchange { delivery, reply }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_added_or_repaired() {
        let request = Request {
            method: b"GE T".to_vec(),
            target: b"/\x00".to_vec(),
            version: b"HTTP/9".to_vec(),
            header_lines: vec![b"a : b\nc".to_vec(), Vec::new()],
            body: b"rest".to_vec(),
        };
        assert_eq!(
            request.to_bytes(),
            b"GE T /\x00 HTTP/9\r\na : b\nc\r\n\r\n\r\nrest"
        );
    }

    #[test]
    fn an_ordinary_request_is_ordinary() {
        let request = Request::new("POST", "/x", "a.test")
            .header("A", "b")
            .with_body("hi");
        assert_eq!(
            request.to_bytes(),
            b"POST /x HTTP/1.1\r\nHost: a.test\r\nA: b\r\nContent-Length: 2\r\n\r\nhi"
        );
    }

    #[test]
    fn an_empty_version_is_http_0_9() {
        let request = Request {
            version: Vec::new(),
            header_lines: Vec::new(),
            ..Request::new("GET", "/", "")
        };
        assert_eq!(request.to_bytes(), b"GET /\r\n\r\n");
    }
}
