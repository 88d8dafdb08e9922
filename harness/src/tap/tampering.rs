//! What somebody between proxy and app who has no key can do to an answer: change an octet of what is encrypted, or end the
//! connection before all of it is there.
//!
//! TLS shows the first by its integrity check (RFC 8446 section 5.2), the second by the missing close_notify (section 6.1), and
//! HTTP by the length that was announced (RFC 9112 section 8). A proxy that looks at neither gives half an answer for a whole one.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf};
use tokio::net::UnixStream;

use super::face::Shown;

/// Octets of an answer that never come: as many as the last chunk has (RFC 9112 section 7.1), so that a chunked one lacks it.
const LACKING: usize = 5;
/// An app that has said nothing for so long has said all of its answer.
const QUIET: Duration = Duration::from_millis(200);
/// Octets read at a time.
const PIECE: usize = 16 * 1024;

/// What is done to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tampering {
    /// A bit of what is encrypted is another one.
    Change,
    /// The connection ends, without a close_notify, before the answer does.
    Cut,
}

/// A stream to the proxy on which, once begun, the last octet of every write is another one.
#[derive(Debug)]
pub(super) struct Changing<S> {
    stream: S,
    shown: Arc<Shown>,
    turn: usize,
    begun: bool,
}

impl<S> Changing<S> {
    pub(super) fn new(stream: S, shown: &Arc<Shown>, turn: usize) -> Self {
        Self {
            stream,
            shown: Arc::clone(shown),
            turn,
            begun: false,
        }
    }

    /// From here on.
    pub(super) fn begin(&mut self) {
        self.begun = true;
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Changing<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Changing<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if !self.begun {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        let mut changed = bytes.to_vec();
        if let Some(last) = changed.last_mut() {
            *last ^= 1;
        }
        let written = Pin::new(&mut self.stream).poll_write(context, &changed);
        if matches!(written, Poll::Ready(Ok(count)) if count == bytes.len()) {
            self.shown.tampered(self.turn, Tampering::Change);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Relays until the app has said its answer, all but the end of it. Whoever drops `proxy` then closes it without a word.
pub(super) async fn cut<S: AsyncRead + AsyncWrite + Unpin>(
    proxy: &mut S,
    app: &mut UnixStream,
    shown: &Shown,
    turn: usize,
) {
    let (mut from_proxy, mut to_proxy) = tokio::io::split(proxy);
    let (mut from_app, mut to_app) = app.split();
    let answer = async {
        if all_but_the_end(&mut from_app, &mut to_proxy).await {
            shown.tampered(turn, Tampering::Cut);
        }
    };
    let request = async {
        if tokio::io::copy(&mut from_proxy, &mut to_app).await.is_ok() {
            // The proxy asks no more; an answer may still be under way.
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = answer => {}
        () = request => {}
    }
}

/// True where something of an answer was withheld. The withheld octets are held until it is known that they are its last.
async fn all_but_the_end(app: &mut (impl AsyncRead + Unpin), proxy: &mut (impl AsyncWrite + Unpin)) -> bool {
    let mut held = Vec::new();
    let mut piece = vec![0; PIECE];
    loop {
        let read = app.read(&mut piece);
        // Before the answer begins the app may take its time; the proxy's patience ends that.
        let read = match held.is_empty() {
            true => Ok(read.await),
            false => tokio::time::timeout(QUIET, read).await,
        };
        let Ok(Ok(count @ 1..)) = read else {
            return !held.is_empty();
        };
        held.extend_from_slice(piece.get(..count).unwrap_or_default());
        let sure = held.len().saturating_sub(LACKING);
        let passed: Vec<u8> = held.drain(..sure).collect();
        if proxy.write_all(&passed).await.is_err() || proxy.flush().await.is_err() {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_end_of_an_answer_never_comes_whatever_the_pieces() {
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789";
        for step in [1, 3, answer.len()] {
            let (mut app, mut from_app) = tokio::io::duplex(1024);
            let (mut to_proxy, mut proxy) = tokio::io::duplex(1024);
            for piece in answer.chunks(step) {
                app.write_all(piece).await.unwrap();
            }
            assert!(all_but_the_end(&mut from_app, &mut to_proxy).await);
            drop(to_proxy);
            let mut got = Vec::new();
            proxy.read_to_end(&mut got).await.unwrap();
            assert_eq!(got, answer[..answer.len() - LACKING], "in pieces of {step}");
            drop(app);
        }
    }

    #[tokio::test]
    async fn nothing_is_withheld_of_an_app_that_says_nothing() {
        let (app, mut from_app) = tokio::io::duplex(64);
        let (mut to_proxy, _proxy) = tokio::io::duplex(64);
        drop(app);
        assert!(!all_but_the_end(&mut from_app, &mut to_proxy).await);
    }
}
