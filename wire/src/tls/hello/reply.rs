//! What a server answers to a ClientHello.

use crate::deadline::Deadline;
use crate::tls::encoding::Cursor;
use crate::tls::suites;
use crate::transport::{Received, Stream};

/// How many bytes of an answer are read.
const REPLY_LIMIT: usize = 256 * 1024;
/// The random by which a ServerHello says that it is a HelloRetryRequest (RFC 8446 section 4.1.3).
pub(in crate::tls) const RETRY_RANDOM: &[u8; 32] =
    b"\xCF\x21\xAD\x74\xE5\x9A\x61\x11\xBE\x1D\x8C\x02\x1E\x65\xB8\x91\
\xC2\xA2\x11\x16\x7A\xBB\x8C\x5E\x07\x9E\x09\xE2\xC8\xA8\x33\x9C";

/// The answer to a ClientHello.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HelloReply {
    /// A refusal.
    Alert {
        /// 1 is warning, 2 is fatal.
        level: u8,
        /// The alert's number.
        description: u8,
    },
    /// The server closed the connection.
    Closed,
    /// TLS, but broken; how.
    Garbled(String),
    /// The server would go on in TLS 1.3 with this group.
    HelloRetryRequest {
        /// The suite chosen.
        suite: u16,
        /// The group asked for.
        group: Option<u16>,
    },
    /// The peer does not speak TLS; its first bytes.
    NotTls(Vec<u8>),
    /// The server reset the connection.
    Reset,
    /// The server would go on.
    ServerHello(Box<ServerHello>),
    /// The server speaks SSL 2.0.
    Sslv2ServerHello {
        /// The three-byte cipher kinds that both know.
        kinds: Vec<[u8; 3]>,
    },
    /// The deadline passed before any answer.
    Timeout,
}

/// A ServerHello and, before TLS 1.3, the rest of the server's first flight.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServerHello {
    /// The negotiated version.
    pub version: u16,
    /// The suite chosen.
    pub suite: u16,
    /// The compression method chosen.
    pub compression: u8,
    /// The session id; the one that was offered means resumption before TLS 1.3.
    pub session_id: Vec<u8>,
    /// Extensions, type and content.
    pub extensions: Vec<(u16, Vec<u8>)>,
    /// The mark of a server that could have done better.
    pub sentinel: Option<Sentinel>,
    /// The group of the server's key share (TLS 1.3) or key exchange.
    pub group: Option<u16>,
    /// The certificates, DER, leaf first (before TLS 1.3; encrypted from there on).
    pub certificates: Vec<Vec<u8>>,
    /// The OCSP response, DER.
    pub staple: Option<Vec<u8>>,
    /// The ephemeral key exchange.
    pub key_exchange: Option<KeyExchange>,
    /// What the server asks of a client certificate.
    pub certificate_request: Option<CertificateRequest>,
    /// Whether the first flight came whole, up to ServerHelloDone; always false in TLS 1.3.
    pub done: bool,
    /// The fatal alert that broke the flight off, before TLS 1.3.
    pub broken_off: Option<u8>,
}

impl ServerHello {
    /// The content of extension `kind`.
    #[must_use]
    pub fn extension(&self, kind: u16) -> Option<&[u8]> {
        self.extensions
            .iter()
            .find(|(own, _)| *own == kind)
            .map(|(_, content)| content.as_slice())
    }
}

/// The last eight bytes of a server random that tell of a downgrade (RFC 8446 section 4.1.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sentinel {
    /// `DOWNGRD\x00`: negotiated TLS 1.1 or less.
    Tls11,
    /// `DOWNGRD\x01`: negotiated TLS 1.2.
    Tls12,
}

/// ServerKeyExchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyExchange {
    /// Finite-field Diffie-Hellman.
    Dh {
        /// Size of the prime in bits.
        bits: usize,
        /// The signature scheme (TLS 1.2), unless anonymous.
        scheme: Option<u16>,
    },
    /// Elliptic curves.
    Ecdh {
        /// The named group; `None` for explicit curve parameters.
        group: Option<u16>,
        /// The signature scheme (TLS 1.2), unless anonymous.
        scheme: Option<u16>,
    },
}

/// CertificateRequest before TLS 1.3.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateRequest {
    /// Certificate types, 1 is RSA, 64 is ECDSA.
    pub types: Vec<u8>,
    /// Signature schemes (TLS 1.2).
    pub schemes: Vec<u16>,
    /// Accepted issuers, DER names.
    pub authorities: Vec<Vec<u8>>,
}

/// Records off the wire, and the handshake bytes that they carry.
#[derive(Default)]
struct Flight {
    raw: Vec<u8>,
    used: usize,
    handshake: Vec<u8>,
    taken: usize,
}

