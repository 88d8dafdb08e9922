//! A connection that sends one request after another and reads what each stream ends with.

use std::time::Duration;

use super::frame::{Frame, HEADER, flag, kind, payload_length};
use super::hpack::{DecodeError, Decoder, Field, encode};
use crate::channel::Channel;
use crate::deadline::Deadline;
use crate::http1::Limits;
use crate::transport::{Received, Sent};

/// What every client says first (RFC 9113 section 3.4).
pub const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// The largest frame that both sides must take.
const FRAME_LIMIT: usize = 16_384;
/// The credit that we give: more than any body limit, so that a server never has to wait for us.
const WINDOW: u32 = 0x3FFF_FFFF;
/// The credit that every stream and connection starts with.
const FIRST_WINDOW: i64 = 65_535;
/// How many frames are read for one response; control frames and empty frames count (CVE-2019-9518).
const FRAMES_LIMIT: usize = 20_000;

/// A request: any fields in any order, pseudo-headers among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The header list, as it is encoded.
    pub fields: Vec<Field>,
    /// The body; empty ends the stream with the headers.
    pub body: Vec<u8>,
    /// Trailers; empty sends none.
    pub trailers: Vec<Field>,
}

impl Request {
    /// An ordinary request over `https`.
    #[must_use]
    pub fn new(method: &str, path: &str, authority: &str) -> Self {
        let pseudo = [
            (":method", method),
            (":scheme", "https"),
            (":authority", authority),
            (":path", path),
        ];
        let fields = pseudo.map(|(name, value)| (name.into(), value.into())).to_vec();
        Self {
            fields,
            ..Self::default()
        }
    }

    /// Adds a field as it is.
    #[must_use]
    pub fn header(mut self, name: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }
}

/// What came back on a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The value of `:status`, if a final header list came.
    pub status: Option<u16>,
    /// The fields of the final header list, pseudo-headers among them.
    pub fields: Vec<Field>,
    /// The body.
    pub body: Vec<u8>,
    /// The trailers.
    pub trailers: Vec<Field>,
    /// How many interim (1xx) header lists came before.
    pub interim: usize,
    /// What ended it.
    pub end: End,
}

/// What ended a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// END_STREAM: the response is whole.
    Complete,
    /// The connection ended by this.
    Connection(Received),
    /// GOAWAY that leaves our stream out; the error code.
    GoAway(u32),
    /// A limit of ours; the rest was not read.
    Limit,
    /// The server broke HTTP/2; how.
    Malformed(String),
    /// The answer is no HTTP/2; its first bytes.
    NotHttp2(Vec<u8>),
    /// RST_STREAM; the error code.
    Reset(u32),
}

/// An HTTP/2 connection over a channel whose ALPN said `h2`, or in the clear with prior knowledge.
#[derive(Debug)]
pub struct Connection {
    channel: Channel,
    limits: Limits,
    decoder: Decoder,
    buffer: Vec<u8>,
    used: usize,
    next_stream: u32,
    frames: usize,
    /// Whether any frame of the server was read.
    greeted: bool,
    connection_window: i64,
    stream_window: i64,
    first_window: i64,
}

impl Connection {
    /// Says the preface and settings, after the short read of [`Channel::send`] for a late alert.
    pub fn open(mut channel: Channel, limits: Limits, late_alert_wait: Duration, deadline: Deadline) -> Self {
        let settings = [&[0, 2, 0, 0, 0, 0, 0, 4][..], &WINDOW.to_be_bytes()].concat();
        let hello = [
            PREFACE.to_vec(),
            Frame::new(kind::SETTINGS, 0, 0, settings).to_bytes(),
            Frame::new(kind::WINDOW_UPDATE, 0, 0, WINDOW.to_be_bytes()).to_bytes(),
        ];
        // Whether it arrived shows when the answer is read.
        channel.send(&hello.concat(), late_alert_wait, deadline);
        Self {
            channel,
            limits,
            decoder: Decoder::default(),
            buffer: Vec::new(),
            used: 0,
            next_stream: 1,
            frames: 0,
            greeted: false,
            connection_window: FIRST_WINDOW,
            stream_window: FIRST_WINDOW,
            first_window: FIRST_WINDOW,
        }
    }

