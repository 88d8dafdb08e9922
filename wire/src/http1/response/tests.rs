use std::io::Write;
use std::os::unix::net::UnixStream;
use std::thread;
use std::time::Duration;

use super::*;
use crate::transport::Stream;

const LIMITS: Limits = Limits {
    head: 200,
    headers: 5,
    body: 100,
    interim: 2,
};

/// What the reader makes of `bytes` followed by the end of the connection.
fn read(method: &str, bytes: &[u8]) -> Result<Response, ReadFailure> {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    let bytes = bytes.to_vec();
    thread::spawn(move || theirs.write_all(&bytes));
    let mut channel = Channel::from(Stream::from(ours));
    ResponseReader::new(LIMITS).read(&mut channel, method, Deadline::after(Duration::from_secs(5)))
}

fn fault(bytes: &[u8]) -> ReadFault {
    read("GET", bytes).unwrap_err().fault
}

#[test]
fn reads_a_plain_response() {
    let response = read(
        "GET",
        b"HTTP/1.1 200 All right\r\nA: 1\r\na : 2\r\nContent-Length: 2\r\n\r\nhi",
    )
    .unwrap();
    assert_eq!(
        (response.status, response.reason.as_slice()),
        (200, &b"All right"[..])
    );
    assert_eq!(response.header("a").collect::<Vec<_>>(), [b"1", b"2"]);
    assert_eq!(
        (response.body.as_slice(), response.end),
        (&b"hi"[..], BodyEnd::Complete)
    );
}

#[test]
fn tolerates_bare_lf_folding_and_lines_without_colon() {
    let response = read("GET", b"HTTP/1.0 404\nA: 1\n\t2\nodd\n\nrest").unwrap();
    assert_eq!(
        response.headers,
        [(b"A".to_vec(), b"1 2".to_vec()), (b"odd".to_vec(), Vec::new())]
    );
    assert_eq!(
        (response.framing, response.body.as_slice()),
        (Framing::UntilClose, &b"rest"[..])
    );
}

#[test]
fn reads_chunks_and_trailers() {
    let bytes = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n2;x=y\r\nhi\r\n1\r\n!\r\n0\r\nT: 1\r\n\r\n";
    let response = read("GET", bytes).unwrap();
    assert_eq!(
        (response.body.as_slice(), &response.end),
        (&b"hi!"[..], &BodyEnd::Complete)
    );
    assert_eq!(response.trailers, [(b"T".to_vec(), b"1".to_vec())]);
}

#[test]
fn broken_chunks_are_told_and_keep_the_body() {
    for (tail, body) in [
        ("zz\r\n", ""),
        ("2\r\nhixx\r\n", "hi"),
        ("-1\r\n", ""),
        ("1ffffffffffffffff\r\n", ""),
    ] {
        let bytes = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{tail}");
        let response = read("GET", bytes.as_bytes()).unwrap();
        assert!(
            matches!(response.end, BodyEnd::Malformed(_)),
            "{tail:?}: {:?}",
            response.end
        );
        assert_eq!(response.body, body.as_bytes());
    }
}

#[test]
fn a_length_is_never_trusted() {
    let short = read(
        "GET",
        b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\nhi",
    )
    .unwrap();
    assert_eq!(
        (short.body.as_slice(), short.end),
        (&b"hi"[..], BodyEnd::Cut(Received::Eof))
    );
    let mut long = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec();
    long.resize(1100, b'x');
    let long = read("GET", &long).unwrap();
    assert_eq!((long.body.len(), long.end), (LIMITS.body, BodyEnd::Limit));
}

#[test]
fn conflicting_lengths_are_told() {
    for lengths in [
        "1\r\nContent-Length: 2",
        "1, 2",
        "+1",
        "-1",
        "0x1",
        "99999999999999999999",
        "1 1",
    ] {
        let bytes = format!("HTTP/1.1 200 OK\r\nContent-Length: {lengths}\r\n\r\nhi");
        let response = read("GET", bytes.as_bytes()).unwrap();
        assert_eq!(
            (response.framing, response.body.as_slice()),
            (Framing::Conflicting, &b"hi"[..]),
            "{lengths}"
        );
    }
    assert_eq!(
        read("GET", b"HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nhi")
            .unwrap()
            .framing,
        Framing::Length(2)
    );
}

