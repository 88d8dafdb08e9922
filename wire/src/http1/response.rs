//! Reading a response from a server that may lie about it.

use super::framing::{Framing, chunk_size, could_be_http, framing, status_line, values};
use crate::channel::Channel;
use crate::deadline::Deadline;
use crate::transport::Received;

/// How much of a response is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the status line and header section, and again of the trailers.
    pub head: usize,
    /// Header lines, and again trailer lines.
    pub headers: usize,
    /// Bytes of the body.
    pub body: usize,
    /// Interim (1xx) responses before the final one.
    pub interim: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: 256 * 1024,
            headers: 1000,
            body: 1024 * 1024,
            interim: 8,
        }
    }
}

/// A response whose head was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The version as the server wrote it, such as `HTTP/1.1`.
    pub version: Vec<u8>,
    /// The status code.
    pub status: u16,
    /// The reason phrase.
    pub reason: Vec<u8>,
    /// Header names as written and values without outer white space, in order. A line without a colon is a name with an
    /// empty value.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
    /// The body, chunk framing removed.
    pub body: Vec<u8>,
    /// The trailers of a chunked body.
    pub trailers: Vec<(Vec<u8>, Vec<u8>)>,
    /// The interim responses that came before.
    pub interim: Vec<Interim>,
    /// What delimited the body.
    pub framing: Framing,
    /// How the body ended.
    pub end: BodyEnd,
}

impl Response {
    /// The values of header `name`, in order; names compare without case.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        values(&self.headers, name)
    }
}

/// A 1xx response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interim {
    /// The status code, 100 to 199.
    pub status: u16,
    /// Its headers.
    pub headers: Vec<(Vec<u8>, Vec<u8>)>,
}

/// How a body ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyEnd {
    /// As its framing says.
    Complete,
    /// By this, before its framing says so.
    Cut(Received),
    /// The body reached our limit; the rest was not read.
    Limit,
    /// The chunk framing is broken; how.
    Malformed(String),
}

/// No response head came; what came instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct ReadFailure {
    /// What went wrong.
    pub fault: ReadFault,
    /// The bytes that were read of the response that failed.
    pub received: Vec<u8>,
    /// The interim responses that came before.
    pub interim: Vec<Interim>,
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadFault {
    /// A TLS alert, by number.
    #[error("TLS alert {0}")]
    Alert(u8),
    /// The server closed the connection.
    #[error("closed")]
    Closed,
    /// The server broke TLS.
    #[error("broken TLS: {0}")]
    Garbled(String),
    /// What came is not an HTTP/1 response.
    #[error("not an HTTP/1 response")]
    NotHttp,
    /// The server reset the connection.
    #[error("reset")]
    Reset,
    /// The deadline passed.
    #[error("timed out")]
    Timeout,
    /// The head is larger than the limits allow.
    #[error("the response head is too large")]
    TooLarge,
}

impl From<Received> for ReadFault {
    fn from(received: Received) -> Self {
        match received {
            Received::Alert(number) => Self::Alert(number),
            Received::CloseNotify | Received::Data(_) | Received::Eof => Self::Closed,
            Received::Garbled(why) => Self::Garbled(why),
            Received::Reset => Self::Reset,
            Received::Timeout => Self::Timeout,
        }
    }
}

/// Reads responses off one connection and keeps what came too early for the next one.
#[derive(Clone, Debug)]
pub struct ResponseReader {
    limits: Limits,
    /// Bytes read; those before `used` belong to what was returned already.
    buffer: Vec<u8>,
    used: usize,
}

/// Why a line or a number of bytes could not be had.
enum Lack {
    End(Received),
    Limit,
}

type Headers = Vec<(Vec<u8>, Vec<u8>)>;

struct Head {
    version: Vec<u8>,
    status: u16,
    reason: Vec<u8>,
    headers: Headers,
}

