//! Cuts the bytes from proxy to app into requests, as a lenient HTTP/1 reader would (RFC 9112).
//!
//! It only decides where one record ends and the next begins; every byte goes into exactly one piece, in order. Bytes
//! that are no HTTP/1 become the body of the request before them. Work is linear, memory is one head.

use super::Framing;
use super::store::HEAD_LIMIT;
use super::uwsgi::Packets;

/// A part of a request, in the order of the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A request begins.
    Begin,
    /// Bytes of its head, the empty line included.
    Head(&'a [u8]),
    /// Bytes after its head.
    Body(&'a [u8]),
    /// The request is complete.
    End,
}

/// Where in a request the next byte stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before the first byte of a request.
    Between,
    /// In a head. `blank`: nothing but a CR since the last line feed; `begun`: a line that is not empty was seen.
    Head { blank: bool, begun: bool },
    /// In a body of known length.
    Length(u64),
    /// In the line that gives a chunk's size. `digits`: still in the number, before any extension.
    ChunkSize { size: u64, digits: bool, any: bool },
    /// In a chunk's data and the line end after it.
    ChunkData(u64),
    /// In the trailer section, which ends with an empty line.
    Trailers { blank: bool },
    /// The rest of the connection is one body.
    Raw,
}

/// What follows a head.
enum Follows {
    Nothing,
    Length(u64),
    Chunks,
    Everything,
}

/// The splitter of one connection.
#[derive(Debug)]
pub(super) struct Splitter {
    /// Where the connection is not HTTP at all.
    packets: Option<Packets>,
    state: State,
    head: Vec<u8>,
    /// The last head asked for an upgrade, so a 101 makes the rest raw.
    upgrade: bool,
}

impl Splitter {
    pub(super) fn new(framing: Framing) -> Self {
        Self {
            packets: match framing {
                Framing::Http => None,
                Framing::Uwsgi => Some(Packets::default()),
            },
            state: State::Between,
            head: Vec::new(),
            upgrade: false,
        }
    }