pub(super) fn read(stream: &mut Stream, deadline: Deadline) -> HelloReply {
    let mut flight = Flight::default();
    let mut hello: Option<Box<ServerHello>> = None;
    let end = loop {
        match flight.message() {
            Some((2, body)) if hello.is_none() => match server_hello(&body) {
                Some(Ok(found)) if found.version >= super::TLS13 => {
                    return HelloReply::ServerHello(Box::new(found));
                }
                Some(Ok(found)) => hello = Some(Box::new(found)),
                Some(Err(retry)) => return retry,
                None => break HelloReply::Garbled("malformed ServerHello".to_owned()),
            },
            Some((kind, body)) => {
                let Some(hello) = hello.as_deref_mut() else {
                    break HelloReply::Garbled(format!("handshake message {kind} before ServerHello"));
                };
                if note(hello, kind, &body) {
                    break HelloReply::Closed;
                }
            }
            None => match flight.record() {
                Ok(true) => {}
                Ok(false) => {
                    if let Some(end) = flight.more(stream, deadline) {
                        break end;
                    }
                }
                Err(end) => break end,
            },
        }
    };
    // What came before an end is worth more than the end.
    let Some(mut hello) = hello else {
        return end;
    };
    if let HelloReply::Alert {
        level: 2,
        description,
    } = end
    {
        hello.broken_off = Some(description);
    }
    HelloReply::ServerHello(hello)
}

impl Flight {
    /// The next whole handshake message: type and body.
    fn message(&mut self) -> Option<(u8, Vec<u8>)> {
        let rest = self.handshake.get(self.taken..)?;
        let [kind, a, b, c, tail @ ..] = rest else {
            return None;
        };
        let length = usize::try_from(u32::from_be_bytes([0, *a, *b, *c])).ok()?;
        let body = tail.get(..length)?.to_vec();
        self.taken += 4 + length;
        Some((*kind, body))
    }

    /// Takes the next whole record; false if it has not come yet.
    fn record(&mut self) -> Result<bool, HelloReply> {
        let rest = self.raw.get(self.used..).unwrap_or_default();
        let first = || HelloReply::NotTls(rest.get(..rest.len().min(64)).unwrap_or_default().to_vec());
        match rest {
            [] => Ok(false),
            [20..=24] => Ok(false),
            [20..=24, 3, ..] => {
                let [kind, _, _, high, low, tail @ ..] = rest else {
                    return Ok(false);
                };
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                let Some(payload) = tail.get(..length) else {
                    return Ok(false);
                };
                match (kind, payload) {
                    (21, [level, description, ..]) => {
                        // A warning such as unrecognized_name does not end anything (RFC 6066 section 3).
                        if *level != 1 || *description == 0 {
                            return Err(HelloReply::Alert {
                                level: *level,
                                description: *description,
                            });
                        }
                    }
                    (22, _) => self.handshake.extend_from_slice(payload),
                    (20, _) | (23, _) => return Err(HelloReply::Closed),
                    _ => return Err(HelloReply::Garbled(format!("record of type {kind}"))),
                }
                self.used += 5 + length;
                Ok(true)
            }
            // SERVER-HELLO of SSL 2.0: length, type 4, session id hit, certificate type, version.
            [high @ 0x80..=0xFF, low, 4, ..] if self.used == 0 => {
                let whole = usize::from(u16::from_be_bytes([high & 0x7F, *low])) + 2;
                // What follows the record is none of it, whether it has come yet or not.
                let Some(record) = rest.get(..whole) else {
                    return Ok(false);
                };
                let [_, _, _, _, _, _, _, c1, c2, s1, s2, _, _, tail @ ..] = record else {
                    return Err(HelloReply::Garbled("malformed SSL 2.0 ServerHello".to_owned()));
                };
                let skip = usize::from(u16::from_be_bytes([*c1, *c2]));
                let length = usize::from(u16::from_be_bytes([*s1, *s2]));
                let kinds = tail
                    .get(skip..)
                    .and_then(|kinds| kinds.get(..length))
                    .unwrap_or_default();
                Err(HelloReply::Sslv2ServerHello {
                    kinds: kinds.as_chunks::<3>().0.to_vec(),
                })
            }
            [0x80..=0xFF, _] | [0x80..=0xFF] if self.used == 0 => Ok(false),
            _ => Err(first()),
        }
    }

