//! Where a deployment is: addresses from URLs, names resolved, and nothing attacked that nobody allowed.

use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;

use super::LaunchError;

/// The TLS endpoint that clients use.
#[derive(Debug, Clone)]
pub struct FrontTarget {
    /// Host of the URL: SNI and Host.
    pub host: String,
    /// Port of the URL, for Host lines.
    pub port: u16,
    /// Where it really is.
    pub connect: SocketAddr,
    /// CAs of the server's certificate, DER; empty: the system's roots.
    pub server_roots: Vec<Vec<u8>>,
    /// The plain-HTTP listener and its `host:port`.
    pub plain: Option<(SocketAddr, String)>,
    /// Virtual hosts on the same socket that ask for no client certificate.
    pub other_names: Vec<String>,
    /// Does it speak HTTP/2? `None`: find out.
    pub http2: Option<bool>,
}

/// One of the app's own listeners.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backend {
    /// Where it is.
    pub address: BackendAddress,
    /// It speaks TLS.
    pub https: bool,
    /// As the deployment file says it, rendered.
    pub text: String,
}

/// Where a backend is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BackendAddress {
    /// A TCP listener.
    Tcp(SocketAddr),
    /// A unix stream socket.
    Unix(PathBuf),
}

/// Splits `scheme://host:port`; IPv6 hosts stand in brackets and come without them.
pub(super) fn url(key: &'static str, text: &str) -> Result<(bool, String, u16), LaunchError> {
    let malformed = || LaunchError::Address {
        key,
        text: text.to_owned(),
    };
    let (https, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return Err(malformed()),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (host, port) = host_and_port(authority).ok_or_else(malformed)?;
    Ok((https, host, port.unwrap_or(if https { 443 } else { 80 })))
}

fn host_and_port(authority: &str) -> Option<(String, Option<u16>)> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            (
                host,
                if port.is_empty() {
                    None
                } else {
                    Some(port.strip_prefix(':')?)
                },
            )
        }
        None => authority
            .split_once(':')
            .map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    let port = port.map(str::parse).transpose().ok()?;
    (!host.is_empty()).then(|| (host.to_owned(), port))
}

/// Resolves a host. Only loopback addresses pass, unless the host is among `authorized`.
pub(super) fn resolve(host: &str, port: u16, authorized: &[String]) -> Result<SocketAddr, LaunchError> {
    let failed = |message: String| LaunchError::Resolve {
        host: host.to_owned(),
        message,
    };
    let address = match host.parse::<IpAddr>() {
        Ok(ip) => SocketAddr::new(ip, port),
        Err(_) => {
            let mut found = (host, port)
                .to_socket_addrs()
                .map_err(|error| failed(error.to_string()))?;
            found.next().ok_or_else(|| failed("no address".to_owned()))?
        }
    };
    if address.ip().is_loopback()
        || authorized
            .iter()
            .any(|allowed| allowed.eq_ignore_ascii_case(host))
    {
        Ok(address)
    } else {
        Err(LaunchError::NotAuthorized {
            host: host.to_owned(),
        })
    }
}

/// Resolves `host:port` of a key that is no URL.
pub(super) fn resolve_pair(
    key: &'static str,
    text: &str,
    authorized: &[String],
) -> Result<SocketAddr, LaunchError> {
    match host_and_port(text) {
        Some((host, Some(port))) => resolve(&host, port, authorized),
        Some((_, None)) | None => Err(LaunchError::Address {
            key,
            text: text.to_owned(),
        }),
    }
}

/// Finds one of the app's listeners.
pub(super) fn backend(text: &str, authorized: &[String]) -> Result<Backend, LaunchError> {
    if let Some(path) = text.strip_prefix("unix:") {
        return Ok(Backend {
            address: BackendAddress::Unix(PathBuf::from(path)),
            https: false,
            text: text.to_owned(),
        });
    }
    let (https, host, port) = url("backend.url", text)?;
    Ok(Backend {
        address: BackendAddress::Tcp(resolve(&host, port, authorized)?),
        https,
        text: text.to_owned(),
    })
}

/// The plain-HTTP listener: where it is, and its `host:port`.
pub(super) fn plain(text: &str, authorized: &[String]) -> Result<(SocketAddr, String), LaunchError> {
    let (_, host, port) = url("front.plain", text)?;
    let shown = if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    };
    Ok((resolve(&host, port, authorized)?, shown))
}
