//! Readers of what comes off the wire: ServerHello and alerts, HTTP/1, HTTP/2, HPACK, and the tap's splitter.
//!
//! None of them may depend on how the bytes were cut into reads, and each keeps the limits that it was given. The first byte
//! of an input says how the answer is cut.

use std::time::Duration;

use attack_wire::http1::{BodyEnd, Framing, Limits, ReadFailure, Response, ResponseReader};
use attack_wire::http2::client::{Connection, End, Reply, Request};
use attack_wire::http2::hpack;
use attack_wire::tls::hello::{Hello, HelloReply, TLS12, probe};
use attack_wire::{Channel, Deadline, Stream};
use mtls_gauntlet::tap::fuzzing::{Cut, split};

use crate::effort::linear;
use crate::finding;

/// The longest answer that is cut into small pieces: each piece costs the readers a buffer of 16 KiB.
const LONGEST: usize = 16 * 1024;
/// Long enough never to pass: nothing waits here.
const PATIENCE: Duration = Duration::from_secs(3600);
/// How many answers are read off one connection.
const ANSWERS: usize = 3;

/// Limits small enough for a fuzzer to reach.
const SMALL: Limits = Limits {
    head: 600,
    headers: 12,
    body: 800,
    interim: 2,
};

fn deadline() -> Deadline {
    Deadline::after(PATIENCE)
}

/// The size of pieces, the other choices, and the answer.
fn cut(bytes: &[u8]) -> Option<(usize, u8, &[u8])> {
    let (choice, answer) = bytes.split_first()?;
    let answer = answer.get(..answer.len().min(LONGEST))?;
    Some((usize::from(choice & 0x1f) * 3 + 1, choice >> 5, answer))
}

/// What a server may answer to a ClientHello.
///
/// # Panics
/// Where the reading depends on the cut.
pub fn hello_reply(bytes: &[u8]) {
    let Some((piece, _, answer)) = cut(bytes) else {
        return;
    };
    let hello = Hello::new(TLS12, vec![0xC02F]);
    let read = |piece| probe(&hello, &mut Stream::replay(answer.to_vec(), piece), deadline());
    let whole = linear(answer.len(), || read(usize::MAX));
    let pieces = read(piece);
    match (&whole, &pieces) {
        // How much of a stranger's answer is shown depends on what had come by then.
        (HelloReply::NotTls(all), HelloReply::NotTls(some)) => {
            assert!(all.starts_with(some) && all.len() <= 64, "{all:02x?} {some:02x?}");
        }
        _ => assert_eq!(whole, pieces, "pieces of {piece} bytes read otherwise"),
    }
    if let HelloReply::ServerHello(hello) = &whole {
        let certificates: usize = hello.certificates.iter().map(Vec::len).sum();
        assert!(certificates <= answer.len(), "more certificates than bytes");
    }
}

/// What a server may answer to HTTP/1.1 requests on one connection.
///
/// # Panics
/// Where the reading depends on the cut, or exceeds the limits.
pub fn http1_response(bytes: &[u8]) {
    let Some((piece, choice, answer)) = cut(bytes) else {
        return;
    };
    let method = match choice & 3 {
        0 => "HEAD",
        1 => "CONNECT",
        _ => "GET",
    };
    let limits = if choice & 4 == 0 { SMALL } else { Limits::default() };
    let read = |piece| {
        let mut channel = Channel::from(Stream::replay(answer.to_vec(), piece));
        let mut reader = ResponseReader::new(limits);
        let mut responses = Vec::new();
        for _ in 0..ANSWERS {
            let response = reader.read(&mut channel, method, deadline());
            let failed = response.is_err();
            responses.push(response);
            if failed {
                break;
            }
        }
        responses
    };
    let whole = linear(answer.len(), || read(usize::MAX));
    for response in whole.iter().flatten() {
        keeps(limits, response);
    }
    if let Some(Ok(first)) = whole.first() {
        is_framed(first, answer);
    }
    let shown = |responses: Vec<Result<Response, ReadFailure>>| -> Vec<_> {
        responses
            .into_iter()
            // What was received up to a failure depends on the cut.
            .map(|response| response.map_err(|failure| (failure.fault, failure.interim)))
            .collect()
    };
    assert_eq!(
        shown(whole),
        shown(read(piece)),
        "pieces of {piece} bytes read otherwise"
    );
}

/// The body of a first response is the bytes that a second reading of its framing finds.
fn is_framed(response: &Response, answer: &[u8]) {
    let Some(after) = after_head(answer).filter(|_| response.interim.is_empty()) else {
        return;
    };
    let expected = match response.framing {
        Framing::Chunked => chunks(after),
        Framing::Length(_) => length(response)
            .and_then(|length| after.get(..length))
            .map(<[u8]>::to_vec),
        Framing::Conflicting | Framing::NoBody | Framing::UntilClose => None,
    };
    match (&response.end, expected) {
        (BodyEnd::Complete, Some(expected)) => assert_eq!(
            response.body.escape_ascii().to_string(),
            expected.escape_ascii().to_string(),
            "another body than the framing has"
        ),
        (BodyEnd::Malformed(why), Some(_)) => finding(&format!("a good body is called malformed: {why}")),
        _ => {}
    }
}

/// The length that the headers give; `None` for a list of lengths.
fn length(response: &Response) -> Option<usize> {
    let text = std::str::from_utf8(response.header("content-length").next()?).ok()?;
    text.trim_ascii().parse().ok()
}

