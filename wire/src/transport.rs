//! A connected socket that says what happened instead of failing, records what passed, and can send in small segments.
//!
//! It must not interpret the bytes. Next: [`crate::tls`] or [`crate::channel`].

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::address::Address;
use crate::deadline::Deadline;

/// How many bytes a direction keeps in its [`Record`].
pub const RECORD_LIMIT: usize = 64 * 1024;

/// Connects to `address`.
///
/// # Errors
/// Nobody accepted the connection before the deadline; the failure says how.
pub fn connect(address: &Address, deadline: Deadline) -> Result<Stream, ConnectFailure> {
    let left = deadline.remaining().ok_or(ConnectFailure::Timeout)?;
    let socket = match address {
        Address::Tcp(at) => {
            let socket = TcpStream::connect_timeout(at, left).map_err(ConnectFailure::from)?;
            // Without it the kernel would join the small segments that an attempt asked for.
            socket.set_nodelay(true).map_err(ConnectFailure::from)?;
            Socket::Tcp(socket)
        }
        Address::Unix(path) => Socket::Unix(connect_unix(path, left)?),
    };
    Ok(Stream::new(socket))
}

/// The standard library has no timeout for unix sockets, and connect(2) blocks while the listener's backlog is full. The
/// thread outlives the timeout by as long as the listener keeps it waiting.
fn connect_unix(path: &Path, left: Duration) -> Result<UnixStream, ConnectFailure> {
    let (sender, receiver) = mpsc::channel();
    let path = path.to_owned();
    thread::spawn(move || sender.send(UnixStream::connect(path)));
    match receiver.recv_timeout(left) {
        Ok(connected) => connected.map_err(ConnectFailure::from),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(ConnectFailure::Timeout),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            Err(ConnectFailure::Other("connecting thread died".to_owned()))
        }
    }
}

/// Why there is no connection. All of these are facts about the listener, not mistakes of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectFailure {
    /// The path of the unix socket does not exist.
    #[error("no such socket")]
    NoSocket,
    /// Anything else, in the system's words.
    #[error("{0}")]
    Other(String),
    /// The operating system forbids it, as for a unix socket of another user.
    #[error("permission denied")]
    Permission,
    /// Nobody listens (TCP RST, or a unix socket without listener).
    #[error("connection refused")]
    Refused,
    /// Nobody answered in time.
    #[error("timed out")]
    Timeout,
    /// No route to the host or network.
    #[error("unreachable")]
    Unreachable,
}

impl From<io::Error> for ConnectFailure {
    fn from(error: io::Error) -> Self {
        let kind = error.kind();
        if kind == ErrorKind::ConnectionRefused {
            Self::Refused
        } else if is_timeout(kind) {
            Self::Timeout
        } else if kind == ErrorKind::HostUnreachable || kind == ErrorKind::NetworkUnreachable {
            Self::Unreachable
        } else if kind == ErrorKind::NotFound {
            Self::NoSocket
        } else if kind == ErrorKind::PermissionDenied {
            Self::Permission
        } else {
            Self::Other(error.to_string())
        }
    }
}

/// What one read brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// A TLS alert other than close_notify; its number (RFC 8446 section 6).
    Alert(u8),
    /// The peer closed TLS properly (close_notify).
    CloseNotify,
    /// This many bytes are in the buffer.
    Data(usize),
    /// The peer closed the connection; under TLS: without close_notify.
    Eof,
    /// The peer sent what the protocol does not allow; what was wrong.
    Garbled(String),
    /// The peer reset the connection.
    Reset,
    /// The deadline passed.
    Timeout,
}

impl Received {
    /// True if no later read can bring anything.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Alert(_) | Self::CloseNotify | Self::Eof | Self::Garbled(_) | Self::Reset => true,
            Self::Data(_) | Self::Timeout => false,
        }
    }
}

/// How far a write came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// All bytes were handed to the kernel, which does not mean that the peer read them.
    All,
    /// The peer had closed or reset the connection.
    Closed {
        /// Bytes handed over before.
        written: usize,
    },
    /// The deadline passed, usually because the peer does not read.
    Timeout {
        /// Bytes handed over before.
        written: usize,
    },
}

/// The bytes that passed, up to [`RECORD_LIMIT`] a direction.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// The first bytes that we sent.
    pub sent: Vec<u8>,
    /// The first bytes that the peer sent.
    pub received: Vec<u8>,
    /// All bytes that we sent, also those not kept.
    pub sent_total: u64,
    /// All bytes that the peer sent, also those not kept.
    pub received_total: u64,
    /// How many of `sent` left before the peer's first byte: the first flight, which a replay sends again.
    pub first_flight: usize,
}

impl Record {
    /// What was sent before the peer said anything, as far as it was kept.
    #[must_use]
    pub fn first_flight(&self) -> &[u8] {
        self.sent.get(..self.first_flight).unwrap_or(&self.sent)
    }

