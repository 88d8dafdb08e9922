use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use super::server::{at_once, dial, listen, script, soon};
use crate::address::Address;
use crate::http1::Limits;
use crate::http2::client::{Connection, End, PREFACE, Reply, Request};
use crate::http2::frame::{Frame, flag, kind};
use crate::http2::hpack::{Decoder, encode};
use crate::transport::Received;

const LIMITS: Limits = Limits {
    head: 10_000,
    headers: 100,
    body: 2 << 20,
    interim: 2,
};

fn open(address: &Address) -> Connection {
    Connection::open(dial(address).into(), LIMITS, Duration::ZERO, soon())
}

fn get() -> Request {
    Request::new("GET", "/", "a.test")
}

fn status(code: &str) -> Vec<u8> {
    encode(&[(b":status".to_vec(), code.as_bytes().to_vec())])
}

fn headers(flags: u8, code: &str) -> Frame {
    Frame::new(kind::HEADERS, flags, 1, status(code))
}

/// What the client makes of a server that sends SETTINGS and then `frames`, whatever it is told.
fn answered(frames: &[Frame]) -> Reply {
    let settings = Frame::new(kind::SETTINGS, 0, 0, []);
    let bytes = std::iter::once(&settings)
        .chain(frames)
        .flat_map(Frame::to_bytes)
        .collect();
    open(&script(bytes)).exchange(&get(), soon())
}

fn next(socket: &mut TcpStream) -> Option<Frame> {
    let mut head = [0; 9];
    socket.read_exact(&mut head).ok()?;
    let mut bytes = head.to_vec();
    bytes.resize(9 + crate::http2::frame::payload_length(&head), 0);
    socket.read_exact(&mut bytes[9..]).ok()?;
    Frame::parse(&bytes).map(|(frame, _)| frame)
}

/// Answers each finished request with its own header list, encoded as a body, and the request's body.
fn mirror(mut socket: TcpStream) {
    let mut preface = [0; 24];
    socket.read_exact(&mut preface).unwrap();
    assert_eq!(&preface, PREFACE);
    socket
        .write_all(&Frame::new(kind::SETTINGS, 0, 0, []).to_bytes())
        .unwrap();
    let mut decoder = Decoder::default();
    let (mut block, mut body) = (Vec::new(), Vec::new());
    let mut ending = false;
    while let Some(frame) = next(&mut socket) {
        match frame.kind {
            kind::HEADERS | kind::CONTINUATION => {
                block.extend_from_slice(&frame.payload);
                ending |= frame.kind == kind::HEADERS && frame.has(flag::END_STREAM);
                if frame.has(flag::END_HEADERS) {
                    for (name, value) in decoder.decode(&std::mem::take(&mut block), 1 << 20).unwrap() {
                        body.extend([name, b"=".to_vec(), value, b"\n".to_vec()].concat());
                    }
                }
            }
            kind::DATA => {
                body.extend_from_slice(&frame.payload);
                ending |= frame.has(flag::END_STREAM);
                let credit = u32::try_from(frame.payload.len()).unwrap().to_be_bytes();
                for stream in [0, frame.stream] {
                    if credit != [0; 4] {
                        socket
                            .write_all(&Frame::new(kind::WINDOW_UPDATE, 0, stream, credit).to_bytes())
                            .unwrap();
                    }
                }
            }
            _ => {}
        }
        if ending && block.is_empty() {
            ending = false;
            let mut answer =
                Frame::new(kind::HEADERS, flag::END_HEADERS, frame.stream, status("200")).to_bytes();
            for piece in std::mem::take(&mut body).chunks(16_384) {
                answer.extend(Frame::new(kind::DATA, 0, frame.stream, piece).to_bytes());
            }
            answer.extend(Frame::new(kind::DATA, flag::END_STREAM, frame.stream, []).to_bytes());
            socket.write_all(&answer).unwrap();
        }
    }
}

