//! The server's half of the handshake: what a ClientHello says, and the flight that answers it.

use aws_lc_rs::rand;

use super::{Keys, Keys12, Keys13, LenientServer, Phase, SCHEMES, alert};
use crate::tls::encoding::{Cursor, vector8, vector16};
use crate::tls::rogue::guard::Guard;
use crate::tls::rogue::link::{CHANGE_CIPHER_SPEC, HANDSHAKE};
use crate::tls::rogue::message::{
    ALPN, CERTIFICATE_REQUEST, CLIENT_HELLO, ENCRYPTED_EXTENSIONS, EXTENDED_MASTER_SECRET, Extensions,
    FINISHED, KEY_SHARE, POST_HANDSHAKE_AUTH, PRE_SHARED_KEY, PSK_MODES, RENEGOTIATION_INFO, SERVER_HELLO,
    SERVER_HELLO_DONE, SERVER_KEY_EXCHANGE, SERVER_NAME, SESSION_TICKET, SIGNATURE_ALGORITHMS,
    SUPPORTED_GROUPS, SUPPORTED_VERSIONS, certificate_verify, certificate12, certificate13, code_list,
    extension, extensions, message, read_extensions, signed_content,
};
use crate::tls::rogue::schedule::{Schedule, finished, prf};
use crate::tls::rogue::suite::{Share, Suite, suite};

const X25519: u16 = 29;
const HTTP1: &[u8] = b"http/1.1";
/// The suite of TLS 1.3, and those of TLS 1.2 for a server with an ECDSA and with an RSA key.
const TLS13_SUITE: u16 = 0x1301;
const ECDSA_SUITE: u16 = 0xC02B;
const RSA_SUITE: u16 = 0xC02F;

/// What a ClientHello says.
#[derive(Clone, Debug)]
pub struct Hello {
    random: [u8; 32],
    session_id: Vec<u8>,
    suites: Vec<u16>,
    extensions: Extensions,
}

impl Hello {
    /// Reads the first record of a connection. `None` if it is no ClientHello, or not a whole one.
    #[must_use]
    pub fn of_record(record: &[u8]) -> Option<Self> {
        let mut record = Cursor(record);
        if record.byte()? != HANDSHAKE {
            return None;
        }
        record.short()?;
        let mut content = Cursor(record.vector16()?);
        if content.byte()? != CLIENT_HELLO {
            return None;
        }
        let body = content.vector24()?;
        content.0.is_empty().then(|| Self::read(body))?
    }

    pub(super) fn read(body: &[u8]) -> Option<Self> {
        let mut body = Cursor(body);
        body.short()?;
        let random = *body.take(32)?.first_chunk()?;
        let session_id = body.vector8()?.to_vec();
        let suites = codes(body.vector16()?);
        body.vector8()?;
        Some(Self {
            random,
            session_id,
            suites,
            extensions: read_extensions(&mut body)?,
        })
    }

    /// Whether the lenient server can serve it: the suites and the group that it has, HTTP/1.1, and no wish for a session.
    #[must_use]
    pub fn is_served(&self) -> bool {
        let wants_session = [PRE_SHARED_KEY, PSK_MODES, SESSION_TICKET]
            .iter()
            .any(|kind| extension(&self.extensions, *kind).is_some());
        let http1 = extension(&self.extensions, ALPN)
            .is_none_or(|list| names(list).is_some_and(|names| names.contains(&HTTP1)));
        let group = extension(&self.extensions, SUPPORTED_GROUPS)
            .and_then(|list| Cursor(list).vector16())
            .is_some_and(|list| codes(list).contains(&X25519));
        let keys = if self.is_tls13() {
            self.suites.contains(&TLS13_SUITE) && self.key_share().is_some()
        } else {
            self.suites.contains(&ECDSA_SUITE) && self.suites.contains(&RSA_SUITE)
        };
        !wants_session && http1 && group && keys
    }

    /// The server name, if there is one.
    #[must_use]
    pub fn server_name(&self) -> Option<String> {
        let mut list = Cursor(extension(&self.extensions, SERVER_NAME)?);
        let mut list = Cursor(list.vector16()?);
        (list.byte()? == 0).then_some(())?;
        String::from_utf8(list.vector16()?.to_vec()).ok()
    }

    /// Whether the client would show a certificate after the handshake (RFC 8446 section 4.2.6).
    #[must_use]
    pub fn offers_post_handshake(&self) -> bool {
        extension(&self.extensions, POST_HANDSHAKE_AUTH).is_some()
    }

