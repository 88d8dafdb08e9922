//! A ClientHello written by hand, from SSLv2 to TLS 1.3, and how far the server goes along.
//!
//! No TLS library decides here what can be offered: any suites, groups, signature schemes, names and extensions go out
//! as given. The handshake is never finished; what the server is ready to do shows in its first flight. Next:
//! [`crate::channel`].

mod reply;

pub(super) use reply::RETRY_RANDOM;
pub use reply::{CertificateRequest, HelloReply, KeyExchange, Sentinel, ServerHello};

use super::encoding::{codes, vector8, vector16};
use crate::deadline::Deadline;
use crate::transport::Stream;

/// SSL 2.0 (forbidden by RFC 6176).
pub const SSL2: u16 = 0x0002;
/// SSL 3.0 (forbidden by RFC 7568).
pub const SSL3: u16 = 0x0300;
/// TLS 1.0 (deprecated by RFC 8996).
pub const TLS10: u16 = 0x0301;
/// TLS 1.1 (deprecated by RFC 8996).
pub const TLS11: u16 = 0x0302;
/// TLS 1.2.
pub const TLS12: u16 = 0x0303;
/// TLS 1.3.
pub const TLS13: u16 = 0x0304;

/// The largest record payload (RFC 8446 section 5.1).
const RECORD_LIMIT: usize = 16_384;
/// The code point of x25519.
const X25519: u16 = 29;

/// What to offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// The highest version offered, and for TLS 1.3 and SSLv2 the only one.
    pub version: u16,
    /// Cipher suites, best first. For SSLv2 the list is not used: all seven kinds of that version are offered.
    pub suites: Vec<u16>,
    /// Groups, best first; empty sends no such extension.
    pub groups: Vec<u16>,
    /// Signature schemes, best first; empty sends no such extension. Sent from TLS 1.2 on.
    pub schemes: Vec<u16>,
    /// The SNI, any bytes; `None` sends no such extension.
    pub server_name: Option<Vec<u8>>,
    /// ALPN protocols; empty sends no such extension.
    pub alpn: Vec<Vec<u8>>,
    /// Compression methods; `[0]` is none, 1 is DEFLATE (CRIME, CVE-2012-4929).
    pub compression: Vec<u8>,
    /// The session id to resume, up to 32 bytes.
    pub session_id: Vec<u8>,
    /// A session ticket (RFC 5077); empty asks for one, `None` sends no such extension.
    pub session_ticket: Option<Vec<u8>>,
    /// Offers extended master secret (RFC 7627).
    pub extended_master_secret: bool,
    /// Offers secure renegotiation (RFC 5746).
    pub secure_renegotiation: bool,
    /// Asks for an OCSP staple (RFC 6066 section 8).
    pub status_request: bool,
    /// Says that this hello is a fallback (TLS_FALLBACK_SCSV, RFC 7507).
    pub fallback: bool,
    /// Bytes in a padding extension (RFC 7685), at most 65535; over 16 KiB the hello needs more than one record.
    pub padding: Option<u16>,
    /// More extensions, type and content, after the others.
    pub extra: Vec<(u16, Vec<u8>)>,
    /// Cuts the hello into records with at most this many bytes.
    pub record_size: Option<usize>,
    /// The client random. A probe finishes no handshake, so that it may be constant.
    pub random: [u8; 32],
}

impl Hello {
    /// A hello of `version` with `suites` and what a client of that version would usually say.
    #[must_use]
    pub fn new(version: u16, suites: Vec<u16>) -> Self {
        Self {
            version,
            suites,
            groups: vec![X25519, 23, 24, 25],
            schemes: vec![
                0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203,
                0x0201,
            ],
            server_name: None,
            alpn: Vec::new(),
            compression: vec![0],
            session_id: Vec::new(),
            session_ticket: None,
            extended_master_secret: true,
            secure_renegotiation: true,
            status_request: false,
            fallback: false,
            padding: None,
            extra: Vec::new(),
            record_size: None,
            random: *b"a probe that ends with the hello",
        }
    }

