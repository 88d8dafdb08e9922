//! Sockets: addresses, the accept loop, and the handle of a running server.

use std::fmt;
use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::error::{ReloadError, StartError};

/// Connections that one listener serves at a time; the next ones wait in the kernel's queue.
const CONNECTIONS: usize = 1024;

/// How long to wait after `accept` failed, for instance because no file descriptor was left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Where a server listens or connects: `"127.0.0.1:8000"`, `"[::1]:8000"` or `"unix:/path"`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(try_from = "String")]
pub enum Address {
    /// An IP address and port; port 0 asks for a free one.
    Tcp(SocketAddr),
    /// A unix socket's path. A socket file that a dead server left behind is replaced.
    Unix(PathBuf),
}

impl FromStr for Address {
    type Err = StartError;

    fn from_str(text: &str) -> Result<Self, StartError> {
        if let Some(path) = text.strip_prefix("unix:") {
            return Ok(Self::Unix(PathBuf::from(path)));
        }
        text.parse().map(Self::Tcp).map_err(|_| StartError::Address {
            text: text.to_owned(),
        })
    }
}

impl TryFrom<String> for Address {
    type Error = StartError;

    fn try_from(text: String) -> Result<Self, StartError> {
        text.parse()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

impl Address {
    /// Connects to it.
    pub(crate) async fn connect(&self) -> std::io::Result<Stream> {
        match self {
            Self::Tcp(address) => {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
            Self::Unix(path) => Ok(Box::new(UnixStream::connect(path).await?)),
        }
    }
}

/// What a bound address is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// The proxy's TLS listener.
    Tls,
    /// The proxy's plain listener.
    Plain,
    /// The app's own listener, which only the proxy should reach.
    App,
    /// A listener that only a planted fault opens.
    Stray,
}

/// An address that a running server is bound to, with the port that it really got.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bound {
    /// What it is for.
    pub purpose: Purpose,
    /// The address.
    pub address: Address,
}

/// A byte stream of either kind.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Duplex for T {}
/// A connected socket.
pub(crate) type Stream = Box<dyn Duplex>;

/// A bound listener.
pub(crate) enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

impl Listener {
    /// Binds `address`; the second part is the address with the port that was really taken.
    pub(crate) async fn bind(address: &Address) -> Result<(Self, Address), StartError> {
        let failed = |source| StartError::Bind {
            address: address.to_string(),
            source,
        };
        match address {
            Address::Tcp(wanted) => {
                let listener = TcpListener::bind(wanted).await.map_err(failed)?;
                let taken = listener.local_addr().map_err(failed)?;
                Ok((Self::Tcp(listener), Address::Tcp(taken)))
            }
            Address::Unix(path) => {
                // A socket file without a server behind it would make the bind fail for ever.
                if UnixStream::connect(path).await.is_err() && std::fs::symlink_metadata(path).is_ok() {
                    std::fs::remove_file(path).map_err(failed)?;
                }
                Ok((
                    Self::Unix(UnixListener::bind(path).map_err(failed)?),
                    address.clone(),
                ))
            }
        }
    }

    async fn accept(&self) -> std::io::Result<(Stream, String)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                stream.set_nodelay(true)?;
                Ok((Box::new(stream), peer.ip().to_string()))
            }
            Self::Unix(listener) => {
                let (stream, _) = listener.accept().await?;
                Ok((Box::new(stream), "unix".to_owned()))
            }
        }
    }
}

/// Accepts until told to stop; then closes the listener and every connection.
pub(crate) async fn accept_loop<F, S>(listener: Listener, mut stop: watch::Receiver<bool>, serve: F)
where
    F: Fn(Stream, String) -> S,
    S: Future<Output = ()> + Send + 'static,
{
    // Dropping the set, at any way out of this function, aborts all connections.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stop.changed() => return,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept(), if connections.len() < CONNECTIONS => match accepted {
                Ok((stream, peer)) => drop(connections.spawn(serve(stream, peer))),
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            },
        }
    }
}

/// Reads a server's certificate, CA and CRL files again.
pub(crate) type Reload = Box<dyn Fn() -> Result<(), StartError> + Send + Sync>;

/// A running server. Dropping it stops it too.
pub struct Running {
    pub(crate) bound: Vec<Bound>,
    pub(crate) stop: watch::Sender<bool>,
    pub(crate) loops: Vec<JoinHandle<()>>,
    pub(crate) reload: Reload,
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running")
            .field("bound", &self.bound)
            .finish_non_exhaustive()
    }
}

impl Running {
    /// The addresses that it listens on, with the ports that it really got.
    #[must_use]
    pub fn addresses(&self) -> &[Bound] {
        &self.bound
    }

    /// The first TCP address bound for `purpose`.
    #[must_use]
    pub fn tcp(&self, purpose: Purpose) -> Option<SocketAddr> {
        self.bound.iter().find_map(|bound| match &bound.address {
            Address::Tcp(address) if bound.purpose == purpose => Some(*address),
            Address::Tcp(_) | Address::Unix(_) => None,
        })
    }

    /// Reads the certificate, CA and CRL files again; new connections use them.
    ///
    /// # Errors
    /// A file is missing or not what it should be; the server goes on with what it had.
    pub fn reload(&self) -> Result<(), ReloadError> {
        (self.reload)().map_err(ReloadError)
    }

    /// Closes the listeners and all connections, and waits until they are closed.
    pub async fn stop(mut self) {
        let _ = self.stop.send(true);
        for task in std::mem::take(&mut self.loops) {
            drop(task.await);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        for task in &self.loops {
            task.abort();
        }
        for bound in &self.bound {
            if let Address::Unix(path) = &bound.address {
                drop(std::fs::remove_file(path));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_print_as_they_are_written() {
        for text in ["127.0.0.1:80", "[::1]:0", "unix:/tmp/x"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        assert!("localhost:80".parse::<Address>().is_err());
    }
}