#[test]
fn bodiless_responses_have_no_body() {
    for (method, status) in [
        ("HEAD", 200),
        ("GET", 204),
        ("GET", 304),
        ("GET", 101),
        ("CONNECT", 200),
    ] {
        let bytes = format!("HTTP/1.1 {status} X\r\nContent-Length: 5\r\n\r\nhello");
        let response = read(method, bytes.as_bytes()).unwrap();
        assert_eq!(
            (response.framing, response.body.len()),
            (Framing::NoBody, 0),
            "{method} {status}"
        );
    }
}

#[test]
fn interim_responses_are_kept_and_bounded() {
    let one = b"HTTP/1.1 100 Continue\r\nA: b\r\n\r\n";
    let mut bytes = one.repeat(2);
    bytes.extend_from_slice(b"HTTP/1.1 204 X\r\n\r\n");
    let response = read("GET", &bytes).unwrap();
    assert_eq!((response.status, response.interim.len()), (204, 2));
    assert_eq!(fault(&one.repeat(9)), ReadFault::TooLarge);
}

#[test]
fn endless_heads_are_cut() {
    let one_line = [b"HTTP/1.1 200 OK\r\nA: ".as_slice(), &[b'x'; 10_000]].concat();
    assert_eq!(fault(&one_line), ReadFault::TooLarge);
    let many_lines = [b"HTTP/1.1 200 OK\r\n".as_slice(), &b"a: b\r\n".repeat(6)].concat();
    assert_eq!(fault(&many_lines), ReadFault::TooLarge);
    assert_eq!(
        fault(&[b"HTTP/1.1 200 ".as_slice(), &[b'x'; 10_000]].concat()),
        ReadFault::TooLarge
    );
}

#[test]
fn what_is_no_http_is_said_so() {
    for bytes in [
        &b"SSH-2.0-x\r\n"[..],
        b"220 mail",
        b"<html>",
        b"HTTP/1.1 2x0 OK\r\n\r\n",
        b"HTTP/1.1\r\n\r\n",
    ] {
        let failure = read("GET", bytes).unwrap_err();
        assert_eq!(failure.fault, ReadFault::NotHttp);
        assert!(!failure.received.is_empty());
    }
    assert_eq!(fault(b""), ReadFault::Closed);
    assert_eq!(fault(b"HTT"), ReadFault::Closed);
}

#[test]
fn pipelined_responses_are_read_one_by_one() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    theirs
        .write_all(
            b"HTTP/1.1 200 A\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 201 B\r\nContent-Length: 1\r\n\r\n2x",
        )
        .unwrap();
    drop(theirs);
    let mut channel = Channel::from(Stream::from(ours));
    let mut reader = ResponseReader::new(LIMITS);
    let deadline = Deadline::after(Duration::from_secs(5));
    for (status, body) in [(200, b"1"), (201, b"2")] {
        let response = reader.read(&mut channel, "GET", deadline).unwrap();
        assert_eq!((response.status, response.body.as_slice()), (status, &body[..]));
    }
    assert_eq!(reader.leftover(), b"x");
}

#[test]
fn a_slow_drip_ends_at_the_deadline() {
    let (ours, mut theirs) = UnixStream::pair().unwrap();
    thread::spawn(move || {
        while theirs.write_all(b"HTTP/1.1 200 OK").is_ok() {
            thread::sleep(Duration::from_millis(5));
        }
    });
    let mut channel = Channel::from(Stream::from(ours));
    let mut reader = ResponseReader::new(Limits::default());
    let failure = reader
        .read(&mut channel, "GET", Deadline::after(Duration::from_millis(60)))
        .unwrap_err();
    assert_eq!(failure.fault, ReadFault::Timeout);
}