    fn is_tls13(&self) -> bool {
        extension(&self.extensions, SUPPORTED_VERSIONS)
            .and_then(|list| Cursor(list).vector8())
            .is_some_and(|list| codes(list).contains(&0x0304))
    }

    fn key_share(&self) -> Option<&[u8]> {
        let mut list = Cursor(extension(&self.extensions, KEY_SHARE)?);
        let mut list = Cursor(list.vector16()?);
        loop {
            let (group, point) = (list.short()?, list.vector16()?);
            if group == X25519 {
                return Some(point);
            }
        }
    }

    fn schemes(&self) -> Vec<u16> {
        extension(&self.extensions, SIGNATURE_ALGORITHMS)
            .and_then(|list| Cursor(list).vector16())
            .map(codes)
            .unwrap_or_default()
    }

    /// The answer to ALPN: HTTP/1.1, if it was asked for.
    fn alpn(&self) -> Option<(u16, Vec<u8>)> {
        extension(&self.extensions, ALPN)?;
        Some((ALPN, vector16(&vector8(HTTP1))))
    }
}

fn codes(list: &[u8]) -> Vec<u16> {
    list.chunks_exact(2)
        .filter_map(|pair| pair.first_chunk().map(|pair| u16::from_be_bytes(*pair)))
        .collect()
}

fn names(list: &[u8]) -> Option<Vec<&[u8]>> {
    let mut list = Cursor(Cursor(list).vector16()?);
    let mut names = Vec::new();
    while !list.0.is_empty() {
        names.push(list.vector8()?);
    }
    Some(names)
}

impl LenientServer {
    /// Answers a ClientHello, the first one or that of a renegotiation.
    pub(super) fn greet(&mut self, whole: &[u8]) -> Result<(), u8> {
        let hello = whole.get(4..).and_then(Hello::read).ok_or(alert::DECODE_ERROR)?;
        let again = self.phase == Phase::Open;
        self.transcript = whole.to_vec();
        if !again && hello.is_tls13() {
            self.flight13(&hello)
        } else {
            self.flight12(&hello)
        }
    }

    /// The scheme that we sign with: the first of ours that the client takes.
    fn scheme(&self, hello: &Hello, tls13: bool) -> Result<u16, u8> {
        let taken = hello.schemes();
        let pkcs1 = |scheme: u16| tls13 && scheme & 0xff == 1;
        self.own
            .signer
            .schemes()
            .into_iter()
            .find(|scheme| taken.contains(scheme) && !pkcs1(*scheme))
            .ok_or(alert::HANDSHAKE_FAILURE)
    }

    fn sign(&self, scheme: u16, content: &[u8]) -> Result<Vec<u8>, u8> {
        self.own
            .signer
            .sign(scheme, content)
            .map_err(|_| alert::INTERNAL_ERROR)
    }

    fn hello(&mut self, random: &[u8], session_id: &[u8], suite: Suite, list: &[(u16, Vec<u8>)]) {
        let body = [
            &[3, 3],
            random,
            &vector8(session_id),
            &suite.code.to_be_bytes(),
            &[0],
            &extensions(list),
        ]
        .concat();
        self.say(&message(SERVER_HELLO, &body));
    }

    fn flight13(&mut self, hello: &Hello) -> Result<(), u8> {
        let suite = suite(TLS13_SUITE)
            .filter(|suite| hello.suites.contains(&suite.code))
            .ok_or(alert::HANDSHAKE_FAILURE)?;
        let scheme = self.scheme(hello, true)?;
        let share = Share::fresh(X25519).ok_or(alert::INTERNAL_ERROR)?;
        let theirs = hello.key_share().ok_or(alert::HANDSHAKE_FAILURE)?;
        let shared = share.agree(theirs).ok_or(alert::ILLEGAL_PARAMETER)?;
        let public = [&X25519.to_be_bytes()[..], &vector16(&share.public)].concat();
        let random = fresh()?;
        let list = [(SUPPORTED_VERSIONS, vec![3, 4]), (KEY_SHARE, public)];
        self.hello(&random, &hello.session_id, suite, &list);
        // What a client of good will calls middlebox compatibility (RFC 8446 appendix D.4).
        if !hello.session_id.is_empty() {
            self.write(CHANGE_CIPHER_SPEC, &[1]);
        }
        let stage = Schedule::early(suite.hash, None).next(Some(&shared));
        let client = stage.derive("c hs traffic", &self.transcript);
        let server = stage.derive("s hs traffic", &self.transcript);
        self.reader = Guard::tls13(suite, &client);
        self.writer = Guard::tls13(suite, &server);
        let alpn: Vec<_> = hello.alpn().into_iter().collect();
        self.say(&message(ENCRYPTED_EXTENSIONS, &extensions(&alpn)));
        let wanted = extensions(&[(SIGNATURE_ALGORITHMS, code_list(&SCHEMES))]);
        self.say(&message(CERTIFICATE_REQUEST, &[vector8(&[]), wanted].concat()));
        self.say(&certificate13(&[], &self.own.chain.clone(), &[]));
        let content = signed_content("server", &suite.hash.of(&self.transcript));
        let signature = self.sign(scheme, &content)?;
        self.say(&certificate_verify(scheme, &signature));
        let proof = finished(suite.hash, &server, &self.transcript);
        self.say(&message(FINISHED, &proof));
        let master = stage.next(None);
        let server = master.derive("s ap traffic", &self.transcript);
        self.writer = Guard::tls13(suite, &server);
        self.keys = Keys::Tls13(Keys13 {
            suite,
            handshake: client,
            client: master.derive("c ap traffic", &self.transcript),
        });
        self.begin();
        Ok(())
    }

