//! The first flight of a server that speaks one version of TLS up to 1.2 and cannot finish: a ServerHello, its certificate, and
//! parameters whose signature is of nobody (RFC 4346 section 7.4, RFC 5246 section 7.4, RFC 8422 section 5.4).
//!
//! A client looks at the version first. One that does not speak it says `protocol_version` (70) or another thing than to TLS 1.2;
//! one that does reads on to the signature. So its alerts tell whether it would have spoken the version, although nobody here
//! can.

use super::encoding::{Cursor, vector8, vector16, vector24};
use super::hello::TLS12;
use super::rogue::link::{ALERT, HANDSHAKE};
use super::rogue::message::{
    CERTIFICATE, CLIENT_HELLO, SERVER_HELLO, SERVER_HELLO_DONE, SERVER_KEY_EXCHANGE, message,
};

const NAMED_CURVE: u8 = 3;
/// secp256r1.
const CURVE_P256: u16 = 23;
/// Octets of a hello's random value.
const RANDOM_LENGTH: usize = 32;
/// RFC 5746 section 3.4: an empty one; OpenSSL speaks with no server that sends none.
const RENEGOTIATION_INFO: [u8; 5] = [0xff, 0x01, 0x00, 0x01, 0x00];
/// ecdsa_secp256r1_sha256, which TLS 1.2 alone has in its parameters.
const ECDSA_SHA256: [u8; 2] = [0x04, 0x03];
/// TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA and its sibling with 256 bits: for every version from 1.0 to 1.2.
const SUITES: [u16; 2] = [0xc009, 0xc00a];
/// Suites of ECDHE_ECDSA that only TLS 1.2 has, for clients that offer no other.
const NEWER_SUITES: [u16; 4] = [0xc02b, 0xc02c, 0xcca9, 0xc023];
/// The generator of P-256, uncompressed: a point that every client takes (SEC 2, section 2.4.2).
const POINT: [u8; 65] = [
    0x04, 0x6b, 0x17, 0xd1, 0xf2, 0xe1, 0x2c, 0x42, 0x47, 0xf8, 0xbc, 0xe6, 0xe5, 0x63, 0xa4, 0x40, 0xf2,
    0x77, 0x03, 0x7d, 0x81, 0x2d, 0xeb, 0x33, 0xa0, 0xf4, 0xa1, 0x39, 0x45, 0xd8, 0x98, 0xc2, 0x96, 0x4f,
    0xe3, 0x42, 0xe2, 0xfe, 0x1a, 0x7f, 0x9b, 0x8e, 0xe7, 0xeb, 0x4a, 0x7c, 0x0f, 0x9e, 0x16, 0x2b, 0xce,
    0x33, 0x57, 0x6b, 0x31, 0x5e, 0xce, 0xcb, 0xb6, 0x40, 0x68, 0x37, 0xbf, 0x51, 0xf5,
];
/// An ECDSA signature that is well-formed and of nobody: r = s = 1.
const SIGNATURE: [u8; 8] = [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01];

/// What came of the first flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// This alert.
    Alert(u8),
    /// A handshake message: the client goes on.
    Continued,
    /// Something that is no record of TLS.
    Garbled,
}

impl std::fmt::Display for Answer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Alert(number) => write!(formatter, "alert {number}"),
            Self::Continued => formatter.write_str("a handshake message"),
            Self::Garbled => formatter.write_str("something that is no TLS"),
        }
    }
}

/// The cipher suites of a ClientHello in its records; `None` until it is whole, or where it is none.
pub fn offered_suites(bytes: &[u8]) -> Option<Vec<u16>> {
    let mut message = Vec::new();
    let mut records = Cursor(bytes);
    while let Some(HANDSHAKE) = records.byte() {
        records.short()?;
        message.extend_from_slice(records.vector16()?);
        let mut hello = Cursor(&message);
        if hello.byte()? != CLIENT_HELLO {
            return None;
        }
        let Some(body) = hello.vector24() else { continue };
        let mut body = Cursor(body);
        body.short()?;
        body.take(RANDOM_LENGTH)?;
        body.vector8()?;
        let suites = body.vector16()?;
        let pairs = suites.chunks_exact(2);
        return Some(
            pairs
                .filter_map(|pair| pair.first_chunk())
                .map(|pair| u16::from_be_bytes(*pair))
                .collect(),
        );
    }
    None
}

