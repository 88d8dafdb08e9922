//! The splitter on its own, then the relay over real sockets.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::{Duration, Instant};

use super::splitter::{Piece, Splitter};
use super::*;

/// The requests that the splitter sees when the bytes come in pieces of `step`.
fn split(bytes: &[u8], step: usize, switched: bool) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut requests: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
    let mut splitter = Splitter::new(Framing::Http);
    for piece in bytes.chunks(step) {
        splitter.feed(piece, switched, &mut |piece| match piece {
            Piece::Begin => requests.push(Default::default()),
            Piece::Head(bytes) => requests.last_mut().unwrap().0.extend_from_slice(bytes),
            Piece::Body(bytes) => requests.last_mut().unwrap().1.extend_from_slice(bytes),
            Piece::End => {}
        });
    }
    requests
}

fn check(wire: &[(&str, &str)]) {
    let bytes: String = wire.iter().map(|(head, body)| format!("{head}{body}")).collect();
    let expected: Vec<_> = wire
        .iter()
        .map(|(head, body)| (head.as_bytes().to_vec(), body.as_bytes().to_vec()))
        .collect();
    for step in [1, 2, 3, 7, 4096] {
        assert_eq!(
            split(bytes.as_bytes(), step, false),
            expected,
            "in pieces of {step}"
        );
    }
}

#[test]
fn pipelined_requests_are_cut_whatever_the_pieces() {
    check(&[
        ("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", ""),
        ("POST /b HTTP/1.1\r\ncontent-length: 5\r\n\r\n", "he\r\no"),
        (
            "POST /c HTTP/1.1\nTransfer-Encoding: gzip, Chunked\n\n",
            "3;ext=ab\r\nabc\r\n0\r\nTrailer: x\r\n\r\n",
        ),
        ("\r\nGET /d HTTP/1.1\r\n\r\n", ""),
    ]);
}

#[test]
fn what_is_no_http_stays_with_its_request() {
    check(&[("PRI * HTTP/2.0\r\n\r\n", "SM\r\n\r\n\0\0\0\u{4}")]);
    check(&[("CONNECT x:1 HTTP/1.1\r\n\r\n", "\r\n\r\nGET / HTTP/1.1\r\n\r\n")]);
    check(&[(
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "\r\nGET / HTTP/1.1\r\n\r\n",
    )]);
    check(&[(
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "fffffffffffffffffffff\r\nGET / HTTP/1.1\r\n\r\n",
    )]);
}

#[test]
fn an_upgrade_is_raw_only_after_a_101() {
    let bytes = b"GET / HTTP/1.1\r\nUpgrade: h2c\r\n\r\nGET /next HTTP/1.1\r\n\r\n";
    assert_eq!(split(bytes, 4096, false).len(), 2);
    assert_eq!(split(bytes, 4096, true).len(), 1);
}

/// An app that answers `ok` to whatever comes and notes the end.
fn tcp_app(answer: &'static [u8]) -> TapAddress {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = TapAddress::Tcp(listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut buffer = [0; 65536];
            while stream.read(&mut buffer).is_ok_and(|count| count > 0) {
                if stream.write_all(answer).is_err() {
                    break;
                }
            }
        }
    });
    address
}

fn any_port() -> TapAddress {
    "127.0.0.1:0".parse().unwrap()
}

fn connect(tap: &Tap) -> TcpStream {
    let Some(TapAddress::Tcp(address)) = tap.listen_address() else {
        panic!("a TCP tap")
    };
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    stream
}

#[test]
fn a_request_is_found_as_soon_as_it_is_answered() {
    let tap = Tap::start(&any_port(), &tcp_app(b"ok")).unwrap();
    let mut stream = connect(&tap);
    for number in 0..200 {
        let nonce = format!("n{number}n");
        stream
            .write_all(format!("GET /?{nonce} HTTP/1.1\r\nX_A:\tb \r\n\r\n").as_bytes())
            .unwrap();
        stream.read_exact(&mut [0; 2]).unwrap();
        let found = tap.requests_with(nonce.as_bytes());
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].head,
            format!("GET /?{nonce} HTTP/1.1\r\nX_A:\tb \r\n\r\n").as_bytes()
        );
        assert_eq!((found[0].index, found[0].truncated), (number, false));
    }
}

#[test]
fn unix_sockets_are_relayed_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.sock");
    let app = UnixListener::bind(&path).unwrap();
    let tap_path = folder.path().join("tap.sock");
    let tap = Tap::start(&TapAddress::Unix(tap_path.clone()), &TapAddress::Unix(path)).unwrap();
    let mut client = UnixStream::connect(&tap_path).unwrap();
    let (mut served, _) = app.accept().unwrap();
    client.write_all(b"GET / HTTP/1.0\r\n\r\n").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    let mut text = String::new();
    served.read_to_string(&mut text).unwrap();
    served.write_all(b"late answer").unwrap();
    drop(served);
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert_eq!(
        (text.as_str(), answer.as_str()),
        ("GET / HTTP/1.0\r\n\r\n", "late answer")
    );
    tap.stop();
    assert!(!tap_path.exists());
}