    fn note_sent(&mut self, bytes: &[u8]) {
        keep(&mut self.sent, bytes);
        self.sent_total = self
            .sent_total
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if self.received_total == 0 {
            self.first_flight = self.sent.len();
        }
    }

    fn note_received(&mut self, bytes: &[u8]) {
        keep(&mut self.received, bytes);
        self.received_total = self
            .received_total
            .saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    }
}

fn keep(kept: &mut Vec<u8>, bytes: &[u8]) {
    let room = RECORD_LIMIT.saturating_sub(kept.len()).min(bytes.len());
    kept.extend_from_slice(bytes.get(..room).unwrap_or_default());
}

/// Sending in pieces: every write reaches the wire as segments of at most `size` bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segments {
    /// Bytes a segment; zero counts as one.
    pub size: usize,
    /// How long to wait between two segments, so that the peer's kernel hands them over one by one.
    pub pause: Duration,
}

/// A connected socket.
#[derive(Debug)]
pub struct Stream {
    socket: Socket,
    record: Record,
    segments: Option<Segments>,
}

#[derive(Debug)]
enum Socket {
    /// A peer whose whole answer is known beforehand; what is sent to it is recorded and goes nowhere.
    Replay(Replay),
    Tcp(TcpStream),
    Unix(UnixStream),
}

#[derive(Debug)]
struct Replay {
    answer: Vec<u8>,
    read: usize,
    piece: usize,
}

impl Stream {
    /// A stream without a socket: a peer that says `answer` in pieces of at most `piece` bytes (zero counts as one), then
    /// closes. For readers that are to be tried on any bytes, also by a fuzzer.
    #[must_use]
    pub fn replay(answer: Vec<u8>, piece: usize) -> Self {
        Self::new(Socket::Replay(Replay {
            answer,
            read: 0,
            piece: piece.max(1),
        }))
    }

    fn new(socket: Socket) -> Self {
        Self {
            socket,
            record: Record::default(),
            segments: None,
        }
    }

    /// Sends in pieces from now on; `None` stops that.
    pub fn segment(&mut self, segments: Option<Segments>) {
        self.segments = segments;
    }

    /// What passed so far.
    #[must_use]
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Reads once, at most `buffer.len()` bytes.
    pub fn read(&mut self, buffer: &mut [u8], deadline: Deadline) -> Received {
        loop {
            let Some(left) = deadline.remaining() else {
                return Received::Timeout;
            };
            let read = match &mut self.socket {
                Socket::Replay(replay) => Ok(replay.read(buffer)),
                Socket::Tcp(socket) => socket
                    .set_read_timeout(Some(left))
                    .and_then(|()| socket.read(buffer)),
                Socket::Unix(socket) => socket
                    .set_read_timeout(Some(left))
                    .and_then(|()| socket.read(buffer)),
            };
            match read {
                Ok(0) if !buffer.is_empty() => return Received::Eof,
                Ok(count) => {
                    self.record.note_received(buffer.get(..count).unwrap_or_default());
                    return Received::Data(count);
                }
                Err(error) if error.kind() == ErrorKind::Interrupted || is_timeout(error.kind()) => {}
                // A socket that fails in any other way is as gone as one that was reset.
                Err(_) => return Received::Reset,
            }
        }
    }

    /// Writes everything, in segments if that was asked for.
    pub fn write(&mut self, bytes: &[u8], deadline: Deadline) -> Sent {
        let Some(segments) = self.segments else {
            return self.write_at_once(bytes, deadline);
        };
        let mut done = 0;
        for piece in bytes.chunks(segments.size.max(1)) {
            if done > 0 && !segments.pause.is_zero() {
                let Some(left) = deadline.remaining() else {
                    return Sent::Timeout { written: done };
                };
                thread::sleep(segments.pause.min(left));
            }
            match self.write_at_once(piece, deadline) {
                Sent::All => done += piece.len(),
                Sent::Closed { written } => {
                    return Sent::Closed {
                        written: done + written,
                    };
                }
                Sent::Timeout { written } => {
                    return Sent::Timeout {
                        written: done + written,
                    };
                }
            }
        }
        Sent::All
    }

