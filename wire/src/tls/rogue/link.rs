//! Records and handshake messages over a stream, in both directions, bounded and with deadlines.
//!
//! It knows no state machine: what a message means here and now is said by the handshakes.

use super::guard::Guard;
use crate::deadline::Deadline;
use crate::transport::{Received, Record, Sent, Stream};

/// The largest payload of a record: 2^14 and the expansion that RFC 5246 section 6.2.3 allows.
const RECORD_LIMIT: usize = 16_384 + 2048;
/// How much is sent in one record.
const PIECE: usize = 16_384;
/// How long one handshake message may be.
const MESSAGE_LIMIT: usize = 256 * 1024;
/// How many records without news (warnings, empty ones, ChangeCipherSpec) are put up with.
const IDLE_LIMIT: usize = 64;
/// How much application data may come in the middle of a renegotiation.
const PLAINTEXT_LIMIT: usize = 1024 * 1024;

pub(super) const CHANGE_CIPHER_SPEC: u8 = 20;
pub(in crate::tls) const ALERT: u8 = 21;
pub(in crate::tls) const HANDSHAKE: u8 = 22;
pub(super) const APPLICATION_DATA: u8 = 23;

/// The alert by which a peer declines to renegotiate (RFC 5246 section 7.2.2); always a warning.
pub(super) const NO_RENEGOTIATION: u8 = 100;

/// What came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Event {
    /// Application bytes.
    Data(Vec<u8>),
    /// A handshake message, head included.
    Message(Message),
    /// A warning that ends nothing; its number.
    Warning(u8),
}

/// A handshake message, as it counts in the transcript.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) bytes: Vec<u8>,
}

impl Message {
    pub(super) fn kind(&self) -> u8 {
        self.bytes.first().copied().unwrap_or_default()
    }

    pub(super) fn body(&self) -> &[u8] {
        self.bytes.get(4..).unwrap_or_default()
    }
}

/// Both directions of one connection.
#[derive(Debug)]
pub(super) struct Link {
    stream: Stream,
    raw: Vec<u8>,
    handshake: Vec<u8>,
    pub(super) reader: Option<Guard>,
    pub(super) writer: Option<Guard>,
    /// What the server's ChangeCipherSpec will turn on.
    pub(super) pending: Option<Guard>,
    /// Application bytes that came before anybody asked.
    pub(super) plaintext: Vec<u8>,
    /// In TLS 1.3 ChangeCipherSpec means nothing, and every alert is an end.
    pub(super) tls13: bool,
    ended: Option<Received>,
    stuck: Option<Sent>,
}

impl Link {
    pub(super) fn new(stream: Stream) -> Self {
        Self {
            stream,
            raw: Vec::new(),
            handshake: Vec::new(),
            reader: None,
            writer: None,
            pending: None,
            plaintext: Vec::new(),
            tls13: false,
            ended: None,
            stuck: None,
        }
    }

    pub(super) fn record(&self) -> &Record {
        self.stream.record()
    }

    /// What every further read will say, once there is such a thing.
    pub(super) fn ended(&self) -> Option<&Received> {
        self.ended.as_ref()
    }

    pub(super) fn finish_writing(&mut self) {
        self.stream.finish_writing();
    }

    /// Sends bytes as they are, such as a hello with its record headers.
    pub(super) fn send_raw(&mut self, bytes: &[u8], deadline: Deadline) -> Sent {
        if let Some(stuck) = &self.stuck {
            return stuck.clone();
        }
        let sent = self.stream.write(bytes, deadline);
        if sent != Sent::All {
            // Half a record may be out: nothing that follows could be read.
            self.stuck = Some(sent.clone());
        }
        sent
    }

    /// Sends `payload` in records of type `kind`, under the current keys.
    pub(super) fn send(&mut self, kind: u8, payload: &[u8], deadline: Deadline) -> Sent {
        let mut records = Vec::with_capacity(payload.len() + 64);
        for piece in payload.chunks(PIECE) {
            match seal(self.writer.as_mut(), kind, piece) {
                Some(record) => records.extend(record),
                None => return Sent::Closed { written: 0 },
            }
        }
        self.send_raw(&records, deadline)
    }

    /// The next thing that comes. Timeout is no end; everything else in `Err` is final and repeated for ever.
    pub(super) fn event(&mut self, deadline: Deadline) -> Result<Event, Received> {
        let mut idle = 0;
        while idle < IDLE_LIMIT {
            if let Some(message) = self.message()? {
                return Ok(Event::Message(message));
            }
            let (kind, payload) = self.next_record(deadline)?;
            match kind {
                // A part of a message is news, however small: messages have a limit of their own.
                HANDSHAKE if !payload.is_empty() => {
                    self.handshake.extend(payload);
                    continue;
                }
                CHANGE_CIPHER_SPEC => {
                    if let Some(guard) = self.pending.take() {
                        self.reader = Some(guard);
                    } else if !self.tls13 {
                        return Err(self.end(garbled("ChangeCipherSpec out of order")));
                    }
                }
                ALERT => match self.alert(&payload) {
                    Ok(number) => return Ok(Event::Warning(number)),
                    Err(end) => return Err(self.end(end)),
                },
                HANDSHAKE | APPLICATION_DATA if payload.is_empty() => {}
                APPLICATION_DATA => return Ok(Event::Data(payload)),
                other => return Err(self.end(garbled(&format!("record of type {other}")))),
            }
            idle += 1;
        }
        Err(self.end(garbled("too many records without news")))
    }