impl ResponseReader {
    /// A reader for a fresh connection.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            buffer: Vec::new(),
            used: 0,
        }
    }

    /// Bytes that came beyond the responses returned so far. After one request they are a sign of response splitting.
    #[must_use]
    pub fn leftover(&self) -> &[u8] {
        self.buffer.get(self.used..).unwrap_or_default()
    }

    /// Reads the next response, which answers a request of `method`.
    ///
    /// # Errors
    /// No complete response head came. A body that is cut or broken is no error, see [`Response::end`].
    pub fn read(
        &mut self,
        channel: &mut Channel,
        method: &str,
        deadline: Deadline,
    ) -> Result<Response, ReadFailure> {
        let mut interim = Vec::new();
        let head = loop {
            self.buffer.drain(..self.used.min(self.buffer.len()));
            self.used = 0;
            match self.head(channel, deadline) {
                Err(fault) => {
                    return Err(ReadFailure {
                        fault,
                        received: self.buffer.clone(),
                        interim,
                    });
                }
                Ok(head) if !(100..200).contains(&head.status) || head.status == 101 => break head,
                Ok(head) => interim.push(Interim {
                    status: head.status,
                    headers: head.headers,
                }),
            }
            if interim.len() > self.limits.interim {
                return Err(ReadFailure {
                    fault: ReadFault::TooLarge,
                    received: self.buffer.clone(),
                    interim,
                });
            }
        };
        let framing = framing(method, head.status, &head.headers);
        let mut body = Vec::new();
        let mut trailers = Vec::new();
        let end = match framing {
            Framing::Chunked => self.chunks(channel, &mut body, &mut trailers, deadline),
            Framing::Conflicting | Framing::UntilClose => self.until_close(channel, &mut body, deadline),
            Framing::Length(length) => self.length(channel, &mut body, length, deadline),
            Framing::NoBody => BodyEnd::Complete,
        };
        let Head {
            version,
            status,
            reason,
            headers,
        } = head;
        Ok(Response {
            version,
            status,
            reason,
            headers,
            body,
            trailers,
            interim,
            framing,
            end,
        })
    }

    fn head(&mut self, channel: &mut Channel, deadline: Deadline) -> Result<Head, ReadFault> {
        let from = self.used;
        let line = match self.line(channel, self.limits.head, true, deadline) {
            Ok(line) => line,
            Err(Lack::Limit) if self.leftover().starts_with(b"HTTP/") => return Err(ReadFault::TooLarge),
            Err(Lack::Limit) => return Err(ReadFault::NotHttp),
            // The first bytes decide: a banner without line end is no HTTP, whatever ended it.
            Err(Lack::End(_)) if !could_be_http(self.leftover()) => return Err(ReadFault::NotHttp),
            Err(Lack::End(end)) => return Err(end.into()),
        };
        let (version, status, reason) = status_line(&line).ok_or(ReadFault::NotHttp)?;
        let spent = self.used - from;
        let headers = match self.headers(channel, self.limits.head.saturating_sub(spent), deadline) {
            Ok(headers) => headers,
            Err(Lack::Limit) => return Err(ReadFault::TooLarge),
            Err(Lack::End(end)) => return Err(end.into()),
        };
        Ok(Head {
            version,
            status,
            reason,
            headers,
        })
    }

    /// Header lines up to the empty one.
    fn headers(
        &mut self,
        channel: &mut Channel,
        mut room: usize,
        deadline: Deadline,
    ) -> Result<Headers, Lack> {
        let mut headers: Headers = Vec::new();
        let mut lines = 0;
        loop {
            let from = self.used;
            let line = self.line(channel, room, false, deadline)?;
            room = room.saturating_sub(self.used - from);
            if line.is_empty() {
                return Ok(headers);
            }
            lines += 1;
            if lines > self.limits.headers {
                return Err(Lack::Limit);
            }
            if let (Some(b' ' | b'\t'), Some((_, value))) = (line.first(), headers.last_mut()) {
                // Obsolete line folding, RFC 9112 section 5.2.
                value.push(b' ');
                value.extend_from_slice(line.trim_ascii());
                continue;
            }
            let colon = line.iter().position(|byte| *byte == b':').unwrap_or(line.len());
            let (name, value) = line.split_at(colon);
            headers.push((
                name.to_vec(),
                value.get(1..).unwrap_or_default().trim_ascii().to_vec(),
            ));
        }
    }

    /// The next line without its end, which is LF or CRLF. `first` gives up as soon as it cannot be a status line.
    fn line(
        &mut self,
        channel: &mut Channel,
        room: usize,
        first: bool,
        deadline: Deadline,
    ) -> Result<Vec<u8>, Lack> {
        // Bytes before `seen` hold no line end, so that each is looked at once.
        let mut seen = self.used;
        loop {
            let fresh = self.buffer.get(seen..).unwrap_or_default();
            if let Some(at) = fresh.iter().position(|byte| *byte == b'\n') {
                let line = self.buffer.get(self.used..seen + at).unwrap_or_default();
                if line.len() > room {
                    return Err(Lack::Limit);
                }
                let line = line.strip_suffix(b"\r").unwrap_or(line).to_vec();
                self.used = seen + at + 1;
                return Ok(line);
            }
            seen = self.buffer.len();
            if seen - self.used > room || (first && !could_be_http(self.leftover())) {
                return Err(Lack::Limit);
            }
            self.more(channel, deadline)?;
        }
    }

    fn more(&mut self, channel: &mut Channel, deadline: Deadline) -> Result<(), Lack> {
        let mut piece = [0; 16 * 1024];
        match channel.read(&mut piece, deadline) {
            Received::Data(count) => {
                self.buffer
                    .extend_from_slice(piece.get(..count).unwrap_or_default());
                Ok(())
            }
            end @ (Received::Alert(_)
            | Received::CloseNotify
            | Received::Eof
            | Received::Garbled(_)
            | Received::Reset
            | Received::Timeout) => Err(Lack::End(end)),
        }
    }

    /// Moves up to `wanted` bytes into `body`; what is lacking is the error.
    fn take(
        &mut self,
        channel: &mut Channel,
        body: &mut Vec<u8>,
        wanted: u64,
        deadline: Deadline,
    ) -> Result<(), Lack> {
        let mut wanted = wanted;
        while wanted > 0 {
            let room = self.limits.body.saturating_sub(body.len());
            if room == 0 {
                return Err(Lack::Limit);
            }
            if self.leftover().is_empty() {
                self.buffer.clear();
                self.used = 0;
                self.more(channel, deadline)?;
            }
            let count = usize::try_from(wanted)
                .unwrap_or(usize::MAX)
                .min(room)
                .min(self.leftover().len());
            body.extend_from_slice(self.leftover().get(..count).unwrap_or_default());
            self.used += count;
            wanted = wanted.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
        }
        Ok(())
    }

    fn length(
        &mut self,
        channel: &mut Channel,
        body: &mut Vec<u8>,
        length: u64,
        deadline: Deadline,
    ) -> BodyEnd {
        ended(self.take(channel, body, length, deadline))
    }

    fn until_close(&mut self, channel: &mut Channel, body: &mut Vec<u8>, deadline: Deadline) -> BodyEnd {
        match self.take(channel, body, u64::MAX, deadline) {
            Err(Lack::End(Received::CloseNotify)) => BodyEnd::Complete,
            // RFC 9112 section 9.8: within TLS a close that nobody authenticated may be an attacker's.
            Err(Lack::End(Received::Eof)) if matches!(channel, Channel::Plain(_)) => BodyEnd::Complete,
            other => ended(other),
        }
    }

    fn chunks(
        &mut self,
        channel: &mut Channel,
        body: &mut Vec<u8>,
        trailers: &mut Headers,
        deadline: Deadline,
    ) -> BodyEnd {
        loop {
            let line = match self.line(channel, self.limits.head, false, deadline) {
                Ok(line) => line,
                Err(lack) => return ended(Err(lack)),
            };
            let Some(size) = chunk_size(&line) else {
                let shown = line.get(..line.len().min(40)).unwrap_or_default();
                return BodyEnd::Malformed(format!("chunk size {:?}", String::from_utf8_lossy(shown)));
            };
            if size == 0 {
                break;
            }
            if let Err(lack) = self.take(channel, body, size, deadline) {
                return ended(Err(lack));
            }
            match self.line(channel, 2, false, deadline) {
                Ok(line) if line.is_empty() => {}
                Ok(_) | Err(Lack::Limit) => {
                    return BodyEnd::Malformed("no line end after a chunk".to_owned());
                }
                Err(lack @ Lack::End(_)) => return ended(Err(lack)),
            }
        }
        match self.headers(channel, self.limits.head, deadline) {
            Ok(found) => {
                *trailers = found;
                BodyEnd::Complete
            }
            Err(lack) => ended(Err(lack)),
        }
    }
}

fn ended(taken: Result<(), Lack>) -> BodyEnd {
    match taken {
        Ok(()) => BodyEnd::Complete,
        Err(Lack::Limit) => BodyEnd::Limit,
        Err(Lack::End(end)) => BodyEnd::Cut(end),
    }
}

#[cfg(test)]
mod tests;