/// The flight in `version` (0x0301 to 0x0303) for a client that offers `suites`, with an ECDSA certificate of P-256.
pub fn first_flight(
    version: u16,
    suites: &[u16],
    chain: &[Vec<u8>],
    random: &[u8; RANDOM_LENGTH],
) -> Vec<u8> {
    let known = SUITES.iter().chain(&NEWER_SUITES);
    let suite = known
        .copied()
        .find(|suite| suites.contains(suite))
        .unwrap_or(SUITES[0]);
    let hello = [
        &version.to_be_bytes()[..],
        random,
        &vector8(&[]),
        &suite.to_be_bytes(),
        &[0],
        &vector16(&RENEGOTIATION_INFO),
    ]
    .concat();
    let list: Vec<u8> = chain.iter().flat_map(|der| vector24(der)).collect();
    let algorithm: &[u8] = if version >= TLS12 { &ECDSA_SHA256 } else { &[] };
    let parameters = [
        &[NAMED_CURVE][..],
        &CURVE_P256.to_be_bytes(),
        &vector8(&POINT),
        algorithm,
        &vector16(&SIGNATURE),
    ]
    .concat();
    [
        (SERVER_HELLO, hello),
        (CERTIFICATE, vector24(&list)),
        (SERVER_KEY_EXCHANGE, parameters),
        (SERVER_HELLO_DONE, Vec::new()),
    ]
    .iter()
    .flat_map(|(kind, body)| {
        [
            &[HANDSHAKE][..],
            &version.to_be_bytes(),
            &vector16(&message(*kind, body)),
        ]
        .concat()
    })
    .collect()
}

/// What the client said to it; `None` until that has come.
pub fn answer(bytes: &[u8]) -> Option<Answer> {
    let mut record = Cursor(bytes);
    let kind = record.byte()?;
    match kind {
        ALERT => {
            record.short()?;
            record.vector16().map(|alert| match alert {
                [_, number, ..] => Answer::Alert(*number),
                [] | [_] => Answer::Garbled,
            })
        }
        HANDSHAKE => Some(Answer::Continued),
        _ => Some(Answer::Garbled),
    }
}

#[cfg(test)]
mod tests {
    use super::super::hello::{Hello, TLS12};
    use super::*;

    #[test]
    fn a_hello_in_pieces_is_read_when_it_is_whole() {
        let mut hello = Hello::new(TLS12, vec![0xc02b, 0xc009]);
        hello.record_size = Some(7);
        let wire = hello.to_bytes();
        assert_eq!(offered_suites(&wire), Some(vec![0xc02b, 0xc009]));
        for length in 0..wire.len() {
            let part = wire.get(..length).unwrap();
            assert_eq!(offered_suites(part), None, "{length} octets");
        }
    }

    #[test]
    fn the_flight_has_the_version_everywhere_and_an_algorithm_in_the_newest_only() {
        let old = first_flight(0x0302, &[0xc02b, 0xc009], &[vec![1, 2]], &[7; 32]);
        let new = first_flight(TLS12, &[0xc02b, 0xc009], &[vec![1, 2]], &[7; 32]);
        assert_eq!(new.len(), old.len() + ECDSA_SHA256.len());
        assert_eq!(old.get(..3), Some(&[22, 3, 2][..]));
        assert_eq!(old.get(9..11), Some(&[3, 2][..]));
        // Session id, then the suite that every version has.
        assert_eq!(old.get(43..46), Some(&[0, 0xc0, 0x09][..]));
    }

    #[test]
    fn the_alert_is_read() {
        assert_eq!(answer(&[21, 3, 1, 0, 2, 2]), None);
        assert_eq!(answer(&[21, 3, 1, 0, 2, 2, 70]), Some(Answer::Alert(70)));
        assert_eq!(answer(&[22, 3, 1]), Some(Answer::Continued));
        assert_eq!(answer(b"GET / HTTP/1.1"), Some(Answer::Garbled));
    }
}