#[test]
fn any_header_list_reaches_the_server_as_it_is() {
    let mut connection = open(&listen(mirror));
    let request = get().header("X-Upper", "a\r\nEvil: 1").header(":path", "/other");
    let request = Request {
        trailers: vec![(b"t".to_vec(), b"1".to_vec())],
        ..request
    };
    for _ in 0..2 {
        let reply = connection.exchange(&request, soon());
        let expected = ":method=GET\n:scheme=https\n:authority=a.test\n:path=/\n";
        let expected = format!("{expected}X-Upper=a\r\nEvil: 1\n:path=/other\nt=1\n");
        assert_eq!((reply.status, reply.end), (Some(200), End::Complete));
        assert_eq!(String::from_utf8(reply.body).unwrap(), expected);
    }
}

#[test]
fn a_mebibyte_goes_both_ways_under_flow_control() {
    let request = Request {
        fields: Vec::new(),
        body: vec![b'x'; 1 << 20],
        trailers: Vec::new(),
    };
    let reply = open(&listen(mirror)).exchange(&request, soon());
    assert_eq!((reply.end, reply.body.len()), (End::Complete, 1 << 20));
}

#[test]
fn a_long_header_list_is_continued() {
    let reply = open(&listen(mirror)).exchange(&get().header("long", vec![b'x'; 40_000]), soon());
    assert_eq!((reply.end, reply.body.len() > 40_000), (End::Complete, true));
}

#[test]
fn every_end_of_a_stream_is_told() {
    let whole = flag::END_HEADERS | flag::END_STREAM;
    let reply = answered(&[headers(flag::END_HEADERS, "103"), headers(whole, "404")]);
    assert_eq!(
        (reply.status, reply.interim, reply.end),
        (Some(404), 1, End::Complete)
    );
    assert_eq!(
        answered(&[Frame::new(kind::RST_STREAM, 0, 1, [0, 0, 0, 11])]).end,
        End::Reset(11)
    );
    assert_eq!(
        answered(&[Frame::new(kind::GOAWAY, 0, 0, [0, 0, 0, 0, 0, 0, 0, 13])]).end,
        End::GoAway(13)
    );
    assert_eq!(
        answered(&vec![headers(flag::END_HEADERS, "103"); 3]).end,
        End::Limit
    );
    let cut = open(&listen(|mut socket| {
        socket
            .write_all(&Frame::new(kind::SETTINGS, 0, 0, []).to_bytes())
            .unwrap();
        socket
            .write_all(&headers(flag::END_HEADERS, "200").to_bytes())
            .unwrap();
        std::thread::sleep(Duration::from_secs(1));
    }))
    .exchange(&get(), at_once());
    assert_eq!(
        (cut.status, cut.end),
        (Some(200), End::Connection(Received::Timeout))
    );
}

#[test]
fn hostile_frames_are_ends() {
    let malformed = |frame: Frame| matches!(answered(&[frame]).end, End::Malformed(_));
    assert!(malformed(Frame::new(kind::HEADERS, flag::END_HEADERS, 1, [0xBE])));
    assert!(malformed(Frame::new(kind::HEADERS, flag::END_HEADERS, 1, [])));
    assert!(malformed(headers(flag::END_HEADERS, "2x0")));
    assert!(malformed(Frame::new(kind::DATA, flag::PADDED, 1, [9])));
    assert!(malformed(Frame::new(kind::DATA, 0, 1, vec![0; 20_000])));
    assert!(malformed(Frame::new(kind::PUSH_PROMISE, 0, 1, [])));
    let mut flood = vec![headers(0, "200")];
    flood.resize(50, Frame::new(kind::CONTINUATION, 0, 1, vec![0; 1000]));
    assert_eq!(answered(&flood).end, End::Limit);
    assert_eq!(
        answered(&vec![Frame::new(0xAA, 0, 1, []); 30_000]).end,
        End::Limit
    );
}

#[test]
fn what_is_no_http_2_is_said_so() {
    let reply = open(&script(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())).exchange(&get(), soon());
    assert_eq!(
        reply.end,
        End::NotHttp2(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())
    );
}
