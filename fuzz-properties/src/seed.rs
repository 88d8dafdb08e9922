//! First inputs for every target, made by certs-gen and the encoders: honest ones, and one a fault.
//!
//! The same version makes the same bytes. `cargo xtask fuzz --seeds` writes them to `fuzz/seeds`, which is committed, so that
//! fuzzing begins with inputs that get through.

use std::collections::BTreeMap;

use attack_wire::http2::frame::{Frame, flag, kind};
use attack_wire::http2::hpack;
use certs_gen::{FAULTS, Group, Pki, PkiError};
use client_identity::{Certificate, Client, DIALECTS, DnStyle, HeaderNames, Verified};

use crate::dialect::{choice_of, written};
use crate::mutation::{Dice, PKI};

/// Larger certificates are left out: the corpus is committed, and size is tried by mutation.
const LARGEST: usize = 4096;
/// How many names of faults each style gets.
const NAMES: usize = 12;
/// Dialects that print names in one style each; they get every hostile name.
const PRINTERS: [&str; 5] = ["caddy", "envoy", "haproxy", "nginx", "traefik"];

/// Inputs by target and name.
pub type Seeds = BTreeMap<(&'static str, String), Vec<u8>>;

/// All of them.
///
/// # Errors
/// Where certs-gen cannot mint.
pub fn seeds() -> Result<Seeds, PkiError> {
    let mut seeds = Seeds::new();
    let pki = PKI.as_ref().ok_or(PkiError::Unavailable("the PKI of the seeds"))?;
    certificates(pki, &mut seeds)?;
    lists(pki, &mut seeds)?;
    let alice = pki.credential("alice")?.chain;
    headers(&alice, &mut seeds);
    transports(&alice, &mut seeds);
    for target in ["dialect_round_trip", "dn_round_trip"] {
        let mut dice = Dice::new(1);
        for (number, length) in [16, 40, 100, 200, 400].into_iter().enumerate() {
            let bytes = (0..length).map(|_| u8::try_from(dice.below(256)).unwrap_or(0));
            seeds.insert((target, format!("noise-{number}")), bytes.collect());
        }
    }
    seeds.insert(("empty", "nothing".to_owned()), Vec::new());
    Ok(seeds)
}

fn certificates(pki: &Pki, seeds: &mut Seeds) -> Result<(), PkiError> {
    let mut leaves = vec![("alice", None, pki.credential("alice")?)];
    for fault in FAULTS.iter() {
        leaves.push((fault.name, Some(fault.group), pki.credential(fault.name)?));
    }
    let mut names = 0;
    for (name, group, credential) in leaves {
        let Some(der) = credential.leaf().filter(|der| der.len() <= LARGEST) else {
            continue;
        };
        seeds.insert(("certificate", name.to_owned()), der.to_vec());
        if group.is_some_and(|group| group != Group::Names) {
            continue;
        }
        for dialect in PRINTERS {
            if let Some(choice) = choice_of(dialect) {
                let input = [&[choice], der].concat();
                seeds.insert(("boundary", format!("{dialect}-{name}")), input);
            }
        }
        if names < NAMES
            && let Ok(certificate) = Certificate::from_der(der)
        {
            names += 1;
            for (choice, style) in (0_u8..).zip(DnStyle::ALL) {
                let text = [vec![choice], style.print(&certificate.subject)].concat();
                seeds.insert(("dn_parse", format!("{style:?}-{name}").to_lowercase()), text);
            }
            let configured = [&[6], certificate.subject.to_rfc4514().as_bytes()].concat();
            seeds.insert(("dn_parse", format!("rfc4514-{name}")), configured);
        }
    }
    Ok(())
}

fn lists(pki: &Pki, seeds: &mut Seeds) -> Result<(), PkiError> {
    for list in pki.crls()? {
        seeds.insert(("crl", list.name.clone()), list.der);
    }
    for set in pki.crl_variants()? {
        for list in set.crls {
            seeds.insert(("crl", format!("{}-{}", set.name, list.name)), list.der);
        }
    }
    Ok(())
}

fn headers(alice: &[Vec<u8>], seeds: &mut Seeds) {
    let presented = |verified| Client::Presented {
        chain: alice.to_vec(),
        verified,
    };
    let expired = Verified::Failed {
        code: 10,
        text: "certificate has expired".to_owned(),
    };
    let clients = [
        ("alice", presented(Verified::Success)),
        ("expired", presented(expired)),
        ("absent", Client::Absent),
    ];
    for dialect in DIALECTS {
        let Some(choice) = choice_of(dialect.name()) else {
            continue;
        };
        for (who, client) in &clients {
            if let Ok(headers) = dialect.encode(client, &HeaderNames::defaults(*dialect)) {
                let name = format!("{}-{who}", dialect.name());
                seeds.insert(("dialect_decode", name), written(choice, 0, &headers));
            }
        }
        for leaf in alice.iter().take(1) {
            let input = [&[choice], leaf.as_slice()].concat();
            seeds.insert(("boundary", format!("{}-alice", dialect.name())), input);
        }
    }
}

/// A byte for the cut (whole, ordinary limits), then the answer.
fn answer(bytes: &[u8]) -> Vec<u8> {
    [&[0xff], bytes].concat()
}

fn transports(alice: &[Vec<u8>], seeds: &mut Seeds) {
    let mut add = |target, name: &str, bytes: Vec<u8>| {
        seeds.insert((target, name.to_owned()), bytes);
    };
    for (name, bytes) in hellos(alice) {
        add("hello_reply", name, answer(&bytes));
    }
    let responses: [(&str, &[u8]); 7] = [
        ("length", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX: y\r\n\r\nhiHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
        ("chunked", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;ext=1\r\nhello\r\n0\r\nTrailer: 1\r\n\r\n"),
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
        Frame::new(kind::HEADERS, flag::END_HEADERS | flag::END_STREAM, 1, hpack::encode(&fields)),
        Frame::new(kind::HEADERS, 0, 3, block),
        Frame::new(kind::CONTINUATION, flag::END_HEADERS, 3, indexed),
        Frame::new(kind::RST_STREAM, 0, 3, [0, 0, 0, 8]),
        Frame::new(kind::GOAWAY, 0, 0, [0, 0, 0, 1, 0, 0, 0, 2]),
    ];
    let bytes: Vec<u8> = frames.iter().flat_map(Frame::to_bytes).collect();
    add("http2_connection", "whole", answer(&bytes));
    add("http2_connection", "not-http2", answer(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    let requests: [(&str, &[u8]); 4] = [
        ("length", b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("chunked", b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nT: 1\r\n\r\nGET / HTTP/1.1\r\n\r\n"),
        ("upgrade", b"GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n\x81\x05hello"),
        ("http2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    ];
    for (name, bytes) in requests {
        add("tap_splitter", name, answer(bytes));
    }
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