    fn write_at_once(&mut self, bytes: &[u8], deadline: Deadline) -> Sent {
        let mut written = 0;
        while let Some(rest) = bytes.get(written..).filter(|rest| !rest.is_empty()) {
            let Some(left) = deadline.remaining() else {
                return Sent::Timeout { written };
            };
            let wrote = match &mut self.socket {
                Socket::Replay(_) => Ok(rest.len()),
                Socket::Tcp(socket) => socket
                    .set_write_timeout(Some(left))
                    .and_then(|()| socket.write(rest)),
                Socket::Unix(socket) => socket
                    .set_write_timeout(Some(left))
                    .and_then(|()| socket.write(rest)),
            };
            match wrote {
                Ok(0) => return Sent::Closed { written },
                Ok(count) => {
                    self.record.note_sent(rest.get(..count).unwrap_or(rest));
                    written += count;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted || is_timeout(error.kind()) => {}
                Err(_) => return Sent::Closed { written },
            }
        }
        Sent::All
    }

    /// Tells the peer that nothing more will be sent (half-close). A peer that is gone already is no news.
    pub fn finish_writing(&mut self) {
        let _gone = match &self.socket {
            Socket::Replay(_) => Ok(()),
            Socket::Tcp(socket) => socket.shutdown(Shutdown::Write),
            Socket::Unix(socket) => socket.shutdown(Shutdown::Write),
        };
    }
}

impl Replay {
    /// Hands over the next piece; zero bytes at the end, as a socket does.
    fn read(&mut self, buffer: &mut [u8]) -> usize {
        let rest = self.answer.get(self.read..).unwrap_or_default();
        let count = rest.len().min(self.piece).min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(rest.iter().take(count)) {
            *to = *from;
        }
        self.read += count;
        count
    }
}

impl From<TcpStream> for Stream {
    fn from(socket: TcpStream) -> Self {
        Self::new(Socket::Tcp(socket))
    }
}

impl From<UnixStream> for Stream {
    fn from(socket: UnixStream) -> Self {
        Self::new(Socket::Unix(socket))
    }
}

fn is_timeout(kind: ErrorKind) -> bool {
    kind == ErrorKind::WouldBlock || kind == ErrorKind::TimedOut
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    fn soon() -> Deadline {
        Deadline::after(Duration::from_secs(5))
    }

    #[test]
    fn a_closed_port_is_refused() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = Address::Tcp(listener.local_addr().unwrap());
        drop(listener);
        assert_eq!(connect(&address, soon()).unwrap_err(), ConnectFailure::Refused);
        assert_eq!(
            connect(&address, Deadline::after(Duration::ZERO)).unwrap_err(),
            ConnectFailure::Timeout
        );
    }

    #[test]
    fn a_missing_unix_socket_is_said_so() {
        let address = Address::Unix("/nonexistent/socket".into());
        assert_eq!(connect(&address, soon()).unwrap_err(), ConnectFailure::NoSocket);
    }

    #[test]
    fn a_silent_peer_is_a_timeout_and_a_closed_one_is_eof() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let mut stream = Stream::from(ours);
        assert_eq!(
            stream.read(&mut [0; 8], Deadline::after(Duration::from_millis(20))),
            Received::Timeout
        );
        drop(theirs);
        assert_eq!(stream.read(&mut [0; 8], soon()), Received::Eof);
        assert_eq!(stream.write(b"late", soon()), Sent::Closed { written: 0 });
    }

    #[test]
    fn a_peer_that_does_not_read_is_a_timeout() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        let sent = Stream::from(ours).write(&vec![0; 4 << 20], Deadline::after(Duration::from_millis(50)));
        assert!(
            matches!(sent, Sent::Timeout { written } if written > 0),
            "{sent:?}"
        );
    }

    #[test]
    fn a_replay_says_its_answer_in_pieces_and_closes() {
        let mut stream = Stream::replay(b"hello".to_vec(), 3);
        let mut buffer = [0; 8];
        assert_eq!(stream.write(b"anything", soon()), Sent::All);
        assert_eq!(stream.read(&mut buffer, soon()), Received::Data(3));
        assert_eq!(stream.read(&mut buffer, soon()), Received::Data(2));
        assert_eq!(&buffer[..2], b"lo");
        assert_eq!(stream.read(&mut buffer, soon()), Received::Eof);
        assert_eq!(stream.record().received, b"hello");
        assert_eq!(stream.record().first_flight(), b"anything");
    }

    #[test]
    fn the_record_keeps_the_first_flight_and_is_bounded() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let reader = thread::spawn(move || {
            let mut first = [0; 5];
            theirs.read_exact(&mut first).unwrap();
            theirs.write_all(b"!").unwrap();
            io::copy(&mut theirs, &mut io::sink()).unwrap();
            first
        });
        let mut stream = Stream::from(ours);
        stream.segment(Some(Segments {
            size: 2,
            pause: Duration::from_millis(1),
        }));
        assert_eq!(stream.write(b"hello", soon()), Sent::All);
        assert_eq!(stream.read(&mut [0; 1], soon()), Received::Data(1));
        stream.segment(None);
        assert_eq!(stream.write(&vec![b'x'; RECORD_LIMIT * 2], soon()), Sent::All);
        stream.finish_writing();
        assert_eq!(&reader.join().unwrap(), b"hello");
        assert_eq!(stream.record().first_flight(), b"hello");
        assert_eq!(stream.record().sent.len(), RECORD_LIMIT);
        assert_eq!(stream.record().sent_total, 5 + 2 * RECORD_LIMIT as u64);
    }
}
