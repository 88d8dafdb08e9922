//! Work is linear: eight times the input costs about eight times the time, for the shapes that make a careless reader go back
//! and forth.
//!
//! The thread's own processor time is compared, the least of several runs, so that other work on the machine does not matter;
//! quadratic work would cost sixty-four times as much, and three times the linear cost is allowed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use client_identity::{DIALECTS, DnStyle, Header, HeaderNames};
use fuzz_properties::effort::spent;

const SMALL: usize = 16 * 1024;
const FACTOR: usize = 8;
const ALLOWED: u32 = 24;
/// Below this a cost says nothing.
const NOTHING: Duration = Duration::from_millis(5);
const RUNS: usize = 3;

fn cost(work: &dyn Fn(&[u8]), input: &[u8]) -> Duration {
    (0..RUNS)
        .map(|_| {
            let before = spent();
            work(input);
            spent().saturating_sub(before)
        })
        .min()
        .unwrap()
}

/// `what` does `work` on a repeated piece between a beginning and an end.
fn scales(what: &str, (start, piece, end): (&[u8], &[u8], &[u8]), work: &dyn Fn(&[u8])) {
    let input = |size: usize| {
        let middle = piece.repeat(size / piece.len());
        [start, &middle, end].concat()
    };
    let small = cost(work, &input(SMALL));
    let large = cost(work, &input(SMALL * FACTOR));
    assert!(
        large <= small * ALLOWED + NOTHING,
        "{what} with {}: {SMALL} bytes take {small:?}, {FACTOR} times as many {large:?}",
        piece.escape_ascii()
    );
}

/// Pieces of names: separators, escapes, quotes, long values, many attributes.
const PIECES: [&[u8]; 14] = [
    b"a",
    b",CN=a",
    b"/CN=a",
    b"+CN=a",
    b"\\,",
    b"\\2C",
    b"\\x2C",
    b"\\",
    b"%0A",
    b"%",
    b"/",
    b",",
    b" ",
    b"\xc3\xab",
];

#[test]
fn names_are_read_in_linear_time() {
    for style in DnStyle::ALL {
        for piece in PIECES {
            for start in [&b"CN="[..], b"/CN="] {
                let work = |text: &[u8]| drop(style.parse(text));
                scales(&format!("{style:?}"), (start, piece, b""), &work);
            }
        }
    }
}

#[test]
fn header_values_are_read_in_linear_time() {
    for dialect in DIALECTS {
        let names = HeaderNames::defaults(*dialect);
        for spec in dialect.roles() {
            for piece in [
                &b","[..],
                b"%0A",
                b"A",
                b" ",
                b";",
                b"\"",
                b"MII,",
                b"-----BEGIN CERTIFICATE-----\n",
            ] {
                let work = |value: &[u8]| {
                    let headers = [Header::new(spec.default_name, value)];
                    drop(dialect.decode(&headers, &names));
                };
                let what = format!("{} {}", dialect.name(), spec.default_name);
                scales(&what, (b"", piece, b""), &work);
            }
        }
    }
}

#[test]
fn certificates_are_read_in_linear_time() {
    for piece in [&[0x30, 0][..], &[0x31, 0], &[0x30, 0x80], &[4, 0]] {
        let work = |der: &[u8]| fuzz_properties::certificate::run(&certs_gen::der::tlv(0x30, der), &[]);
        scales("certificate", (b"", piece, b""), &work);
    }
}

#[cfg(feature = "engine")]
#[test]
fn answers_and_files_are_read_in_linear_time() {
    type Shape = (&'static str, &'static [u8], &'static [u8], &'static [u8]);
    let shapes: [Shape; 9] = [
        ("http1_response", b"\xffHTTP/1.1 200 OK\r\n", b"A: b\r\n", b"\r\n"),
        (
            "http1_response",
            b"\xffHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"1\r\na\r\n",
            b"0\r\n\r\n",
        ),
        ("tap_splitter", b"\xff", b"GET / HTTP/1.1\r\n\r\n", b""),
        (
            "tap_splitter",
            b"\xffGET / HTTP/1.1\r\n",
            b"Transfer-Encoding: chunke\r\n",
            b"\r\n",
        ),
        ("hello_reply", b"\xff", b"\x15\x03\x03\x00\x02\x01\x70", b""),
        (
            "http2_connection",
            b"\xff\0\0\0\x04\0\0\0\0\0",
            b"\0\0\0\x06\0\0\0\0\0",
            b"",
        ),
        ("hpack", b"\xff\x00", b"\x82", b""),
        ("recording", b"", b"{\"event\":\"notice\",\"text\":\"x\"}\n", b""),
        ("scenario", b"title = \"", b"a", b"\""),
    ];
    for (name, start, piece, end) in shapes {
        let target = fuzz_properties::target(name).unwrap();
        scales(name, (start, piece, end), &|input| (target.run)(input));
    }
}
