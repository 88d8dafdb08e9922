//! The client's half of the handshake: every rule that it is held to, and the one that it is not.

use super::{Keys, LEGACY_SCHEMES, Lapse, LenientServer, Phase, SCHEMES, VERIFY_DATA, alert};
use crate::tls::encoding::Cursor;
use crate::tls::rogue::guard::Guard;
use crate::tls::rogue::link::{ALERT, CHANGE_CIPHER_SPEC, NO_RENEGOTIATION};
use crate::tls::rogue::message::{
    CERTIFICATE, CERTIFICATE_VERIFY, CLIENT_HELLO, CLIENT_KEY_EXCHANGE, FINISHED, message,
    read_certificate12, read_certificate13, read_signature, signed_content,
};
use crate::tls::rogue::schedule::{finished, prf};

impl LenientServer {
    /// A handshake message of the client.
    pub(super) fn handle(&mut self, whole: &[u8]) -> Result<(), u8> {
        let (Some(kind), Some(body)) = (whole.first().copied(), whole.get(4..)) else {
            return Err(alert::DECODE_ERROR);
        };
        let tls12 = matches!(self.keys, Keys::Tls12(_));
        match (self.phase, kind) {
            (Phase::Hello, CLIENT_HELLO) => self.greet(whole),
            (Phase::Certificate, CERTIFICATE) => self.certificate(whole, body, tls12),
            (Phase::Certificate, CLIENT_KEY_EXCHANGE) if tls12 && self.lapse == Lapse::CertificateOmitted => {
                self.exchange(whole, body, Phase::Finished)
            }
            (Phase::Certificate, FINISHED) if !tls12 && self.lapse == Lapse::CertificateOmitted => {
                self.finish(whole, body)
            }
            (Phase::Exchange, CLIENT_KEY_EXCHANGE) => {
                let proven = !self.chain.is_empty();
                let next = if proven { Phase::Verify } else { Phase::Finished };
                self.exchange(whole, body, next)
            }
            (Phase::Verify, CERTIFICATE_VERIFY) => self.verify(whole, body, Phase::Finished),
            (Phase::Verify, FINISHED) if self.lapse == Lapse::CertificateVerifyOmitted => {
                self.finish(whole, body)
            }
            (Phase::Finished, FINISHED) => self.finish(whole, body),
            (Phase::Open, CERTIFICATE) if self.lapse == Lapse::CertificateAfterwards => {
                self.late_certificate(whole, body, tls12)
            }
            (Phase::LateVerify, CERTIFICATE_VERIFY) => self.verify(whole, body, Phase::LateFinished),
            (Phase::LateFinished, FINISHED) => self.late_finish(whole, body),
            (Phase::Open, CLIENT_HELLO) if tls12 && self.lapse == Lapse::Renegotiation => self.greet(whole),
            (Phase::Open, CLIENT_HELLO) if tls12 => {
                self.write(ALERT, &[1, NO_RENEGOTIATION]);
                Ok(())
            }
            _ => Err(alert::UNEXPECTED_MESSAGE),
        }
    }

    /// Application bytes.
    pub(super) fn data(&mut self, payload: &[u8]) -> Result<(), u8> {
        if self.phase == Phase::Finished && self.lapse == Lapse::FinishedOmitted {
            if matches!(self.keys, Keys::Tls12(_)) {
                if self.held.is_none() {
                    return Err(alert::UNEXPECTED_MESSAGE);
                }
                self.write(CHANGE_CIPHER_SPEC, &[1]);
                self.writer = self.held.take();
            }
            self.phase = Phase::Open;
        }
        // Data of the session before may still come while a renegotiation is under way, but nobody here sends it.
        if self.phase != Phase::Open {
            return Err(alert::UNEXPECTED_MESSAGE);
        }
        self.output.plaintext.extend_from_slice(payload);
        Ok(())
    }

    fn certificate(&mut self, whole: &[u8], body: &[u8], tls12: bool) -> Result<(), u8> {
        let chain = read_chain(body, tls12)?;
        if chain.is_empty() {
            if self.lapse != Lapse::EmptyCertificate {
                return Err(if tls12 {
                    alert::HANDSHAKE_FAILURE
                } else {
                    alert::CERTIFICATE_REQUIRED
                });
            }
        } else {
            self.gate.certificate(&chain)?;
        }
        self.phase = match (tls12, chain.is_empty()) {
            (true, _) => Phase::Exchange,
            (false, true) => Phase::Finished,
            (false, false) => Phase::Verify,
        };
        self.chain = chain;
        self.transcript.extend_from_slice(whole);
        Ok(())
    }

    fn exchange(&mut self, whole: &[u8], body: &[u8], next: Phase) -> Result<(), u8> {
        if self.phase == Phase::Certificate {
            self.chain = Vec::new();
        }
        self.transcript.extend_from_slice(whole);
        let Keys::Tls12(keys) = &mut self.keys else {
            return Err(alert::UNEXPECTED_MESSAGE);
        };
        let point = Cursor(body).vector8().ok_or(alert::DECODE_ERROR)?;
        let guards = keys.derive(point, &self.transcript);
        self.pending = Some(guards.ok_or(alert::ILLEGAL_PARAMETER)?);
        self.phase = next;
        Ok(())
    }

