//! The app as a server of one old version of TLS: what the proxy says to its first flight.
//!
//! Nobody here finishes such a handshake. [`attack_wire::tls::old_server`] says why the proxy's alert tells all the same.

use std::time::Duration;

use attack_wire::tls::old_server::{Answer, answer, first_flight, offered_suites};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use super::face::{Old, Shown};

/// How long a proxy may take for its hello and for its answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// Most octets of a hello or an answer.
const LIMIT: usize = 32 * 1024;

/// The face that speaks TLS 1.2 in the same way: what a proxy says to a version that it speaks.
pub const SPOKEN_VERSION: &str = "server-tls1.2";

/// Plays such a server once.
pub(super) async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    old: &Old,
    shown: &Shown,
    turn: usize,
) {
    // A proxy that leaves without a word has said nothing.
    let Ok(Some(said)) = tokio::time::timeout(PATIENCE, converse(&mut stream, old)).await else {
        return;
    };
    shown.answered(turn, said);
}

async fn converse<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, old: &Old) -> Option<Answer> {
    let suites = read(stream, offered_suites).await?;
    let random = std::array::from_fn(|index| u8::try_from(index).unwrap_or(0));
    let flight = first_flight(old.version, &suites, &old.chain, &random);
    stream.write_all(&flight).await.ok()?;
    read(stream, answer).await
}

/// Reads until `of` finds what it looks for.
async fn read<S: AsyncRead + Unpin, T>(stream: &mut S, of: impl Fn(&[u8]) -> Option<T>) -> Option<T> {
    let mut all = Vec::new();
    loop {
        let mut piece = [0; 4096];
        match stream.read(&mut piece).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => all.extend_from_slice(piece.get(..count)?),
        }
        if let Some(found) = of(&all) {
            return Some(found);
        }
        if all.len() > LIMIT {
            return None;
        }
    }
}
