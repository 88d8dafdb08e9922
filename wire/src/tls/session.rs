//! A TLS connection after (and under) its handshake: application bytes out and in, and how it ended.
//!
//! In TLS 1.3 the server judges our certificate after our handshake is done, so its refusal arrives here, as the first
//! thing read: see [`TlsSession::short_read`]. Next: [`crate::channel`].

use std::io::{ErrorKind, Read, Write};
use std::sync::Arc;
use std::time::Duration;

use rustls::{ClientConnection, Error};

use super::ticket::{Jar, Ticket};
use crate::deadline::Deadline;
use crate::transport::{Received, Record, Sent, Stream};

/// How many plaintext bytes are encrypted before the kernel gets them: one full record.
const WRITE_PIECE: usize = 16 * 1024;

/// A TLS connection whose handshake is done.
#[derive(Debug)]
pub struct TlsSession {
    connection: ClientConnection,
    stream: Stream,
    jar: Arc<Jar>,
    /// Set once nothing more can be read; what the last read will say for ever.
    ended: Option<Received>,
    /// The library's error behind `ended`, if there is one.
    fault: Option<Error>,
    /// Set once a write came short: the record stream is broken from there on.
    stuck: Option<Sent>,
    /// Splits the records of the first flight, then is gone.
    hello_fragment: Option<usize>,
}

impl TlsSession {
    pub(super) fn new(
        connection: ClientConnection,
        stream: Stream,
        jar: Arc<Jar>,
        hello_fragment: Option<usize>,
    ) -> Self {
        Self {
            connection,
            stream,
            jar,
            ended: None,
            fault: None,
            stuck: None,
            hello_fragment,
        }
    }

    /// Reads application bytes. An alert, an end or garbage is final: every later call repeats it.
    pub fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> Received {
        loop {
            match self.connection.reader().read(buffer) {
                Ok(0) if !buffer.is_empty() => return Received::CloseNotify,
                Ok(count) => return Received::Data(count),
                // Nothing decrypted is waiting, or the end came without close_notify: `ended` knows which.
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                Err(_) => return self.ended.clone().unwrap_or(Received::Eof),
            }
            if let Some(end) = &self.ended {
                return end.clone();
            }
            if let Some(timeout) = self.pull(deadline) {
                return timeout;
            }
        }
    }

    /// Waits up to `wait` for what the server says unasked, and takes nothing out: the alert by which a TLS 1.3 server
    /// refuses a certificate, an end, or application bytes. `None` if it keeps silent, which is what a willing one does.
    ///
    /// Without this read the alert can be lost: a request written to a server that has already closed draws a reset.
    pub fn short_read(&mut self, wait: Duration) -> Option<Received> {
        let deadline = Deadline::after(wait);
        loop {
            if let Some(end) = &self.ended {
                return Some(end.clone());
            }
            if let Ok(state) = self.connection.process_new_packets() {
                if state.plaintext_bytes_to_read() > 0 {
                    return Some(Received::Data(state.plaintext_bytes_to_read()));
                }
                if state.peer_has_closed() {
                    return Some(Received::CloseNotify);
                }
            }
            if self.pull(deadline).is_some() {
                return None;
            }
        }
    }

    /// Writes application bytes.
    pub fn write(&mut self, bytes: &[u8], deadline: Deadline) -> Sent {
        let mut written = 0;
        for piece in bytes.chunks(WRITE_PIECE) {
            if let Some(stuck) = &self.stuck {
                return at(stuck, written);
            }
            if self.connection.writer().write_all(piece).is_err() {
                return Sent::Closed { written };
            }
            match self.flush(deadline) {
                Sent::All => written += piece.len(),
                short @ (Sent::Closed { .. } | Sent::Timeout { .. }) => return at(&short, written),
            }
        }
        Sent::All
    }

    /// Says close_notify and closes our direction. How it went is no news any more.
    pub fn close(&mut self, deadline: Deadline) {
        self.connection.send_close_notify();
        self.flush(deadline);
        self.stream.finish_writing();
    }

    /// How the reading side ended, if it has.
    #[must_use]
    pub fn read_outcome(&self) -> Option<&Received> {
        self.ended.as_ref()
    }

    /// The tickets received so far, oldest first. TLS 1.3 servers send them after the handshake, so that they are known
    /// only once something was read.
    #[must_use]
    pub fn tickets(&self) -> Vec<Ticket> {
        self.jar.received()
    }

