//! Which vhost does a request mean? The Host must be one name, and that of the SNI's vhost (RFC 9110 7.4).

use hyper::Request;
use hyper::header::{self, HeaderValue};

/// The host of a request: as sent, and its name without port in lower case.
#[derive(Debug)]
pub(super) struct Host {
    pub(super) value: HeaderValue,
    pub(super) name: String,
}

/// Reads the host; `None` when there is none, several that differ, or one that is no host.
pub(super) fn host<B>(request: &Request<B>) -> Option<Host> {
    let mut lines = request.headers().get_all(header::HOST).iter();
    let line = lines.next();
    if lines.next().is_some() {
        return None;
    }
    let target = request.uri().authority().map(|authority| authority.as_str());
    let value = match (target, line) {
        // Absolute form, or :authority beside a Host field: they must agree (RFC 9113 8.3.1).
        (Some(target), Some(line)) => {
            if !line.as_bytes().eq_ignore_ascii_case(target.as_bytes()) {
                return None;
            }
            line.clone()
        }
        (Some(target), None) => HeaderValue::from_str(target).ok()?,
        (None, Some(line)) => line.clone(),
        (None, None) => return None,
    };
    let name = name(value.to_str().ok()?)?;
    Some(Host { value, name })
}

/// A host without its port, in lower case.
fn name(text: &str) -> Option<String> {
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (inner, after) = rest.split_once(']')?;
            let port = match after {
                "" => None,
                _ => Some(after.strip_prefix(':')?),
            };
            (inner, port)
        }
        None => match text.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (text, None),
        },
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err() || port.starts_with('+')) || name.is_empty() {
        return None;
    }
    let letters = name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b':' | b'_'));
    letters.then(|| name.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(uri: &str, hosts: &[&str]) -> Option<String> {
        let mut request = Request::builder().uri(uri);
        for host in hosts {
            request = request.header("host", *host);
        }
        host(&request.body(()).unwrap()).map(|host| host.name)
    }

    #[test]
    fn one_host_is_read_without_its_port() {
        assert_eq!(read("/", &["API.example.test:8443"]).unwrap(), "api.example.test");
        assert_eq!(read("/", &["[::1]:8443"]).unwrap(), "::1");
        assert_eq!(read("https://a.test/x", &["a.test"]).unwrap(), "a.test");
        assert_eq!(read("/", &["a.test."]).unwrap(), "a.test.");
    }

    #[test]
    fn doubt_is_none() {
        assert!(read("/", &[]).is_none());
        assert!(read("/", &["a.test", "a.test"]).is_none());
        assert!(read("https://a.test/x", &["b.test"]).is_none());
        assert!(read("/", &["a.test:http"]).is_none());
        assert!(read("/", &["a.test/b"]).is_none());
        assert!(read("/", &["u@a.test"]).is_none());
    }
}