    /// Sends `request` on a new stream and reads until the stream ends.
    pub fn exchange(&mut self, request: &Request, deadline: Deadline) -> Reply {
        let stream = self.next_stream;
        self.next_stream = stream.saturating_add(2);
        self.stream_window = self.first_window;
        self.frames = 0;
        let mut reply = Reply {
            status: None,
            fields: Vec::new(),
            body: Vec::new(),
            trailers: Vec::new(),
            interim: 0,
            end: End::Complete,
        };
        let bare = request.body.is_empty() && request.trailers.is_empty();
        self.send_headers(stream, &request.fields, bare, deadline);
        let mut body = request.body.as_slice();
        let mut open = !bare;
        loop {
            while open {
                let credit = usize::try_from(self.connection_window.min(self.stream_window)).unwrap_or(0);
                let count = body.len().min(credit).min(FRAME_LIMIT);
                if count == 0 && !body.is_empty() {
                    break;
                }
                let (piece, rest) = body.split_at_checked(count).unwrap_or((body, &[]));
                body = rest;
                let last = rest.is_empty();
                open = !last;
                let ending = if last && request.trailers.is_empty() {
                    flag::END_STREAM
                } else {
                    0
                };
                if !(piece.is_empty() && ending == 0) {
                    self.send(&Frame::new(kind::DATA, ending, stream, piece), deadline);
                }
                let spent = i64::try_from(count).unwrap_or(0);
                self.connection_window -= spent;
                self.stream_window -= spent;
                if last && !request.trailers.is_empty() {
                    self.send_headers(stream, &request.trailers, true, deadline);
                }
            }
            let end = match self.frame(deadline) {
                Ok(frame) => self.take(&frame, stream, &mut reply, deadline),
                Err(end) => Some(end),
            };
            if let Some(end) = end {
                reply.end = end;
                return reply;
            }
        }
    }

    /// Writes a frame as it is, for what no request can say.
    pub fn send(&mut self, frame: &Frame, deadline: Deadline) -> Sent {
        self.channel.write(&frame.to_bytes(), deadline)
    }

    /// The channel below.
    #[must_use]
    pub fn channel(&self) -> &Channel {
        &self.channel
    }

    /// The same, to end it.
    pub fn channel_mut(&mut self) -> &mut Channel {
        &mut self.channel
    }

    fn send_headers(&mut self, stream: u32, fields: &[Field], last: bool, deadline: Deadline) {
        let block = encode(fields);
        let mut pieces = block.chunks(FRAME_LIMIT).peekable();
        let first = pieces.next().unwrap_or_default();
        let whole = |more: bool| if more { 0 } else { flag::END_HEADERS };
        let ending = if last { flag::END_STREAM } else { 0 };
        let mut bytes = Frame::new(
            kind::HEADERS,
            ending | whole(pieces.peek().is_some()),
            stream,
            first,
        )
        .to_bytes();
        while let Some(piece) = pieces.next() {
            let flags = whole(pieces.peek().is_some());
            bytes.extend(Frame::new(kind::CONTINUATION, flags, stream, piece).to_bytes());
        }
        // A failed write is not the end: what explains it may be waiting to be read.
        self.channel.write(&bytes, deadline);
    }

    /// The next frame.
    fn frame(&mut self, deadline: Deadline) -> Result<Frame, End> {
        loop {
            let rest = self.buffer.get(self.used..).unwrap_or_default();
            // The server's first frame is SETTINGS (RFC 9113 section 3.4); an HTTP/1 answer would read as a huge frame.
            if !self.greeted
                && rest
                    .get(3)
                    .is_some_and(|first| *first != kind::SETTINGS && *first != kind::GOAWAY)
            {
                return Err(End::NotHttp2(
                    rest.get(..rest.len().min(64)).unwrap_or_default().to_vec(),
                ));
            }
            if let Some(head) = rest.first_chunk::<HEADER>()
                && payload_length(head) > FRAME_LIMIT
            {
                return Err(End::Malformed(format!(
                    "a frame of {} bytes",
                    payload_length(head)
                )));
            }
            if let Some((frame, whole)) = Frame::parse(rest) {
                self.used += whole;
                self.greeted = true;
                self.frames += 1;
                return if self.frames > FRAMES_LIMIT {
                    Err(End::Limit)
                } else {
                    Ok(frame)
                };
            }
            self.buffer.drain(..self.used);
            self.used = 0;
            let mut piece = [0; 16 * 1024];
            match self.channel.read(&mut piece, deadline) {
                Received::Data(count) => self
                    .buffer
                    .extend_from_slice(piece.get(..count).unwrap_or_default()),
                end @ (Received::Alert(_)
                | Received::CloseNotify
                | Received::Eof
                | Received::Garbled(_)
                | Received::Reset
                | Received::Timeout) => return Err(End::Connection(end)),
            }
        }
    }

