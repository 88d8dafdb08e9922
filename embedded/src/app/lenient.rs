//! FAULT http1 of the app: a reader that takes what it can get, as hand-written app servers did.
//!
//! A bare line feed ends a line, blanks around names are cut off, any coding that contains `chunked` is chunked, and of a
//! chunk's size the digits up to the first other character count.

use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Request, Response, StatusCode};
use tokio::io::{AsyncWrite, AsyncWriteExt};

use super::fault::Http1;
use super::{App, page, request};
use crate::listener::Stream;
use crate::raw::{Head, Reader, rewound, split};
use crate::serve::Answer;

/// Serves the connection where its first request has a transfer coding; otherwise gives it back.
pub(super) async fn serve(app: &Arc<App>, peer: &str, stream: Stream) -> Option<Stream> {
    if app.config.faults.http1 == Http1::Strict {
        return Some(stream);
    }
    let mut reader = Reader::new(stream);
    let peek = tokio::time::timeout(app.config.limits.idle(), reader.head_end(true)).await;
    let head = match peek {
        Ok(Some(end)) => Head::parse(reader.buffer.get(..end).unwrap_or_default(), true),
        Ok(None) | Err(_) => Head::default(),
    };
    let concerned = head.values("transfer-encoding").next().is_some();
    let (stream, read) = reader.into_parts();
    let stream = rewound(read, stream);
    if !concerned {
        return Some(stream);
    }
    let (from_proxy, mut to_proxy) = tokio::io::split(stream);
    let mut reader = Reader::new(from_proxy);
    let limit = app.config.limits.idle();
    while let Ok(Some(request)) = tokio::time::timeout(limit, next(&mut reader)).await {
        let answer = match request {
            Ok(request) => request::answer(app, peer, request).await,
            Err(status) => page::empty(status),
        };
        if write(&mut to_proxy, answer).await.is_err() {
            break;
        }
    }
    drop(to_proxy.shutdown().await);
    None
}

/// The next request, or the status for what is none; `None` at the end.
async fn next<R: tokio::io::AsyncRead + Unpin>(
    reader: &mut Reader<R>,
) -> Option<Result<Request<Full<Bytes>>, StatusCode>> {
    let end = reader.head_end(true).await?;
    let head = Head::parse(&reader.take(end).await?, true);
    let chunked = head.values("transfer-encoding").any(|value| {
        value
            .to_ascii_lowercase()
            .windows(7)
            .any(|word| word == b"chunked")
    });
    let length = head
        .values("content-length")
        .filter_map(|value| std::str::from_utf8(value).ok()?.parse::<usize>().ok())
        .next();
    let body = if chunked {
        reader.chunks(true, leading_digits).await?.1
    } else {
        reader.take(length.unwrap_or(0)).await?
    };
    let mut words = head.line.split(|byte| *byte == b' ');
    let mut request = Request::builder();
    if let (Some(method), Some(target)) = (words.next(), words.next()) {
        request = request.method(method).uri(target);
    }
    for line in &head.fields {
        let Some((name, value)) = split(line) else {
            continue;
        };
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.trim_ascii()),
            HeaderValue::from_bytes(value.trim_ascii()),
        ) {
            request = request.header(name, value);
        }
    }
    let request = request.body(Full::new(Bytes::from(body)));
    Some(request.map_err(|_| StatusCode::BAD_REQUEST))
}

/// What C's `strtoul` makes of a size: the digits at its beginning, nothing of the rest.
fn leading_digits(line: &[u8]) -> Option<usize> {
    let digits: Vec<u8> = line.iter().copied().take_while(u8::is_ascii_hexdigit).collect();
    Some(usize::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).unwrap_or(0))
}

async fn write<W: AsyncWrite + Unpin>(writer: &mut W, answer: Answer) -> std::io::Result<()> {
    let (parts, body) = Response::into_parts(answer);
    let body = body
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes)
        .unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {}\r\n", parts.status).into_bytes();
    for (name, value) in &parts.headers {
        for piece in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
            bytes.extend_from_slice(piece);
        }
    }
    bytes.extend_from_slice(format!("content-length: {}\r\n\r\n", body.len()).as_bytes());
    bytes.extend_from_slice(&body);
    writer.write_all(&bytes).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_what_its_first_digits_say() {
        for (line, size) in [("1a;x", 0x1a), ("0x1a", 0), ("+5", 0), ("5 6", 5)] {
            assert_eq!(leading_digits(line.as_bytes()), Some(size), "{line}");
        }
    }
}