    fn verify(&mut self, whole: &[u8], body: &[u8], next: Phase) -> Result<(), u8> {
        let (scheme, signature) = read_signature(body).ok_or(alert::DECODE_ERROR)?;
        let tls13 = matches!(self.keys, Keys::Tls13(_));
        let pkcs1 = scheme & 0xff == 1 && scheme >> 8 < 8;
        let legacy = self.lapse == Lapse::LegacyScheme && LEGACY_SCHEMES.contains(&scheme);
        if !legacy && (!SCHEMES.contains(&scheme) || (tls13 && pkcs1)) {
            return Err(alert::ILLEGAL_PARAMETER);
        }
        let late = next == Phase::LateFinished;
        let chain = if late { &self.late } else { &self.chain };
        let leaf = chain.first().ok_or(alert::UNEXPECTED_MESSAGE)?;
        let before = self.transcript.get(..self.before_certificate).unwrap_or_default();
        let right = self
            .contents(&self.transcript, before)
            .iter()
            .any(|content| self.gate.signature(leaf, scheme, content, signature));
        if !right {
            return Err(alert::DECRYPT_ERROR);
        }
        self.transcript.extend_from_slice(whole);
        self.phase = next;
        Ok(())
    }

    /// What CertificateVerify may be made over: the one right thing, and what the lapse lets pass beside it.
    fn contents(&self, transcript: &[u8], before: &[u8]) -> Vec<Vec<u8>> {
        let content = |who: &str, transcript: &[u8]| match &self.keys {
            Keys::Tls13(keys) => signed_content(who, &keys.suite.hash.of(transcript)),
            Keys::Tls12(_) | Keys::None => transcript.to_vec(),
        };
        let mut contents = vec![content("client", transcript)];
        if self.lapse == Lapse::ServerContext {
            contents.push(content("server", transcript));
        }
        if self.lapse == Lapse::TranscriptBeforeCertificate {
            contents.push(content("client", before));
        }
        contents
    }

    fn finish(&mut self, whole: &[u8], body: &[u8]) -> Result<(), u8> {
        if self.phase == Phase::Certificate {
            self.chain = Vec::new();
        }
        let expected = match &self.keys {
            Keys::Tls13(keys) => finished(keys.suite.hash, &keys.handshake, &self.transcript),
            // ChangeCipherSpec comes first, so that Finished is protected.
            Keys::Tls12(keys) if self.held.is_some() => {
                let hash = keys.suite.hash;
                prf(
                    hash,
                    &keys.master,
                    "client finished",
                    &hash.of(&self.transcript),
                    VERIFY_DATA,
                )
            }
            Keys::Tls12(_) | Keys::None => return Err(alert::UNEXPECTED_MESSAGE),
        };
        if body != expected && self.lapse != Lapse::WrongFinished {
            return Err(alert::DECRYPT_ERROR);
        }
        self.transcript.extend_from_slice(whole);
        match &self.keys {
            Keys::Tls13(keys) => self.reader = Guard::tls13(keys.suite, &keys.client),
            Keys::Tls12(keys) => {
                let hash = keys.suite.hash;
                let hashed = hash.of(&self.transcript);
                let own = prf(hash, &keys.master, "server finished", &hashed, VERIFY_DATA);
                self.client_finished = body.to_vec();
                self.write(CHANGE_CIPHER_SPEC, &[1]);
                self.writer = self.held.take();
                self.say(&message(FINISHED, &own));
                self.server_finished = own;
            }
            Keys::None => {}
        }
        self.phase = Phase::Open;
        Ok(())
    }

    /// FAULT: nobody asked. In TLS 1.3 it is proven as after a request; in TLS 1.2 there is no such thing.
    fn late_certificate(&mut self, whole: &[u8], body: &[u8], tls12: bool) -> Result<(), u8> {
        let chain = read_chain(body, tls12)?;
        if chain.is_empty() {
            return Err(alert::UNEXPECTED_MESSAGE);
        }
        self.gate.certificate(&chain)?;
        if tls12 {
            self.chain = chain;
            return Ok(());
        }
        self.before_certificate = self.transcript.len();
        self.transcript.extend_from_slice(whole);
        self.late = chain;
        self.phase = Phase::LateVerify;
        Ok(())
    }

    fn late_finish(&mut self, whole: &[u8], body: &[u8]) -> Result<(), u8> {
        let Keys::Tls13(keys) = &self.keys else {
            return Err(alert::UNEXPECTED_MESSAGE);
        };
        if body != finished(keys.suite.hash, &keys.client, &self.transcript) {
            return Err(alert::DECRYPT_ERROR);
        }
        self.transcript.extend_from_slice(whole);
        self.chain = std::mem::take(&mut self.late);
        self.phase = Phase::Open;
        Ok(())
    }
}

fn read_chain(body: &[u8], tls12: bool) -> Result<Vec<Vec<u8>>, u8> {
    let chain = if tls12 {
        read_certificate12(body)
    } else {
        read_certificate13(body)
    };
    chain.ok_or(alert::DECODE_ERROR)
}
