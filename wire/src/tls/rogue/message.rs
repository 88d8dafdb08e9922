//! Handshake messages: those of the server read without trust, ours written as the deviation wants them.

use super::link::Message;
use crate::tls::encoding::{Cursor, codes, vector8, vector16, vector24};
use crate::tls::hello::RETRY_RANDOM;

pub(super) const HELLO_REQUEST: u8 = 0;
pub(in crate::tls) const CLIENT_HELLO: u8 = 1;
pub(in crate::tls) const SERVER_HELLO: u8 = 2;
pub(super) const NEW_SESSION_TICKET: u8 = 4;
pub(super) const END_OF_EARLY_DATA: u8 = 5;
pub(super) const ENCRYPTED_EXTENSIONS: u8 = 8;
pub(in crate::tls) const CERTIFICATE: u8 = 11;
pub(in crate::tls) const SERVER_KEY_EXCHANGE: u8 = 12;
pub(super) const CERTIFICATE_REQUEST: u8 = 13;
pub(in crate::tls) const SERVER_HELLO_DONE: u8 = 14;
pub(super) const CERTIFICATE_VERIFY: u8 = 15;
pub(super) const CLIENT_KEY_EXCHANGE: u8 = 16;
pub(super) const FINISHED: u8 = 20;
pub(super) const CERTIFICATE_STATUS: u8 = 22;
pub(super) const KEY_UPDATE: u8 = 24;

pub(super) const SERVER_NAME: u16 = 0;
pub(super) const SUPPORTED_GROUPS: u16 = 10;
pub(super) const POINT_FORMATS: u16 = 11;
pub(super) const SIGNATURE_ALGORITHMS: u16 = 13;
pub(super) const ALPN: u16 = 16;
pub(super) const SIGNED_TIMESTAMPS: u16 = 18;
pub(super) const EXTENDED_MASTER_SECRET: u16 = 23;
pub(super) const SESSION_TICKET: u16 = 35;
pub(super) const PRE_SHARED_KEY: u16 = 41;
pub(super) const EARLY_DATA: u16 = 42;
pub(super) const SUPPORTED_VERSIONS: u16 = 43;
pub(super) const PSK_MODES: u16 = 45;
pub(super) const CERTIFICATE_AUTHORITIES: u16 = 47;
pub(super) const POST_HANDSHAKE_AUTH: u16 = 49;
pub(super) const KEY_SHARE: u16 = 51;
pub(super) const RENEGOTIATION_INFO: u16 = 0xFF01;

pub(super) type Extensions = Vec<(u16, Vec<u8>)>;

/// A message with its head.
pub(in crate::tls) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [&[kind], vector24(body).as_slice()].concat()
}

/// A list of extensions, with its length.
pub(super) fn extensions(list: &[(u16, Vec<u8>)]) -> Vec<u8> {
    vector16(
        &list
            .iter()
            .flat_map(|(kind, content)| [&kind.to_be_bytes()[..], &vector16(content)].concat())
            .collect::<Vec<_>>(),
    )
}

/// Certificate of TLS 1.2.
pub(super) fn certificate12(chain: &[Vec<u8>]) -> Vec<u8> {
    let list: Vec<u8> = chain.iter().flat_map(|one| vector24(one)).collect();
    message(CERTIFICATE, &vector24(&list))
}

/// Certificate of TLS 1.3, with `extra` extensions in each entry.
pub(super) fn certificate13(context: &[u8], chain: &[Vec<u8>], extra: &[(u16, Vec<u8>)]) -> Vec<u8> {
    let list: Vec<u8> = chain
        .iter()
        .flat_map(|one| [vector24(one), extensions(extra)].concat())
        .collect();
    message(CERTIFICATE, &[vector8(context), vector24(&list)].concat())
}

/// CertificateVerify.
pub(super) fn certificate_verify(scheme: u16, signature: &[u8]) -> Vec<u8> {
    message(
        CERTIFICATE_VERIFY,
        &[&scheme.to_be_bytes()[..], &vector16(signature)].concat(),
    )
}

/// What CertificateVerify of TLS 1.3 signs (RFC 8446 section 4.4.3). `who` is `client` or `server`.
pub(super) fn signed_content(who: &str, transcript_hash: &[u8]) -> Vec<u8> {
    [
        &[b' '; 64][..],
        b"TLS 1.3, ",
        who.as_bytes(),
        b" CertificateVerify\0",
        transcript_hash,
    ]
    .concat()
}

/// A list of extensions, with its length; none at all is an empty list.
pub(super) fn read_extensions(cursor: &mut Cursor<'_>) -> Option<Extensions> {
    let mut found = Vec::new();
    if !cursor.0.is_empty() {
        let mut list = Cursor(cursor.vector16()?);
        while !list.0.is_empty() {
            found.push((list.short()?, list.vector16()?.to_vec()));
        }
    }
    Some(found)
}

/// The content of extension `kind`.
pub(super) fn extension(list: &[(u16, Vec<u8>)], kind: u16) -> Option<&[u8]> {
    list.iter()
        .find(|(own, _)| *own == kind)
        .map(|(_, content)| content.as_slice())
}

/// The protocol that an ALPN extension selects.
pub(super) fn selected_alpn(list: &[(u16, Vec<u8>)]) -> Option<Vec<u8>> {
    let mut content = Cursor(extension(list, ALPN)?);
    Cursor(content.vector16()?).vector8().map(<[u8]>::to_vec)
}

/// ServerHello.
#[derive(Clone, Debug)]
pub(super) struct ServerHello {
    /// The negotiated version, wherever the server said it.
    pub(super) version: u16,
    pub(super) random: [u8; 32],
    pub(super) session_id: Vec<u8>,
    pub(super) suite: u16,
    pub(super) extensions: Extensions,
}

