//! The grammar of a response's first line, and what its headers say about where the body ends.

/// What delimits a body (RFC 9112 section 6.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Chunked transfer coding.
    Chunked,
    /// Content-Length that is no number or contradicts itself; read to the end of the connection.
    Conflicting,
    /// Content-Length.
    Length(u64),
    /// No body can follow: HEAD, 1xx, 204, 304, or a tunnel.
    NoBody,
    /// The end of the connection.
    UntilClose,
}

/// Whether `start` can become a status line: it agrees with `HTTP/` as far as it goes.
pub(super) fn could_be_http(start: &[u8]) -> bool {
    start.iter().zip(b"HTTP/").all(|(have, want)| have == want)
}

pub(super) fn status_line(line: &[u8]) -> Option<(Vec<u8>, u16, Vec<u8>)> {
    if !line.starts_with(b"HTTP/") {
        return None;
    }
    let mut words = line.splitn(3, |byte| *byte == b' ');
    let version = words.next()?.to_vec();
    let code = words.next()?;
    let status = std::str::from_utf8(code)
        .ok()
        .filter(|_| code.len() == 3 && code.iter().all(u8::is_ascii_digit))?;
    let reason = words.next().unwrap_or_default().trim_ascii().to_vec();
    Some((version, status.parse().ok()?, reason))
}

pub(super) fn values<'a>(headers: &'a [(Vec<u8>, Vec<u8>)], name: &'a str) -> impl Iterator<Item = &'a [u8]> {
    headers
        .iter()
        .filter(move |(key, _)| key.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
        .map(|(_, value)| value.as_slice())
}

pub(super) fn framing(method: &str, status: u16, headers: &[(Vec<u8>, Vec<u8>)]) -> Framing {
    let tunnel = status == 101 || (method == "CONNECT" && (200..300).contains(&status));
    if method == "HEAD" || tunnel || status == 204 || status == 304 {
        return Framing::NoBody;
    }
    let coding = values(headers, "transfer-encoding")
        .flat_map(|value| value.split(|byte| *byte == b','))
        .last();
    if coding.is_some_and(|coding| coding.trim_ascii().eq_ignore_ascii_case(b"chunked")) {
        return Framing::Chunked;
    }
    if coding.is_some() {
        return Framing::UntilClose;
    }
    let mut lengths = values(headers, "content-length").flat_map(|value| value.split(|byte| *byte == b','));
    let Some(first) = lengths.next() else {
        return Framing::UntilClose;
    };
    match decimal(first.trim_ascii()) {
        Some(length) if lengths.all(|other| decimal(other.trim_ascii()) == Some(length)) => {
            Framing::Length(length)
        }
        Some(_) | None => Framing::Conflicting,
    }
}

/// Digits only: `+1` parses as a number in Rust, but is no Content-Length.
fn decimal(text: &[u8]) -> Option<u64> {
    let digits = text.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(text).ok().filter(|_| digits)?.parse().ok()
}

pub(super) fn chunk_size(line: &[u8]) -> Option<u64> {
    let size = line
        .split(|byte| *byte == b';')
        .next()
        .unwrap_or_default()
        .trim_ascii();
    let hex = !size.is_empty() && size.iter().all(u8::is_ascii_hexdigit);
    u64::from_str_radix(std::str::from_utf8(size).ok().filter(|_| hex)?, 16).ok()
}
