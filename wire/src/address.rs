//! Where a listener is: an IP address and port, or the path of a unix socket.
//!
//! Parsing never touches the network; [`Address::resolve`] does, for host names. Next: [`crate::transport`].

use std::fmt;
use std::net::{SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::str::FromStr;

/// A listener that can be connected to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A TCP listener.
    Tcp(SocketAddr),
    /// A unix stream socket.
    Unix(PathBuf),
}

/// Why a text is no address.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// Neither `IP:PORT` nor `unix:PATH`.
    #[error("{0:?} is neither IP:PORT nor unix:/path")]
    Malformed(String),
    /// The host name has no address.
    #[error("{0:?} has no address")]
    NoAddress(String),
    /// The resolver failed.
    #[error("cannot resolve {host:?}")]
    Resolve {
        /// The text that was looked up.
        host: String,
        /// What the resolver said.
        #[source]
        source: std::io::Error,
    },
}

impl Address {
    /// Reads `IP:PORT`, `unix:PATH` or `HOST:PORT`; the last asks the system's resolver and takes its first answer.
    ///
    /// # Errors
    /// The text has none of these forms, or the name has no address.
    pub fn resolve(text: &str) -> Result<Self, AddressError> {
        match text.parse() {
            Ok(address) => Ok(address),
            Err(malformed) => {
                let well_formed = text.rsplit_once(':').is_some_and(|(host, port)| {
                    !host.is_empty() && host != "unix" && port.parse::<u16>().is_ok()
                });
                if !well_formed {
                    return Err(malformed);
                }
                let mut found = text.to_socket_addrs().map_err(|source| AddressError::Resolve {
                    host: text.to_owned(),
                    source,
                })?;
                found
                    .next()
                    .map(Self::Tcp)
                    .ok_or_else(|| AddressError::NoAddress(text.to_owned()))
            }
        }
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(path) = text.strip_prefix("unix:").filter(|path| !path.is_empty()) {
            return Ok(Self::Unix(PathBuf::from(path)));
        }
        text.parse()
            .map(Self::Tcp)
            .map_err(|_| AddressError::Malformed(text.to_owned()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_and_prints_both_kinds() {
        for text in ["127.0.0.1:8443", "[::1]:443", "unix:/run/app.sock"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn resolves_names_only_when_asked() {
        assert!(matches!(
            "localhost:1".parse::<Address>(),
            Err(AddressError::Malformed(_))
        ));
        assert!(matches!(Address::resolve("localhost:1"), Ok(Address::Tcp(at)) if at.port() == 1));
    }

    #[test]
    fn refuses_what_is_no_address() {
        for text in ["", "unix:", "8443", "host", "host:99999", ":80"] {
            assert!(
                matches!(Address::resolve(text), Err(AddressError::Malformed(_))),
                "{text}"
            );
        }
    }
}
