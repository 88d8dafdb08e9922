//! When a server counts as started: it accepts connections, or it answers a request.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use super::LaunchError;
use crate::tap::TapAddress;

/// How long one look may take.
const LOOK: Duration = Duration::from_millis(2000);

/// What is looked at.
#[derive(Debug, Clone)]
pub(super) enum Ready {
    /// A connection is accepted.
    Accepts(TapAddress),
    /// A request is answered, with any status.
    Answers { address: TapAddress, path: String },
}

impl Ready {
    /// `address:port`, `unix:/path` or `http://address:port/path`.
    pub(super) fn parse(text: &str) -> Result<Self, LaunchError> {
        let wrong = || LaunchError::Address {
            key: "launch.process.ready",
            text: text.to_owned(),
        };
        let Some(rest) = text.strip_prefix("http://") else {
            return text.parse().map(Self::Accepts).map_err(|_| wrong());
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        Ok(Self::Answers {
            address: authority.parse().map_err(|_| wrong())?,
            path: format!("/{path}"),
        })
    }

    /// Is it so now?
    pub(super) fn holds(&self) -> bool {
        match self {
            Self::Accepts(TapAddress::Tcp(address)) => TcpStream::connect_timeout(address, LOOK).is_ok(),
            Self::Accepts(TapAddress::Unix(path)) => UnixStream::connect(path).is_ok(),
            Self::Answers {
                address: TapAddress::Tcp(address),
                path,
            } => TcpStream::connect_timeout(address, LOOK).is_ok_and(|stream| answers(stream, path)),
            // Only TCP has URLs.
            Self::Answers {
                address: TapAddress::Unix(_),
                ..
            } => false,
        }
    }
}

fn answers(mut stream: TcpStream, path: &str) -> bool {
    let prepared = stream
        .set_read_timeout(Some(LOOK))
        .and_then(|()| stream.set_write_timeout(Some(LOOK)));
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    if prepared
        .and_then(|()| stream.write_all(request.as_bytes()))
        .is_err()
    {
        return false;
    }
    let mut start = [0; 7];
    stream.read_exact(&mut start).is_ok() && start == *b"HTTP/1."
}

impl std::fmt::Display for Ready {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Accepts(address) => write!(formatter, "{address}"),
            Self::Answers { address, path } => write!(formatter, "http://{address}{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_listener_accepts_but_does_not_answer() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        assert!(Ready::parse(&address.to_string()).unwrap().holds());
        let answering = Ready::parse(&format!("http://{address}/x")).unwrap();
        let thread = std::thread::spawn(move || {
            for answer in ["", "nonsense", "HTTP/1.1 500 Oops\r\n\r\n"] {
                let (mut stream, _) = listener.accept().unwrap();
                if answer.is_empty() {
                    // The first look above connected and went away.
                    continue;
                }
                let mut request = [0; 1024];
                let _ = stream.read(&mut request).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        assert!(!answering.holds());
        assert!(answering.holds());
        thread.join().unwrap();
    }

    #[test]
    fn nonsense_is_an_address_error() {
        assert!(Ready::parse("http://nowhere/x").is_err());
        assert!(Ready::parse("nowhere").is_err());
    }
}