    fn flight12(&mut self, hello: &Hello) -> Result<(), u8> {
        let scheme = self.scheme(hello, false)?;
        let rsa = scheme & 0xff == 1 || scheme >> 8 == 8;
        let suite = suite(if rsa { RSA_SUITE } else { ECDSA_SUITE })
            .filter(|suite| hello.suites.contains(&suite.code))
            .ok_or(alert::HANDSHAKE_FAILURE)?;
        let extended = extension(&hello.extensions, EXTENDED_MASTER_SECRET).is_some();
        let mut list = Vec::new();
        if let Some(binding) = extension(&hello.extensions, RENEGOTIATION_INFO) {
            // RFC 5746 section 3.7: bound to the handshake before, and so is the answer.
            if binding != vector8(&self.client_finished) {
                return Err(alert::HANDSHAKE_FAILURE);
            }
            let both = [self.client_finished.as_slice(), &self.server_finished].concat();
            list.push((RENEGOTIATION_INFO, vector8(&both)));
        }
        if extended {
            list.push((EXTENDED_MASTER_SECRET, Vec::new()));
        }
        list.extend(hello.alpn());
        let random = fresh()?;
        self.hello(&random, &[], suite, &list);
        self.say(&certificate12(&self.own.chain.clone()));
        let share = Share::fresh(X25519).ok_or(alert::INTERNAL_ERROR)?;
        let parameters = [&[3][..], &X25519.to_be_bytes(), &vector8(&share.public)].concat();
        let signature = self.sign(scheme, &[&hello.random[..], &random, &parameters].concat())?;
        let signed = [parameters, scheme.to_be_bytes().to_vec(), vector16(&signature)].concat();
        self.say(&message(SERVER_KEY_EXCHANGE, &signed));
        // Certificates with keys for RSA and for ECDSA.
        let wanted = [vector8(&[1, 64]), code_list(&SCHEMES), vector16(&[])].concat();
        self.say(&message(CERTIFICATE_REQUEST, &wanted));
        self.say(&message(SERVER_HELLO_DONE, &[]));
        self.keys = Keys::Tls12(Box::new(Keys12 {
            suite,
            share,
            client_random: hello.random,
            server_random: random,
            extended,
            master: Vec::new(),
        }));
        self.begin();
        Ok(())
    }

    fn begin(&mut self) {
        self.before_certificate = self.transcript.len();
        self.phase = Phase::Certificate;
    }
}

impl Keys12 {
    /// Master secret and both directions' keys, once ClientKeyExchange is in the transcript.
    pub(super) fn derive(&mut self, point: &[u8], transcript: &[u8]) -> Option<(Guard, Guard)> {
        let hash = self.suite.hash;
        let premaster = self.share.agree(point)?;
        self.master = if self.extended {
            prf(
                hash,
                &premaster,
                "extended master secret",
                &hash.of(transcript),
                super::MASTER,
            )
        } else {
            let seed = [self.client_random, self.server_random].concat();
            prf(hash, &premaster, "master secret", &seed, super::MASTER)
        };
        let seed = [self.server_random, self.client_random].concat();
        let length = Guard::key_block_length(self.suite);
        Guard::tls12(
            self.suite,
            &prf(hash, &self.master, "key expansion", &seed, length),
        )
    }
}

fn fresh() -> Result<[u8; 32], u8> {
    let mut random = [0; 32];
    rand::fill(&mut random).map_err(|_| alert::INTERNAL_ERROR)?;
    Ok(random)
}