    /// The bytes that go over the wire.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        if self.version == SSL2 {
            return self.ssl2();
        }
        let legacy = self.version.min(TLS12);
        let mut body = legacy.to_be_bytes().to_vec();
        body.extend_from_slice(&self.random);
        body.extend(vector8(&self.session_id));
        let signal = self.fallback.then_some(0x5600);
        body.extend(vector16(&codes(self.suites.iter().copied().chain(signal))));
        body.extend(vector8(&self.compression));
        // SSL 3.0 servers may choke on extensions, which came with TLS.
        if self.version > SSL3 {
            body.extend(vector16(&self.extensions()));
        }
        let length = u32::try_from(body.len()).unwrap_or(u32::MAX).to_be_bytes();
        let message = [&[1], length.get(1..).unwrap_or_default(), &body].concat();
        let size = self.record_size.unwrap_or(RECORD_LIMIT).clamp(1, RECORD_LIMIT);
        // The record version is at most TLS 1.0: old servers want it so (RFC 8446 section 5.1).
        let record_version = self.version.min(TLS10).to_be_bytes();
        message
            .chunks(size)
            .flat_map(|piece| [&[22][..], &record_version, &vector16(piece)].concat())
            .collect()
    }

    fn extensions(&self) -> Vec<u8> {
        let mut list: Vec<(u16, Vec<u8>)> = Vec::new();
        if let Some(name) = &self.server_name {
            list.push((0, vector16(&[&[0], vector16(name).as_slice()].concat())));
        }
        if self.status_request {
            list.push((5, vec![1, 0, 0, 0, 0]));
        }
        if !self.groups.is_empty() {
            list.push((10, vector16(&codes(self.groups.iter().copied()))));
            list.push((11, vec![1, 0]));
        }
        if !self.schemes.is_empty() && self.version >= TLS12 {
            list.push((13, vector16(&codes(self.schemes.iter().copied()))));
        }
        if !self.alpn.is_empty() {
            list.push((
                16,
                vector16(&self.alpn.iter().flat_map(|one| vector8(one)).collect::<Vec<_>>()),
            ));
        }
        if let Some(padding) = self.padding {
            list.push((21, vec![0; usize::from(padding)]));
        }
        if self.extended_master_secret {
            list.push((23, Vec::new()));
        }
        if let Some(ticket) = &self.session_ticket {
            list.push((35, ticket.clone()));
        }
        if self.version >= TLS13 {
            list.push((43, vector8(&self.version.to_be_bytes())));
            // Without x25519 no share is sent: the server then names its group in a HelloRetryRequest.
            let share = [&X25519.to_be_bytes()[..], &vector16(&[9; 32])].concat();
            list.push((
                51,
                vector16(if self.groups.contains(&X25519) {
                    &share
                } else {
                    &[]
                }),
            ));
        }
        if self.secure_renegotiation {
            list.push((0xFF01, vec![0]));
        }
        list.extend(self.extra.iter().cloned());
        list.iter()
            .flat_map(|(kind, content)| [&kind.to_be_bytes()[..], &vector16(content)].concat())
            .collect()
    }

    /// CLIENT-HELLO of SSL 2.0: a record header of two bytes and three-byte cipher kinds.
    fn ssl2(&self) -> Vec<u8> {
        const KINDS: [[u8; 3]; 7] = [
            [1, 0, 128],
            [2, 0, 128],
            [3, 0, 128],
            [4, 0, 128],
            [5, 0, 128],
            [6, 0, 64],
            [7, 0, 192],
        ];
        let head = [0x80, 46, 1, 0, 2, 0, 21, 0, 0, 0, 16];
        [
            &head[..],
            &KINDS.concat(),
            self.random
                .first_chunk::<16>()
                .map_or(&[][..], |challenge| challenge),
        ]
        .concat()
    }
}

/// Sends `hello` over a fresh connection and reads what the server answers, before TLS 1.3 up to its ServerHelloDone.
pub fn probe(hello: &Hello, stream: &mut Stream, deadline: Deadline) -> HelloReply {
    // A server that hangs up on the hello may have said why, so a failed write is not looked at.
    stream.write(&hello.to_bytes(), deadline);
    reply::read(stream, deadline)
}