impl ServerHello {
    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let mut body = Cursor(body);
        let version = body.short()?;
        let random = *body.take(32)?.first_chunk()?;
        let session_id = body.vector8()?.to_vec();
        let suite = body.short()?;
        body.byte()?;
        let extensions = read_extensions(&mut body)?;
        let version = match extension(&extensions, SUPPORTED_VERSIONS) {
            Some(content) => Cursor(content).short()?,
            None => version,
        };
        Some(Self {
            version,
            random,
            session_id,
            suite,
            extensions,
        })
    }

    pub(super) fn is_retry(&self) -> bool {
        &self.random == RETRY_RANDOM
    }

    pub(super) fn key_share(&self) -> Option<(u16, &[u8])> {
        let mut share = Cursor(extension(&self.extensions, KEY_SHARE)?);
        Some((share.short()?, share.vector16()?))
    }
}

/// What the server asks of a client certificate.
#[derive(Clone, Debug, Default)]
pub(super) struct CertificateRequest {
    /// Empty but for post-handshake authentication.
    pub(super) context: Vec<u8>,
    pub(super) schemes: Vec<u16>,
    pub(super) authorities: Vec<Vec<u8>>,
}

impl CertificateRequest {
    pub(super) fn read12(body: &[u8]) -> Option<Self> {
        let mut body = Cursor(body);
        body.vector8()?;
        Some(Self {
            context: Vec::new(),
            schemes: read_codes(body.vector16()?),
            authorities: names(body.vector16()?),
        })
    }

    pub(super) fn read13(body: &[u8]) -> Option<Self> {
        let mut body = Cursor(body);
        let context = body.vector8()?.to_vec();
        let list = read_extensions(&mut body)?;
        let schemes = Cursor(extension(&list, SIGNATURE_ALGORITHMS)?).vector16()?;
        let authorities = extension(&list, CERTIFICATE_AUTHORITIES)
            .and_then(|content| Cursor(content).vector16())
            .unwrap_or_default();
        Some(Self {
            context,
            schemes: read_codes(schemes),
            authorities: names(authorities),
        })
    }
}

fn read_codes(list: &[u8]) -> Vec<u16> {
    let (pairs, _) = list.as_chunks::<2>();
    pairs.iter().map(|pair| u16::from_be_bytes(*pair)).collect()
}

fn names(list: &[u8]) -> Vec<Vec<u8>> {
    let mut list = Cursor(list);
    std::iter::from_fn(|| list.vector16().map(<[u8]>::to_vec)).collect()
}

/// The certificates of a TLS 1.2 Certificate.
pub(super) fn read_certificate12(body: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut list = Cursor(Cursor(body).vector24()?);
    let mut chain = Vec::new();
    while !list.0.is_empty() {
        chain.push(list.vector24()?.to_vec());
    }
    Some(chain)
}

/// The certificates of a TLS 1.3 Certificate.
pub(super) fn read_certificate13(body: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut body = Cursor(body);
    body.vector8()?;
    let mut list = Cursor(body.vector24()?);
    let mut chain = Vec::new();
    while !list.0.is_empty() {
        chain.push(list.vector24()?.to_vec());
        list.vector16()?;
    }
    Some(chain)
}

/// Scheme and signature of a CertificateVerify, or of the end of a ServerKeyExchange.
pub(super) fn read_signature(body: &[u8]) -> Option<(u16, &[u8])> {
    let mut body = Cursor(body);
    Some((body.short()?, body.vector16()?))
}

/// ServerKeyExchange with a named curve.
pub(super) struct KeyExchange<'a> {
    /// What is signed, after both randoms.
    pub(super) parameters: &'a [u8],
    pub(super) group: u16,
    pub(super) point: &'a [u8],
    pub(super) scheme: u16,
    pub(super) signature: &'a [u8],
}

impl<'a> KeyExchange<'a> {
    pub(super) fn read(body: &'a [u8]) -> Option<Self> {
        const NAMED_CURVE: u8 = 3;
        let mut cursor = Cursor(body);
        if cursor.byte()? != NAMED_CURVE {
            return None;
        }
        let group = cursor.short()?;
        let point = cursor.vector8()?;
        let parameters = body.get(..body.len() - cursor.0.len())?;
        let (scheme, signature) = read_signature(cursor.0)?;
        Some(Self {
            parameters,
            group,
            point,
            scheme,
            signature,
        })
    }
}

/// NewSessionTicket of TLS 1.3.
#[derive(Debug)]
pub(super) struct NewTicket {
    pub(super) age_add: u32,
    pub(super) nonce: Vec<u8>,
    pub(super) ticket: Vec<u8>,
    pub(super) early_data_limit: u32,
}

impl NewTicket {
    pub(super) fn read(message: &Message) -> Option<Self> {
        let mut body = Cursor(message.body());
        body.long()?;
        let age_add = body.long()?;
        let nonce = body.vector8()?.to_vec();
        let ticket = body.vector16()?.to_vec();
        let list = read_extensions(&mut body)?;
        let early_data_limit = extension(&list, EARLY_DATA)
            .and_then(|content| Cursor(content).long())
            .unwrap_or_default();
        Some(Self {
            age_add,
            nonce,
            ticket,
            early_data_limit,
        })
    }
}

/// `supported_groups`, `signature_algorithms` and their like: a list of code points with its length.
pub(super) fn code_list(list: &[u16]) -> Vec<u8> {
    vector16(&codes(list.iter().copied()))
}