    /// Reads from the socket; the end, if it is one.
    fn more(&mut self, stream: &mut Stream, deadline: Deadline) -> Option<HelloReply> {
        if self.raw.len() > REPLY_LIMIT {
            return Some(HelloReply::Garbled("the answer is too long".to_owned()));
        }
        let mut piece = [0; 16 * 1024];
        match stream.read(&mut piece, deadline) {
            Received::Data(count) => {
                self.raw.extend_from_slice(piece.get(..count).unwrap_or_default());
                None
            }
            Received::Timeout => Some(HelloReply::Timeout),
            Received::Reset => Some(HelloReply::Reset),
            Received::Alert(_) | Received::CloseNotify | Received::Eof | Received::Garbled(_) => {
                Some(HelloReply::Closed)
            }
        }
    }
}

/// A ServerHello, or as `Err` the HelloRetryRequest that has its shape.
fn server_hello(body: &[u8]) -> Option<Result<ServerHello, HelloReply>> {
    let mut body = Cursor(body);
    let mut hello = ServerHello {
        version: body.short()?,
        ..ServerHello::default()
    };
    let random = body.take(32)?;
    hello.session_id = body.vector8()?.to_vec();
    hello.suite = body.short()?;
    hello.compression = body.byte()?;
    if !body.0.is_empty() {
        let mut list = Cursor(body.vector16()?);
        while !list.0.is_empty() {
            hello.extensions.push((list.short()?, list.vector16()?.to_vec()));
        }
    }
    hello.sentinel = match random.last_chunk::<8>() {
        Some(b"DOWNGRD\x00") => Some(Sentinel::Tls11),
        Some(b"DOWNGRD\x01") => Some(Sentinel::Tls12),
        Some(_) | None => None,
    };
    if let Some([high, low]) = hello.extension(43) {
        hello.version = u16::from_be_bytes([*high, *low]);
    }
    hello.group = hello.extension(51).and_then(|share| Cursor(share).short());
    if random == RETRY_RANDOM {
        return Some(Err(HelloReply::HelloRetryRequest {
            suite: hello.suite,
            group: hello.group,
        }));
    }
    Some(Ok(hello))
}

/// Adds a later message of the flight; true once it was the last one. What is malformed is left out.
fn note(hello: &mut ServerHello, kind: u8, body: &[u8]) -> bool {
    match kind {
        11 => hello.certificates = certificates(body),
        12 => {
            hello.key_exchange = key_exchange(hello, body);
            if let Some(KeyExchange::Ecdh { group, .. }) = hello.key_exchange {
                hello.group = group;
            }
        }
        13 => hello.certificate_request = certificate_request(hello.version, body),
        14 => hello.done = true,
        22 => {
            hello.staple = body
                .split_first()
                .and_then(|(_, rest)| Cursor(rest).vector24())
                .map(<[u8]>::to_vec)
        }
        _ => {}
    }
    kind == 14
}

fn certificates(body: &[u8]) -> Vec<Vec<u8>> {
    let mut list = Cursor(Cursor(body).vector24().unwrap_or_default());
    std::iter::from_fn(|| list.vector24().map(<[u8]>::to_vec)).collect()
}

fn key_exchange(hello: &ServerHello, body: &[u8]) -> Option<KeyExchange> {
    let name = suites::suite(hello.suite)?.name;
    let mut body = Cursor(body);
    let signed = !name.contains("_anon_") && hello.version >= super::TLS12;
    if name.contains("ECDH") {
        if body.byte()? != 3 {
            return Some(KeyExchange::Ecdh {
                group: None,
                scheme: None,
            });
        }
        let group = Some(body.short()?);
        body.vector8()?;
        return Some(KeyExchange::Ecdh {
            group,
            scheme: body.short().filter(|_| signed),
        });
    }
    if !name.contains("DH") {
        return None;
    }
    let prime = body.vector16()?;
    let zeros = prime.iter().take_while(|byte| **byte == 0).count();
    let top = prime
        .get(zeros)
        .map_or(0, |byte| usize::try_from(byte.leading_zeros()).unwrap_or(0));
    let bits = ((prime.len() - zeros) * 8).saturating_sub(top);
    body.vector16()?;
    body.vector16()?;
    Some(KeyExchange::Dh {
        bits,
        scheme: body.short().filter(|_| signed),
    })
}

fn certificate_request(version: u16, body: &[u8]) -> Option<CertificateRequest> {
    let mut body = Cursor(body);
    let types = body.vector8()?.to_vec();
    let schemes = if version >= super::TLS12 {
        body.vector16()?
    } else {
        &[]
    };
    let schemes = schemes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|pair| u16::from_be_bytes(*pair))
        .collect();
    let mut names = Cursor(body.vector16()?);
    let authorities = std::iter::from_fn(|| names.vector16().map(<[u8]>::to_vec)).collect();
    Some(CertificateRequest {
        types,
        schemes,
        authorities,
    })
}