    /// The ticket received last.
    #[must_use]
    pub fn ticket(&self) -> Option<Ticket> {
        self.jar.received().pop()
    }

    /// The bytes on the wire, encrypted.
    #[must_use]
    pub fn record(&self) -> &Record {
        self.stream.record()
    }

    pub(super) fn connection(&self) -> &ClientConnection {
        &self.connection
    }

    pub(super) fn fault(&self) -> Option<&Error> {
        self.fault.as_ref()
    }

    /// Sends what the library has ready.
    pub(super) fn flush(&mut self, deadline: Deadline) -> Sent {
        let mut ready = Vec::new();
        while self.connection.wants_write() {
            // Writing to a vector cannot fail; no progress would mean a loop.
            if self.connection.write_tls(&mut ready).unwrap_or(0) == 0 {
                break;
            }
        }
        if ready.is_empty() {
            return self.stuck.clone().unwrap_or(Sent::All);
        }
        if let Some(size) = self.hello_fragment.take() {
            ready = split_handshake_records(&ready, size);
        }
        if let Some(stuck) = &self.stuck {
            return stuck.clone();
        }
        let sent = self.stream.write(&ready, deadline);
        if sent != Sent::All {
            self.stuck = Some(sent.clone());
        }
        sent
    }

    /// Reads once from the socket into the library. `Some(Timeout)` if nothing came; an end lands in `ended`.
    pub(super) fn pull(&mut self, deadline: Deadline) -> Option<Received> {
        let mut buffer = [0; 16 * 1024];
        let count = match self.stream.read(&mut buffer, deadline) {
            Received::Data(count) => count,
            Received::Timeout => return Some(Received::Timeout),
            end @ (Received::Alert(_)
            | Received::CloseNotify
            | Received::Eof
            | Received::Garbled(_)
            | Received::Reset) => {
                let closed = self
                    .connection
                    .process_new_packets()
                    .is_ok_and(|state| state.peer_has_closed());
                self.ended = Some(if closed { Received::CloseNotify } else { end });
                return None;
            }
        };
        let mut rest = buffer.get(..count).unwrap_or_default();
        while !rest.is_empty() && self.ended.is_none() {
            // An error here means that the library's buffer is full of something that it cannot use.
            let taken = self.connection.read_tls(&mut rest);
            if let Err(error) = self.connection.process_new_packets() {
                self.ended = Some(if let Error::AlertReceived(alert) = &error {
                    Received::Alert(u8::from(*alert))
                } else {
                    Received::Garbled(error.to_string())
                });
                self.fault = Some(error);
            } else if taken.is_err() || taken.is_ok_and(|taken| taken == 0) {
                // After close_notify the library takes nothing more.
                break;
            }
        }
        // Our own alert, or the answer to a key update. If it fails, the next read will say why.
        self.flush(deadline);
        None
    }
}

/// `short` as seen from the caller's plaintext, of which `written` bytes went through.
fn at(short: &Sent, written: usize) -> Sent {
    match short {
        Sent::Timeout { .. } => Sent::Timeout { written },
        Sent::All | Sent::Closed { .. } => Sent::Closed { written },
    }
}

/// Cuts the payload of the leading handshake records into records of at most `size` bytes. The handshake transcript does
/// not see record boundaries (RFC 8446 section 5.1), so the handshake goes on as if nothing had happened.
fn split_handshake_records(flight: &[u8], size: usize) -> Vec<u8> {
    let mut split = Vec::with_capacity(flight.len() * 2);
    let mut rest = flight;
    while let [22, major, minor, high, low, tail @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let Some((payload, after)) = tail.split_at_checked(length) else {
            break;
        };
        for piece in payload.chunks(size.max(1)) {
            // A piece of a record is no longer than the record, whose length is 16 bits.
            let length = u16::try_from(piece.len()).unwrap_or(u16::MAX).to_be_bytes();
            split.extend_from_slice(&[22, *major, *minor]);
            split.extend_from_slice(&length);
            split.extend_from_slice(piece);
        }
        rest = after;
    }
    split.extend_from_slice(rest);
    split
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_handshake_records_are_split() {
        let flight = [22, 3, 1, 0, 3, 1, 2, 3, 20, 3, 3, 0, 1, 1];
        let split = split_handshake_records(&flight, 2);
        assert_eq!(
            split,
            [22, 3, 1, 0, 2, 1, 2, 22, 3, 1, 0, 1, 3, 20, 3, 3, 0, 1, 1]
        );
        assert_eq!(split_handshake_records(&flight, 99), flight);
    }
}