/// What follows the first empty line.
fn after_head(answer: &[u8]) -> Option<&[u8]> {
    let ends = answer.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let mut after = ends.filter_map(|(place, _)| answer.get(place + 1..));
    after.find_map(|rest| rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")))
}

/// A chunked body, if it is whole.
fn chunks(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = rest.get(..rest.iter().position(|byte| *byte == b'\n')?)?;
        rest = rest.get(line.len() + 1..)?;
        let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        let size = usize::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(rest.get(..size)?);
        let end = rest.get(size..)?;
        rest = end.strip_prefix(b"\r\n").or_else(|| end.strip_prefix(b"\n"))?;
    }
}

fn keeps(limits: Limits, response: &Response) {
    let size = |headers: &[(Vec<u8>, Vec<u8>)]| -> usize {
        headers.iter().map(|(name, value)| name.len() + value.len()).sum()
    };
    assert!(response.body.len() <= limits.body, "a body over the limit");
    assert!(response.headers.len() <= limits.headers, "too many headers");
    assert!(response.trailers.len() <= limits.headers, "too many trailers");
    assert!(size(&response.headers) <= limits.head, "a head over the limit");
    assert!(size(&response.trailers) <= limits.head, "trailers over the limit");
    assert!(
        response.interim.len() <= limits.interim,
        "too many interim responses"
    );
    assert!(
        response.status < 1000 && !(100..=199).contains(&response.status) || response.status == 101,
        "an interim response is taken for the final one"
    );
}

/// What a server may answer to two HTTP/2 requests on one connection.
///
/// # Panics
/// Where the reading depends on the cut, or exceeds the limits.
pub fn http2_connection(bytes: &[u8]) {
    let Some((piece, choice, answer)) = cut(bytes) else {
        return;
    };
    let limits = if choice & 1 == 0 { SMALL } else { Limits::default() };
    let mut request = Request::new("POST", "/", "fuzz.test");
    if choice & 2 != 0 {
        request.body = vec![b'x'; 70_000];
    }
    let read = |piece| -> Vec<Reply> {
        let channel = Channel::from(Stream::replay(answer.to_vec(), piece));
        let mut connection = Connection::open(channel, limits, Duration::ZERO, deadline());
        let mut replies = Vec::new();
        for _ in 0..2 {
            let mut reply = connection.exchange(&request, deadline());
            if let End::NotHttp2(first) = &mut reply.end {
                first.clear();
            }
            let ended = !matches!(reply.end, End::Complete | End::Reset(_));
            replies.push(reply);
            if ended {
                break;
            }
        }
        replies
    };
    let whole = linear(answer.len(), || read(usize::MAX));
    for reply in &whole {
        assert!(reply.body.len() <= limits.body, "a body over the limit");
        for fields in [&reply.fields, &reply.trailers] {
            let size: usize = fields
                .iter()
                .map(|(name, value)| name.len() + value.len() + 32)
                .sum();
            assert!(size <= limits.head, "a header list over the limit");
        }
    }
    assert_eq!(whole, read(piece), "pieces of {piece} bytes read otherwise");
}

/// Two header blocks of one connection: a byte for the limit, one for the length of the first.
///
/// # Panics
/// Where the decoder exceeds its limit, or an encoded list decodes to another.
pub fn hpack(bytes: &[u8]) {
    let [limit, length, blocks @ ..] = bytes else {
        return;
    };
    let limit = usize::from(*limit) * 256;
    let (first, second) = blocks
        .split_at_checked(usize::from(*length))
        .unwrap_or((blocks, &[]));
    let mut decoder = hpack::Decoder::default();
    for block in [first, second] {
        let Ok(fields) = linear(block.len(), || decoder.decode(block, limit)) else {
            return;
        };
        let size: usize = fields
            .iter()
            .map(|(name, value)| name.len() + value.len() + 32)
            .sum();
        assert!(size <= limit, "{size} bytes of fields with a limit of {limit}");
        let again = hpack::Decoder::default().decode(&hpack::encode(&fields), size);
        assert_eq!(again, Ok(fields), "encoded fields decode to others");
    }
}

/// What a proxy may send to an app.
///
/// # Panics
/// Where a byte is lost, moved or doubled, or the cut matters.
pub fn tap_splitter(bytes: &[u8]) {
    let Some((piece, choice, sent)) = cut(bytes) else {
        return;
    };
    let (switched, uwsgi) = (choice & 1 == 1, choice & 2 == 0);
    let whole = linear(sent.len(), || split(sent, usize::MAX, switched, uwsgi));
    assert_eq!(
        whole,
        split(sent, piece, switched, uwsgi),
        "pieces of {piece} bytes are split otherwise"
    );
    let kept: Vec<u8> = whole
        .iter()
        .flat_map(|cut| match cut {
            Cut::Head(bytes) | Cut::Body(bytes) => bytes.as_slice(),
            Cut::Begin | Cut::End => &[],
        })
        .copied()
        .collect();
    assert_eq!(kept, sent, "the tap kept other bytes than it passed on");
    let mut is_open = false;
    for cut in &whole {
        match cut {
            Cut::Begin => {
                assert!(!is_open, "a request begins within another");
                is_open = true;
            }
            Cut::End => {
                assert!(is_open, "a request ends that never began");
                is_open = false;
            }
            Cut::Head(_) | Cut::Body(_) => assert!(is_open || *cut == Cut::Body(Vec::new())),
        }
    }
}
