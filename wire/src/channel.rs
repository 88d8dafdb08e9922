//! Bytes to and from a server, in the clear or under TLS, and the order of reads and writes that loses no late alert.
//!
//! Both HTTP modules speak through a [`Channel`] and so over any transport. Next: [`crate::http1`].

use std::time::Duration;

use crate::deadline::Deadline;
use crate::tls::rogue::RogueSession;
use crate::tls::session::TlsSession;
use crate::transport::{Received, Record, Sent, Stream};

/// A connection that carries application bytes.
#[derive(Debug)]
pub enum Channel {
    /// Plain TCP or a unix socket.
    Plain(Stream),
    /// TLS over either, by the client that can send a wrong handshake.
    Rogue(Box<RogueSession>),
    /// TLS over either.
    Tls(Box<TlsSession>),
}

impl Channel {
    /// Reads once.
    pub fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> Received {
        match self {
            Self::Plain(stream) => stream.read(buffer, deadline),
            Self::Rogue(session) => session.read(buffer, deadline),
            Self::Tls(session) => session.read(buffer, deadline),
        }
    }

    /// Writes everything.
    pub fn write(&mut self, bytes: &[u8], deadline: Deadline) -> Sent {
        match self {
            Self::Plain(stream) => stream.write(bytes, deadline),
            Self::Rogue(session) => session.write(bytes, deadline),
            Self::Tls(session) => session.write(bytes, deadline),
        }
    }

    /// Writes `request` so that the server's refusal of a certificate can still be read afterwards.
    ///
    /// A TLS 1.3 server judges the client's certificate after the client's handshake is over. A request written at once
    /// meets a closed socket: the write fails or draws a reset, and the alert is lost. A read first would wait for ever
    /// on servers that refuse with an HTTP answer. So: a short read of `late_alert_wait` (zero for none), then the
    /// request, and then the caller reads in any case, *also when the write failed*.
    pub fn send(&mut self, request: &[u8], late_alert_wait: Duration, deadline: Deadline) -> Delivery {
        let wait = deadline
            .remaining()
            .map_or(Duration::ZERO, |left| left.min(late_alert_wait));
        let early = match self {
            Self::Rogue(session) if !wait.is_zero() => session.short_read(wait),
            Self::Tls(session) if !wait.is_zero() => session.short_read(wait),
            Self::Plain(_) | Self::Rogue(_) | Self::Tls(_) => None,
        };
        Delivery {
            early,
            sent: self.write(request, deadline),
        }
    }

    /// Ends our direction politely. How it went is no news any more.
    pub fn close(&mut self, deadline: Deadline) {
        match self {
            Self::Plain(stream) => stream.finish_writing(),
            Self::Rogue(session) => session.close(deadline),
            Self::Tls(session) => session.close(deadline),
        }
    }

    /// Ends our direction politely and reads on until the other one has ended too, `wait` at most.
    ///
    /// Servers on OpenSSL forget the session of a connection that broke off without close_notify
    /// (`ssl_clear_bad_session`): who wants to resume it later must part like this, as every careful client does.
    pub fn part(&mut self, wait: Duration) {
        let deadline = Deadline::after(wait);
        self.close(deadline);
        let mut rest = [0; 4096];
        while let Received::Data(_) = self.read(&mut rest, deadline) {}
    }

    /// The session of the rogue client, if there is one.
    #[must_use]
    pub fn rogue(&self) -> Option<&RogueSession> {
        match self {
            Self::Rogue(session) => Some(session),
            Self::Plain(_) | Self::Tls(_) => None,
        }
    }

    /// The same, to renegotiate or to present a certificate between two requests.
    pub fn rogue_mut(&mut self) -> Option<&mut RogueSession> {
        match self {
            Self::Rogue(session) => Some(session),
            Self::Plain(_) | Self::Tls(_) => None,
        }
    }

    /// The TLS session, if there is one of the honest client's kind.
    #[must_use]
    pub fn tls(&self) -> Option<&TlsSession> {
        match self {
            Self::Plain(_) | Self::Rogue(_) => None,
            Self::Tls(session) => Some(session),
        }
    }

    /// The bytes on the wire.
    #[must_use]
    pub fn record(&self) -> &Record {
        match self {
            Self::Plain(stream) => stream.record(),
            Self::Rogue(session) => session.record(),
            Self::Tls(session) => session.record(),
        }
    }
}

impl From<Stream> for Channel {
    fn from(stream: Stream) -> Self {
        Self::Plain(stream)
    }
}

impl From<RogueSession> for Channel {
    fn from(session: RogueSession) -> Self {
        Self::Rogue(Box::new(session))
    }
}

impl From<TlsSession> for Channel {
    fn from(session: TlsSession) -> Self {
        Self::Tls(Box::new(session))
    }
}

/// How a request went out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// What the server said before the request was written; `None` if it kept silent or nobody listened.
    pub early: Option<Received>,
    /// How far the write came. Only reading tells what the server made of it.
    pub sent: Sent,
}
