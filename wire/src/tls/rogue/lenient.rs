//! The other side: a TLS server that holds its clients to every rule of the handshake but one.
//!
//! No TLS library can be told to go on without a CertificateVerify or a Finished, however careless its verifier is. This
//! server can, for a deployment with a planted fault and for the tests of the client that leaves them out. It touches no
//! socket: bytes of the client go in, bytes for the client and the client's plaintext come out. It knows no sessions, one
//! suite a version and kind of key, and X25519. Who is a good client and whose signature is right is said by a [`Gate`].
//!
//! ```text
//! ClientHello → our flight → Certificate → (ClientKeyExchange) → CertificateVerify → Finished → open
//! ```

mod client;

mod flight;

use std::sync::Arc;

pub use flight::Hello;

use super::guard::Guard;
use super::link::{ALERT, APPLICATION_DATA, CHANGE_CIPHER_SPEC, HANDSHAKE, seal};
use super::suite::{Share, Suite};
use crate::tls::client::Presented;

/// How long one message of the client may be.
const MESSAGE_LIMIT: usize = 128 * 1024;
/// How long a record may be.
const RECORD_LIMIT: usize = 16_384 + 2048;
/// How much goes into one record.
const PIECE: usize = 16_384;
/// The length of Finished in TLS 1.2.
const VERIFY_DATA: usize = 12;
/// The length of the master secret.
const MASTER: usize = 48;
/// What a client may sign with.
const SCHEMES: [u16; 10] = [
    0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0807, 0x0401, 0x0501, 0x0601,
];
/// SHA-1 with ECDSA and with RSA, and the padding that TLS 1.3 forbids (RFC 8446 sections 4.2.3 and 4.4.3).
const LEGACY_SCHEMES: [u16; 3] = [0x0203, 0x0201, 0x0401];

/// Alerts (RFC 8446 section 6).
mod alert {
    pub(super) const UNEXPECTED_MESSAGE: u8 = 10;
    pub(super) const BAD_RECORD_MAC: u8 = 20;
    pub(super) const HANDSHAKE_FAILURE: u8 = 40;
    pub(super) const ILLEGAL_PARAMETER: u8 = 47;
    pub(super) const DECODE_ERROR: u8 = 50;
    pub(super) const DECRYPT_ERROR: u8 = 51;
    pub(super) const INTERNAL_ERROR: u8 = 80;
    pub(super) const CERTIFICATE_REQUIRED: u8 = 116;
}

/// The one rule that the server does not hold its clients to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// A certificate that nobody asked for after the handshake takes the place of the handshake's; in TLS 1.2 unproven.
    CertificateAfterwards,
    /// The Certificate that was asked for need not come (RFC 8446 section 4.4.2).
    CertificateOmitted,
    /// CertificateVerify need not come (CVE-2022-25640).
    CertificateVerifyOmitted,
    /// An empty Certificate is an answer like any other.
    EmptyCertificate,
    /// Application data may come before Finished.
    FinishedOmitted,
    /// CertificateVerify may be made with SHA-1, and in TLS 1.3 with the padding of PKCS#1 v1.5.
    LegacyScheme,
    /// A client may renegotiate, bound to the handshake before or not, with another certificate (CVE-2009-3555).
    Renegotiation,
    /// CertificateVerify may have the context string of a server.
    ServerContext,
    /// CertificateVerify may leave out the certificate from what it signs.
    TranscriptBeforeCertificate,
    /// What Finished holds is not looked at.
    WrongFinished,
}

/// Who judges certificates and signatures.
pub trait Gate: Send + Sync {
    /// Whether a client's chain, DER, leaf first, is good.
    ///
    /// # Errors
    /// The number of the alert that refuses it.
    fn certificate(&self, chain: &[Vec<u8>]) -> Result<(), u8>;

    /// Whether `signature` over `content` is by the key in `leaf`, under a scheme that may be of yesterday.
    fn signature(&self, leaf: &[u8], scheme: u16, content: &[u8], signature: &[u8]) -> bool;
}

/// What came of bytes of the client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// To be sent to the client.
    pub send: Vec<u8>,
    /// Application bytes of the client.
    pub plaintext: Vec<u8>,
    /// The connection ends when `send` is sent.
    pub ended: bool,
}

/// What is expected next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Hello,
    Certificate,
    /// TLS 1.2: ClientKeyExchange.
    Exchange,
    Verify,
    Finished,
    Open,
    /// TLS 1.3: after a certificate that came unasked.
    LateVerify,
    LateFinished,
}

/// Keys of TLS 1.3.
struct Keys13 {
    suite: Suite,
    /// The client's handshake secret.
    handshake: Vec<u8>,
    /// Its application secret.
    client: Vec<u8>,
}

/// What TLS 1.2 has of its own.
struct Keys12 {
    suite: Suite,
    share: Share,
    client_random: [u8; 32],
    server_random: [u8; 32],
    extended: bool,
    master: Vec<u8>,
}

enum Keys {
    None,
    Tls12(Box<Keys12>),
    Tls13(Keys13),
}

/// One connection.
pub struct LenientServer {
    own: Presented,
    gate: Arc<dyn Gate>,
    lapse: Lapse,
    phase: Phase,
    keys: Keys,
    transcript: Vec<u8>,
    /// How long the transcript was before the client's Certificate.
    before_certificate: usize,
    chain: Vec<Vec<u8>>,
    /// The chain of a certificate that came unasked, until it is proven.
    late: Vec<Vec<u8>>,
    /// The client's last Finished of TLS 1.2, to which a secure renegotiation is bound.
    client_finished: Vec<u8>,
    server_finished: Vec<u8>,
    reader: Option<Guard>,
    writer: Option<Guard>,
    /// What the client's ChangeCipherSpec turns on, and what ours will.
    pending: Option<(Guard, Guard)>,
    held: Option<Guard>,
    raw: Vec<u8>,
    handshake: Vec<u8>,
    output: Output,
}