    /// Cuts the next bytes. `switched`: the app has answered 101, so after an upgrade request the rest is no HTTP/1.
    pub(super) fn feed(&mut self, bytes: &[u8], switched: bool, sink: &mut dyn FnMut(Piece<'_>)) {
        if let Some(packets) = &mut self.packets {
            packets.feed(bytes, sink);
            return;
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.state == State::Between {
                if self.upgrade && switched {
                    self.state = State::Raw;
                } else {
                    sink(Piece::End);
                    sink(Piece::Begin);
                    self.head.clear();
                    self.upgrade = false;
                    self.state = State::Head {
                        blank: true,
                        begun: false,
                    };
                }
            }
            let in_head = matches!(self.state, State::Head { .. });
            let (taken, next) = self.step(rest);
            let (piece, after) = rest.split_at_checked(taken).unwrap_or((rest, &[]));
            rest = after;
            if in_head {
                let room = HEAD_LIMIT - self.head.len().min(HEAD_LIMIT);
                self.head
                    .extend_from_slice(piece.get(..piece.len().min(room)).unwrap_or_default());
                sink(Piece::Head(piece));
            } else {
                sink(Piece::Body(piece));
            }
            self.state = match next {
                Some(state) => state,
                None if in_head => self.after_head(),
                None => State::Between,
            };
            // With an upgrade pending, raw bytes still belong to this request.
            if self.state == State::Between && !self.upgrade {
                sink(Piece::End);
            }
        }
    }

    /// How many of the bytes belong to the present state, and the state after them; `None` at the end of a part.
    fn step(&self, bytes: &[u8]) -> (usize, Option<State>) {
        match self.state {
            State::Between => (0, Some(State::Between)),
            State::Raw => (bytes.len(), Some(State::Raw)),
            State::Head { blank, begun } => head(bytes, blank, begun),
            State::Length(left) => {
                let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                let left = left - u64::try_from(taken).unwrap_or(left);
                (taken, (left > 0).then_some(State::Length(left)))
            }
            State::ChunkSize { size, digits, any } => chunk_size(bytes, size, digits, any),
            State::ChunkData(left) => {
                let taken = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
                let left = left - u64::try_from(taken).unwrap_or(left);
                let next = if left > 0 {
                    State::ChunkData(left)
                } else {
                    FIRST_SIZE
                };
                (taken, Some(next))
            }
            State::Trailers { blank } => {
                let mut blank = blank;
                for (index, byte) in bytes.iter().enumerate() {
                    match byte {
                        b'\n' if blank => return (index + 1, None),
                        b'\n' => blank = true,
                        b'\r' => {}
                        _ => blank = false,
                    }
                }
                (bytes.len(), Some(State::Trailers { blank }))
            }
        }
    }

    fn after_head(&mut self) -> State {
        let (follows, upgrade) = follows(&self.head);
        self.upgrade = upgrade;
        match follows {
            Follows::Nothing | Follows::Length(0) => State::Between,
            Follows::Length(length) => State::Length(length),
            Follows::Chunks => FIRST_SIZE,
            Follows::Everything => State::Raw,
        }
    }
}

const FIRST_SIZE: State = State::ChunkSize {
    size: 0,
    digits: true,
    any: false,
};

fn head(bytes: &[u8], mut blank: bool, mut begun: bool) -> (usize, Option<State>) {
    for (index, byte) in bytes.iter().enumerate() {
        match byte {
            // Empty lines before the request line are skipped by servers (RFC 9112 section 2.2), so they end nothing.
            b'\n' if blank && begun => return (index + 1, None),
            b'\n' => blank = true,
            b'\r' => {}
            _ => (blank, begun) = (false, true),
        }
    }
    (bytes.len(), Some(State::Head { blank, begun }))
}

fn chunk_size(bytes: &[u8], mut size: u64, mut digits: bool, mut any: bool) -> (usize, Option<State>) {
    for (index, byte) in bytes.iter().enumerate() {
        let digit = char::from(*byte).to_digit(16).filter(|_| digits);
        match (byte, digit) {
            (b'\n', _) if !any => return (bytes.len(), Some(State::Raw)),
            (b'\n', _) if size == 0 => return (index + 1, Some(State::Trailers { blank: true })),
            // The data's own line end is counted in; a bare LF there would shift the framing, and is recorded all the same.
            (b'\n', _) => return (index + 1, Some(State::ChunkData(size.saturating_add(2)))),
            (_, Some(digit)) => {
                let Some(grown) = size.checked_mul(16) else {
                    return (bytes.len(), Some(State::Raw));
                };
                (size, any) = (grown + u64::from(digit), true);
            }
            (_, None) => digits = false,
        }
    }
    (bytes.len(), Some(State::ChunkSize { size, digits, any }))
}

/// Reads of a head only what decides where the request ends. `Transfer-Encoding` wins over `Content-Length` (RFC 9112
/// section 6.3); of several lengths the first is taken.
fn follows(head: &[u8]) -> (Follows, bool) {
    let mut lines = head
        .split(|byte| *byte == b'\n')
        .skip_while(|line| line.trim_ascii().is_empty());
    let request_line = lines.next().unwrap_or_default();
    if request_line.starts_with(b"PRI * HTTP/2.0") || request_line.starts_with(b"CONNECT ") {
        return (Follows::Everything, false);
    }
    let (mut length, mut chunked, mut upgrade) = (None, false, false);
    for line in lines {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (name, value) = line.split_at_checked(colon).unwrap_or_default();
        let value = value.get(1..).unwrap_or_default().trim_ascii();
        let name = name.trim_ascii();
        if name.eq_ignore_ascii_case(b"content-length") {
            let parsed = std::str::from_utf8(value)
                .ok()
                .and_then(|text| text.parse::<u64>().ok());
            length = length.or(parsed);
        } else if name.eq_ignore_ascii_case(b"transfer-encoding") {
            chunked |= value
                .to_ascii_lowercase()
                .windows(7)
                .any(|word| word == b"chunked");
        } else if name.eq_ignore_ascii_case(b"upgrade") {
            upgrade = true;
        }
    }
    let follows = match (chunked, length) {
        (true, _) => Follows::Chunks,
        (false, Some(length)) => Follows::Length(length),
        (false, None) => Follows::Nothing,
    };
    (follows, upgrade)
}