#[test]
fn a_reset_is_passed_on() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let tap = Tap::start(&any_port(), &TapAddress::Tcp(listener.local_addr().unwrap())).unwrap();
    let mut client = connect(&tap);
    client.write_all(b"GET ").unwrap();
    let (mut served, _) = listener.accept().unwrap();
    served.read_exact(&mut [0; 4]).unwrap();
    socket2::SockRef::from(&served)
        .set_linger(Some(Duration::ZERO))
        .unwrap();
    drop(served);
    assert_eq!(
        client.read(&mut [0; 1]).unwrap_err().kind(),
        std::io::ErrorKind::ConnectionReset
    );
}

#[test]
fn an_app_that_is_not_there_resets() {
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let tap = Tap::start(&any_port(), &TapAddress::Tcp(gone)).unwrap();
    assert!(!matches!(connect(&tap).read(&mut [0; 1]), Ok(1..)));
}

#[test]
fn memory_is_bounded_and_the_newest_stay() {
    let tap = Tap::start(&any_port(), &tcp_app(b"")).unwrap();
    let mut stream = connect(&tap);
    let mut head = b"GET /long HTTP/1.1\r\nA: ".to_vec();
    head.resize(HEAD_LIMIT + 1000, b'a');
    head.extend_from_slice(b"\r\n\r\n");
    stream.write_all(&head).unwrap();
    for number in 0..=REQUESTS_LIMIT {
        stream
            .write_all(format!("GET /{number} HTTP/1.1\r\n\r\n").as_bytes())
            .unwrap();
    }
    let deadline = Instant::now() + Duration::from_secs(10);
    let last = format!("GET /{REQUESTS_LIMIT} ");
    while tap.requests_with(last.as_bytes()).is_empty() {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(tap.dropped(), 2);
    assert_eq!(tap.requests_with(b"").len(), REQUESTS_LIMIT);
}

#[test]
fn stopping_frees_the_port_and_ends_connections() {
    let tap = Tap::start(&any_port(), &tcp_app(b"ok")).unwrap();
    let Some(&TapAddress::Tcp(address)) = tap.listen_address() else {
        panic!("a TCP tap")
    };
    let mut client = connect(&tap);
    client.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    client.read_exact(&mut [0; 2]).unwrap();
    tap.stop();
    assert!(!matches!(client.read(&mut [0; 1]), Ok(1..)));
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn requests_are_written_to_a_private_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("requests.jsonl");
    let to = tcp_app(b"ok");
    let tap = Tap::start_recording(&any_port(), &to, &path).unwrap();
    let mut client = connect(&tap);
    client
        .write_all(b"POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n\xff\x00")
        .unwrap();
    client.read_exact(&mut [0; 2]).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let line: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["head"], "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n");
    assert_eq!(line["body_base64"], "/wA=");
    assert_eq!(
        std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    assert!(matches!(
        Tap::start_recording(&any_port(), &to, &path),
        Err(TapError::Record { .. })
    ));
}

/// A proxy that leaves without a word has said nothing, and what it says is of the face that it met.
#[test]
fn an_old_version_is_answered_only_by_what_the_proxy_says_to_it() {
    let pki = certs_gen::Pki::generate(&certs_gen::PkiSpec::default()).unwrap();
    let server = pki.server("server").unwrap();
    let right = Face {
        key: server.key.pkcs8_der().unwrap().to_vec(),
        chain: server.chain,
        asks: None,
        named: None,
        old: None,
        tampers: None,
    };
    let old = Face {
        old: Some(0x0302),
        ..right.clone()
    };
    let faces = Faces {
        faces: [("right".to_owned(), right), ("old".to_owned(), old)].into(),
        honest: "right".to_owned(),
    };
    let tap = Tap::start_tls(&any_port(), &any_port(), Framing::Http, &faces).unwrap();
    assert_eq!(tap.answers(), None);
    assert!(tap.show(Some("old")));
    let hello = attack_wire::tls::hello::Hello::new(0x0303, vec![0xc009]).to_bytes();
    let speak = |word: &[u8]| {
        let mut stream = connect(&tap);
        stream.write_all(&hello).unwrap();
        let mut head = [0; 5];
        stream.read_exact(&mut head).unwrap();
        assert_eq!(head[..3], [22, 3, 2]);
        stream.write_all(word).unwrap();
        stream
    };
    drop(speak(&[]));
    let alert = speak(&[21, 3, 1, 0, 2, 2, 70]);
    let said = Some(vec![Answer::Alert(70)]);
    for _ in 0..200 {
        if tap.answers() == said {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(tap.answers(), said);
    drop(alert);
    assert!(tap.show(None));
    assert_eq!(tap.answers(), None);
}