    /// Acts on a frame; the end of `stream`, if it is one.
    fn take(&mut self, frame: &Frame, stream: u32, reply: &mut Reply, deadline: Deadline) -> Option<End> {
        match frame.kind {
            kind::SETTINGS if !frame.has(flag::ACK) => {
                for setting in frame.payload.as_chunks::<6>().0 {
                    if let [0, 4, value @ ..] = *setting {
                        let window = i64::from(u32::from_be_bytes(value));
                        self.stream_window += window - self.first_window;
                        self.first_window = window;
                    }
                }
                self.send(&Frame::new(kind::SETTINGS, flag::ACK, 0, []), deadline);
                None
            }
            kind::PING if !frame.has(flag::ACK) => {
                self.send(
                    &Frame::new(kind::PING, flag::ACK, 0, frame.payload.clone()),
                    deadline,
                );
                None
            }
            kind::WINDOW_UPDATE => {
                let credit = i64::from(code(&frame.payload, 0) & 0x7FFF_FFFF);
                if frame.stream == 0 {
                    self.connection_window = self.connection_window.saturating_add(credit);
                } else if frame.stream == stream {
                    self.stream_window = self.stream_window.saturating_add(credit);
                }
                None
            }
            // A graceful GOAWAY names the last stream that will still be answered.
            kind::GOAWAY
                if code(&frame.payload, 0) & 0x7FFF_FFFF < stream || code(&frame.payload, 4) != 0 =>
            {
                Some(End::GoAway(code(&frame.payload, 4)))
            }
            kind::RST_STREAM if frame.stream == stream => Some(End::Reset(code(&frame.payload, 0))),
            kind::PUSH_PROMISE => Some(End::Malformed("a push, which we switched off".to_owned())),
            kind::HEADERS => self.headers(frame, stream, reply, deadline),
            kind::DATA if frame.stream == stream => {
                let Some(content) = frame.content() else {
                    return Some(End::Malformed("broken padding".to_owned()));
                };
                let room = self.limits.body.saturating_sub(reply.body.len());
                reply
                    .body
                    .extend_from_slice(content.get(..room.min(content.len())).unwrap_or_default());
                if content.len() > room {
                    return Some(End::Limit);
                }
                frame.has(flag::END_STREAM).then_some(End::Complete)
            }
            // Frames of other streams, answers to ours, and unknown types (RFC 9113 section 5.5).
            _ => None,
        }
    }

    /// Joins a header block with its continuations, and decodes it even for another stream: the table is shared.
    fn headers(&mut self, frame: &Frame, stream: u32, reply: &mut Reply, deadline: Deadline) -> Option<End> {
        let Some(content) = frame.content() else {
            return Some(End::Malformed("broken padding".to_owned()));
        };
        let mut block = content.to_vec();
        let mut whole = frame.has(flag::END_HEADERS);
        while !whole {
            // A flood of continuations (CVE-2024-24549, CVE-2023-45288) ends at the limit.
            if block.len() > self.limits.head {
                return Some(End::Limit);
            }
            match self.frame(deadline) {
                Ok(more) if more.kind == kind::CONTINUATION && more.stream == frame.stream => {
                    block.extend_from_slice(&more.payload);
                    whole = more.has(flag::END_HEADERS);
                }
                Ok(_) => {
                    return Some(End::Malformed(
                        "a header block that another frame interrupts".to_owned(),
                    ));
                }
                Err(end) => return Some(end),
            }
        }
        let fields = match self.decoder.decode(&block, self.limits.head) {
            Ok(fields) => fields,
            Err(DecodeError::TooLarge) => return Some(End::Limit),
            Err(error) => return Some(End::Malformed(error.to_string())),
        };
        if frame.stream != stream {
            return None;
        }
        let status = fields
            .iter()
            .find(|(name, _)| name == b":status")
            .and_then(|(_, value)| status(value));
        if reply.status.is_some() {
            reply.trailers = fields;
        } else if status.is_some_and(|status| status < 200) {
            reply.interim += 1;
            return (reply.interim > self.limits.interim).then_some(End::Limit);
        } else if status.is_none() {
            return Some(End::Malformed("a header list without :status".to_owned()));
        } else {
            reply.status = status;
            reply.fields = fields;
        }
        frame.has(flag::END_STREAM).then_some(End::Complete)
    }
}

/// Three digits, as RFC 9110 section 15 has them.
fn status(value: &[u8]) -> Option<u16> {
    let digits = value.len() == 3 && value.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(value).ok().filter(|_| digits)?.parse().ok()
}

/// The 32-bit number at `at`; zero if the payload is too short.
fn code(payload: &[u8], at: usize) -> u32 {
    payload
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .map_or(0, |bytes| u32::from_be_bytes(*bytes))
}
