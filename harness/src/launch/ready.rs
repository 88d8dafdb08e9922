//! When a server counts as started: it accepts connections, answers a request, or speaks TLS.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::net::UnixStream;
use std::time::Duration;

use attack_wire::tls::hello::{self, Hello, HelloReply};
use attack_wire::{Address, Deadline, transport};

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
    /// A ClientHello is answered in TLS, be it by an alert: Traefik closes such connections until it has read its routes.
    Speaks(Address),
}

impl Ready {
    /// `address:port`, `unix:/path`, `http://address:port/path` or `tls://address:port`.
    pub(super) fn parse(text: &str) -> Result<Self, LaunchError> {
        let wrong = || LaunchError::Address {
            key: "launch.process.ready",
            text: text.to_owned(),
        };
        if let Some(rest) = text.strip_prefix("tls://") {
            return rest.parse().map(Self::Speaks).map_err(|_| wrong());
        }
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
            Self::Speaks(address) => speaks(address),
            // Only TCP has URLs.
            Self::Answers {
                address: TapAddress::Unix(_),
                ..
            } => false,
        }
    }
}

fn speaks(address: &Address) -> bool {
    let deadline = Deadline::after(LOOK);
    let Ok(mut stream) = transport::connect(address, deadline) else {
        return false;
    };
    let offer = Hello::new(hello::TLS13, vec![0x1301, 0x1302, 0x1303]);
    matches!(
        hello::probe(&offer, &mut stream, deadline),
        HelloReply::ServerHello(_) | HelloReply::HelloRetryRequest { .. } | HelloReply::Alert { .. }
    )
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
            Self::Speaks(address) => write!(formatter, "tls://{address}"),
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
    fn a_server_that_hangs_up_on_a_hello_does_not_speak_tls_yet() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let ready = Ready::parse(&format!("tls://{}", listener.local_addr().unwrap())).unwrap();
        let thread = std::thread::spawn(move || {
            for answer in [&[][..], &[21, 3, 3, 0, 2, 2, 40]] {
                let (mut stream, _) = listener.accept().unwrap();
                let mut hello = [0; 1024];
                let _ = stream.read(&mut hello).unwrap();
                stream.write_all(answer).unwrap();
            }
        });
        assert!(!ready.holds());
        assert!(ready.holds());
        thread.join().unwrap();
    }

    #[test]
    fn nonsense_is_an_address_error() {
        assert!(Ready::parse("http://nowhere/x").is_err());
        assert!(Ready::parse("nowhere").is_err());
    }
}