impl LenientServer {
    /// A server that waits for a ClientHello, with its own chain and key.
    #[must_use]
    pub fn new(own: Presented, gate: Arc<dyn Gate>, lapse: Lapse) -> Self {
        Self {
            own,
            gate,
            lapse,
            phase: Phase::Hello,
            keys: Keys::None,
            transcript: Vec::new(),
            before_certificate: 0,
            chain: Vec::new(),
            late: Vec::new(),
            client_finished: Vec::new(),
            server_finished: Vec::new(),
            reader: None,
            writer: None,
            pending: None,
            held: None,
            raw: Vec::new(),
            handshake: Vec::new(),
            output: Output::default(),
        }
    }

    /// Whether application bytes flow.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.phase == Phase::Open
    }

    /// The client's chain as it counts now; empty where there is none.
    #[must_use]
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    /// Takes bytes of the client.
    pub fn receive(&mut self, bytes: &[u8]) -> Output {
        self.raw.extend_from_slice(bytes);
        while !self.output.ended {
            match self.record() {
                Ok(true) => {}
                Ok(false) => break,
                Err(number) => self.refuse(number),
            }
        }
        std::mem::take(&mut self.output)
    }

    /// Records with application bytes for the client. Empty before the handshake is done.
    pub fn seal(&mut self, plaintext: &[u8]) -> Vec<u8> {
        if !self.is_open() {
            return Vec::new();
        }
        let writer = &mut self.writer;
        plaintext
            .chunks(PIECE)
            .filter_map(|piece| seal(writer.as_mut(), APPLICATION_DATA, piece))
            .flatten()
            .collect()
    }

    /// close_notify.
    pub fn close(&mut self) -> Vec<u8> {
        seal(self.writer.as_mut(), ALERT, &[1, 0]).unwrap_or_default()
    }

    fn refuse(&mut self, number: u8) {
        self.write(ALERT, &[2, number]);
        self.output.ended = true;
    }

    fn write(&mut self, kind: u8, payload: &[u8]) {
        for piece in payload.chunks(PIECE) {
            let record = seal(self.writer.as_mut(), kind, piece).unwrap_or_default();
            self.output.send.extend(record);
        }
    }

    fn say(&mut self, message: &[u8]) {
        self.transcript.extend_from_slice(message);
        self.write(HANDSHAKE, message);
    }

    /// Takes one record off the front; false where it is not whole yet.
    fn record(&mut self) -> Result<bool, u8> {
        let [kind, _, _, high, low, ..] = self.raw.as_slice() else {
            return Ok(false);
        };
        let (kind, length) = (*kind, usize::from(u16::from_be_bytes([*high, *low])));
        if length > RECORD_LIMIT || !(CHANGE_CIPHER_SPEC..=APPLICATION_DATA).contains(&kind) {
            return Err(alert::DECODE_ERROR);
        }
        if self.raw.len() < 5 + length {
            return Ok(false);
        }
        let rest = self.raw.split_off(5 + length);
        let record = std::mem::replace(&mut self.raw, rest);
        let (kind, payload) = self.open(kind, record.get(5..).unwrap_or_default())?;
        match kind {
            CHANGE_CIPHER_SPEC => self.change_cipher()?,
            ALERT => self.output.ended |= !matches!(payload.as_slice(), [1, number] if *number != 0),
            HANDSHAKE => {
                self.handshake.extend(payload);
                while let Some(whole) = self.message()? {
                    self.handle(&whole)?;
                }
            }
            _ => self.data(&payload)?,
        }
        Ok(true)
    }

    fn open(&mut self, kind: u8, payload: &[u8]) -> Result<(u8, Vec<u8>), u8> {
        let Some(guard) = &mut self.reader else {
            return Ok((kind, payload.to_vec()));
        };
        if guard.hides_type() && kind != APPLICATION_DATA {
            return Ok((kind, payload.to_vec()));
        }
        if let Some(opened) = guard.open(kind, payload) {
            return Ok(opened);
        }
        // Without a Finished the client's next bytes come under the keys that would follow it.
        if self.lapse == Lapse::FinishedOmitted
            && self.phase == Phase::Finished
            && let Keys::Tls13(keys) = &self.keys
            && let Some(mut next) = Guard::tls13(keys.suite, &keys.client)
            && let Some(opened) = next.open(kind, payload)
        {
            self.reader = Some(next);
            return Ok(opened);
        }
        Err(alert::BAD_RECORD_MAC)
    }

    fn change_cipher(&mut self) -> Result<(), u8> {
        match &self.keys {
            Keys::Tls13(_) => Ok(()),
            Keys::None => Err(alert::UNEXPECTED_MESSAGE),
            Keys::Tls12(_) => {
                let (theirs, ours) = self.pending.take().ok_or(alert::UNEXPECTED_MESSAGE)?;
                self.reader = Some(theirs);
                // Ours are turned on when we say so ourselves.
                self.held = Some(ours);
                Ok(())
            }
        }
    }

    fn message(&mut self) -> Result<Option<Vec<u8>>, u8> {
        let [_, high, middle, low, ..] = self.handshake.as_slice() else {
            return Ok(None);
        };
        let length = usize::from(*high) << 16 | usize::from(*middle) << 8 | usize::from(*low);
        if length > MESSAGE_LIMIT {
            return Err(alert::DECODE_ERROR);
        }
        if self.handshake.len() < 4 + length {
            return Ok(None);
        }
        let rest = self.handshake.split_off(4 + length);
        Ok(Some(std::mem::replace(&mut self.handshake, rest)))
    }
}
