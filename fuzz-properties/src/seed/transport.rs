//! First answers of servers, and requests for the tap.

use attack_wire::http2::frame::{Frame, flag, kind};
use attack_wire::http2::hpack;

use super::Seeds;

/// A byte for the cut (whole, ordinary limits), then the answer.
fn answer(bytes: &[u8]) -> Vec<u8> {
    [&[0xff], bytes].concat()
}

pub(super) fn seeds(alice: &[Vec<u8>], seeds: &mut Seeds) {
    let mut add = |target, name: &str, bytes: Vec<u8>| {
        seeds.insert((target, name.to_owned()), bytes);
    };
    for (name, bytes) in hellos(alice) {
        add("hello_reply", name, answer(&bytes));
    }
    let responses: [(&str, &[u8]); 8] = [
        ("length", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\nhiHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
        ("chunked", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n0\r\nTrailer: 1\r\n\r\n"),
        ("chunks", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0011\r\nseventeen letters\r\n2;\r\n\r\n\r\n0\r\n\r\n"),
        ("close", b"HTTP/1.0 403 Forbidden\r\nX: a\r\n folded\r\n\r\nno"),
        ("interim", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 None\r\n\r\n"),
        ("conflicting", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"),
        ("lines", b"HTTP/1.1 200 OK\nno colon\n\tx\n: y\n\n"),
        ("other", b"SSH-2.0-OpenSSH\r\n"),
    ];
    for (name, bytes) in responses {
        add("http1_response", name, answer(bytes));
    }
    let fields: Vec<hpack::Field> = [(":status", "200"), ("server", "x"), ("X", "")]
        .map(|(name, value)| (name.into(), value.into()))
        .to_vec();
    let block = hpack::encode(&fields);
    let indexed = [0x88, 0x40, 1, b'a', 0x82, 0x1d, 0x7f, 0xbe, 0x3f, 0xe1, 0x1f];
    add("hpack", "literal", [&[255, 255], block.as_slice()].concat());
    add("hpack", "indexed", [&[255, 8][..], &indexed].concat());
    let frames = [
        Frame::new(kind::SETTINGS, 0, 0, [0, 4, 0, 1, 0, 0]),
        Frame::new(kind::SETTINGS, flag::ACK, 0, []),
        Frame::new(kind::WINDOW_UPDATE, 0, 0, [0, 0, 0xff, 0xff]),
        Frame::new(kind::PING, 0, 0, *b"12345678"),
        Frame::new(kind::HEADERS, flag::END_HEADERS, 1, block.clone()),
        Frame::new(kind::DATA, flag::PADDED, 1, *b"\x02hi\0\0"),
        Frame::new(
            kind::HEADERS,
            flag::END_HEADERS | flag::END_STREAM,
            1,
            hpack::encode(&fields),
        ),
        Frame::new(kind::HEADERS, 0, 3, block),
        Frame::new(kind::CONTINUATION, flag::END_HEADERS, 3, indexed),
        Frame::new(kind::RST_STREAM, 0, 3, [0, 0, 0, 8]),
        Frame::new(kind::GOAWAY, 0, 0, [0, 0, 0, 1, 0, 0, 0, 2]),
    ];
    let bytes: Vec<u8> = frames.iter().flat_map(Frame::to_bytes).collect();
    add("http2_connection", "whole", answer(&bytes));
    add(
        "http2_connection",
        "not-http2",
        answer(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    );
    let requests: [(&str, &[u8]); 4] = [
        ("length", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("chunked", b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nT: 1\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
        ("upgrade", b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n\x81\x05hello"),
        ("http2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ];
    for (name, bytes) in requests {
        add("tap_splitter", name, answer(bytes));
    }
    // The second bit after the cut asks for uwsgi packets: modifier, size, variables.
    let packet = b"\x00\x0e\x00\x00\x04\x00HTTP\x02\x00on\x00\x00\x00\x00body";
    add("tap_splitter", "uwsgi", [&[0x9f][..], packet].concat());
}

fn hellos(alice: &[Vec<u8>]) -> Vec<(&'static str, Vec<u8>)> {
    let sized = |content: &[u8], octets: usize| {
        let length = content.len().to_be_bytes();
        [length.get(8 - octets..).unwrap_or_default(), content].concat()
    };
    let record = |kind: u8, content: &[u8]| [&[kind, 3, 3][..], &sized(content, 2)].concat();
    let message = |kind: u8, body: &[u8]| [&[kind][..], &sized(body, 3)].concat();
    let hello = |random: &[u8], suite: u16, extensions: &[u8]| {
        let head = [&[3, 3][..], random, &[0], &suite.to_be_bytes(), &[0]].concat();
        message(2, &[head, sized(extensions, 2)].concat())
    };
    let retry = b"\xCF\x21\xAD\x74\xE5\x9A\x61\x11\xBE\x1D\x8C\x02\x1E\x65\xB8\x91\
\xC2\xA2\x11\x16\x7A\xBB\x8C\x5E\x07\x9E\x09\xE2\xC8\xA8\x33\x9C";
    let tls13 = [&[0, 43, 0, 2, 3, 4, 0, 51, 0, 6, 0, 29, 0, 2][..], &[9, 9]].concat();
    let chain: Vec<u8> = alice.iter().flat_map(|der| sized(der, 3)).collect();
    let flight = [
        hello(&[7; 32], 0xC02F, &[0xff, 1, 0, 1, 0]),
        message(11, &sized(&chain, 3)),
        message(22, &[&[1][..], &sized(b"staple", 3)].concat()),
        message(12, &[3, 0, 29, 2, 9, 9, 4, 3, 0, 1, 0]),
        message(13, &[1, 64, 0, 2, 4, 3, 0, 4, 0, 2, 0x30, 0]),
        message(14, &[]),
    ]
    .concat();
    vec![
        ("alert", record(21, &[2, 40])),
        ("warning", [record(21, &[1, 112]), record(21, &[2, 47])].concat()),
        ("tls13", record(22, &hello(&[7; 32], 0x1301, &tls13))),
        ("retry", record(22, &hello(retry, 0x1301, &tls13))),
        ("tls12", record(22, &flight)),
        (
            "sslv2",
            [&[0x80, 14, 4, 0, 1, 0, 2, 0, 0, 0, 3, 0, 0][..], &[1, 0, 128]].concat(),
        ),
        ("http", b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec()),
    ]
}