    /// The next handshake message. `Err(Alert(100))` is no end: the peer only does not renegotiate.
    pub(super) fn handshake_message(&mut self, deadline: Deadline) -> Result<Message, Received> {
        for _ in 0..IDLE_LIMIT {
            match self.event(deadline)? {
                Event::Message(message) => return Ok(message),
                Event::Warning(NO_RENEGOTIATION) => return Err(Received::Alert(NO_RENEGOTIATION)),
                Event::Warning(_) => {}
                // In a renegotiation the old session's data may still come (RFC 5246 section 7.4.1.1).
                Event::Data(data)
                    if self.writer.is_some()
                        && !self.tls13
                        && self.plaintext.len() + data.len() <= PLAINTEXT_LIMIT =>
                {
                    self.plaintext.extend(data);
                }
                Event::Data(_) => return Err(self.end(garbled("application data in the handshake"))),
            }
        }
        Err(self.end(garbled("too many records without news")))
    }

    /// A whole message off the front of what came.
    fn message(&mut self) -> Result<Option<Message>, Received> {
        let [_, high, middle, low, ..] = self.handshake.as_slice() else {
            return Ok(None);
        };
        let length = usize::from(*high) << 16 | usize::from(*middle) << 8 | usize::from(*low);
        if length > MESSAGE_LIMIT {
            return Err(self.end(garbled("a handshake message that is too long")));
        }
        if self.handshake.len() < 4 + length {
            return Ok(None);
        }
        let rest = self.handshake.split_off(4 + length);
        let bytes = std::mem::replace(&mut self.handshake, rest);
        Ok(Some(Message { bytes }))
    }

    /// The next record, opened.
    fn next_record(&mut self, deadline: Deadline) -> Result<(u8, Vec<u8>), Received> {
        loop {
            if let Some(end) = &self.ended {
                return Err(end.clone());
            }
            if let [kind, _, _, high, low, ..] = self.raw.as_slice() {
                let (kind, length) = (*kind, usize::from(u16::from_be_bytes([*high, *low])));
                if !(CHANGE_CIPHER_SPEC..=APPLICATION_DATA).contains(&kind) || length > RECORD_LIMIT {
                    return Err(self.end(garbled("not a TLS record")));
                }
                if self.raw.len() >= 5 + length {
                    let rest = self.raw.split_off(5 + length);
                    let record = std::mem::replace(&mut self.raw, rest);
                    let payload = record.get(5..).unwrap_or_default();
                    return match self.open(kind, payload) {
                        Some(opened) => Ok(opened),
                        None => Err(self.end(garbled("a record that does not decrypt"))),
                    };
                }
            }
            let mut buffer = [0; 16 * 1024];
            match self.stream.read(&mut buffer, deadline) {
                Received::Data(count) => self
                    .raw
                    .extend_from_slice(buffer.get(..count).unwrap_or_default()),
                Received::Timeout => return Err(Received::Timeout),
                end @ (Received::Alert(_)
                | Received::CloseNotify
                | Received::Eof
                | Received::Garbled(_)
                | Received::Reset) => return Err(self.end(end)),
            }
        }
    }

    fn open(&mut self, kind: u8, payload: &[u8]) -> Option<(u8, Vec<u8>)> {
        match &mut self.reader {
            // In TLS 1.3 ChangeCipherSpec is never protected, and a server that has no keys for us says its alert in the clear.
            Some(guard) if guard.hides_type() && kind != APPLICATION_DATA => {
                (kind != HANDSHAKE).then(|| (kind, payload.to_vec()))
            }
            Some(guard) => guard.open(kind, payload),
            None => Some((kind, payload.to_vec())),
        }
    }

    /// The number of a warning, or as `Err` the end that the alert is.
    fn alert(&self, payload: &[u8]) -> Result<u8, Received> {
        match payload {
            [_, 0] => Err(Received::CloseNotify),
            [1, number] if !self.tls13 => Ok(*number),
            [_, number] => Err(Received::Alert(*number)),
            _ => Err(garbled("a malformed alert")),
        }
    }

    /// Notes that nothing more will come.
    pub(super) fn end(&mut self, end: Received) -> Received {
        self.ended.get_or_insert(end).clone()
    }
}

/// A record of type `kind`, protected if there are keys.
pub(super) fn seal(guard: Option<&mut Guard>, kind: u8, piece: &[u8]) -> Option<Vec<u8>> {
    match guard {
        Some(guard) => guard.seal(kind, piece),
        None => {
            let length = u16::try_from(piece.len()).ok()?.to_be_bytes();
            Some([&[kind, 3, 3][..], &length, piece].concat())
        }
    }
}

fn garbled(what: &str) -> Received {
    Received::Garbled(what.to_owned())
}
