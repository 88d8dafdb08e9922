//! A handshake under way: what both versions share.

use super::link::{HANDSHAKE, Link, Message};
use super::message::{CertificateRequest, HELLO_REQUEST, SERVER_HELLO, ServerHello, selected_alpn};
use super::offer::Offer;
use super::plan::{Deviation, Report, RoguePlan};
use super::proof::{self, Answer};
use super::suite::{Exchange, Suite};
use crate::deadline::Deadline;
use crate::tls::client::{Handshake, HandshakeOutcome, Judge, Versions, outcome};
use crate::transport::{Received, Sent};

/// The state of a handshake.
pub(super) struct Progress<'a> {
    pub(super) plan: &'a RoguePlan,
    pub(super) judge: Option<&'a Judge>,
    pub(super) offer: &'a Offer,
    pub(super) link: &'a mut Link,
    /// All handshake messages so far.
    pub(super) transcript: Vec<u8>,
    pub(super) report: Report,
    deadline: Deadline,
}

impl<'a> Progress<'a> {
    /// A handshake whose hello was sent.
    pub(super) fn new(
        plan: &'a RoguePlan,
        judge: Option<&'a Judge>,
        offer: &'a Offer,
        link: &'a mut Link,
        deadline: Deadline,
    ) -> Self {
        let mut report = blank();
        report.handshake.early_data_sent = offer.early.as_ref().map_or(0, |early| early.length);
        Self {
            plan,
            judge,
            offer,
            link,
            transcript: offer.message.clone(),
            report,
            deadline,
        }
    }

    /// The next message. It is not part of the transcript yet: a signature or Finished covers what came before it.
    pub(super) fn receive(&mut self) -> Result<Message, HandshakeOutcome> {
        let end = match self.link.handshake_message(self.deadline) {
            Ok(message) => return Ok(message),
            Err(end) => end,
        };
        Err(outcome(&end, None, self.link.record()))
    }

    /// Adds a message to the transcript.
    pub(super) fn note(&mut self, message: &Message) {
        self.transcript.extend_from_slice(&message.bytes);
    }

    /// Writes what `payload` holds; a failed write is not the end, since the reason may be waiting to be read.
    pub(super) fn send(&mut self, kind: u8, payload: &[u8]) {
        let sent = self.link.send(kind, payload, self.deadline);
        self.report.handshake.flight_sent = sent == Sent::All;
    }

    /// Writes handshake messages and adds them to the transcript.
    pub(super) fn send_messages(&mut self, messages: &[u8]) {
        self.transcript.extend_from_slice(messages);
        self.send(HANDSHAKE, messages);
    }

    /// The server broke the protocol.
    pub(super) fn garbled(&mut self, what: &str) -> HandshakeOutcome {
        self.link.end(Received::Garbled(what.to_owned()));
        HandshakeOutcome::Garbled(what.to_owned())
    }

    /// A message that has no place here.
    pub(super) fn unexpected(&mut self, kind: u8) -> HandshakeOutcome {
        self.garbled(&format!("handshake message {kind} out of order"))
    }

    pub(super) fn server_hello(&mut self) -> Result<ServerHello, HandshakeOutcome> {
        let mut message = self.receive()?;
        while message.kind() == HELLO_REQUEST && self.link.writer.is_some() {
            // A server may ask for the renegotiation that we have begun.
            message = self.receive()?;
        }
        if message.kind() != SERVER_HELLO {
            return Err(self.unexpected(message.kind()));
        }
        let Some(hello) = ServerHello::read(message.body()) else {
            return Err(self.garbled("a malformed ServerHello"));
        };
        self.note(&message);
        if hello.is_retry() {
            return Err(HandshakeOutcome::Incompatible(
                "the server asks for another key share".to_owned(),
            ));
        }
        let offered = match self.plan.tls.versions {
            Versions::Tls12 => hello.version == 0x0303,
            Versions::Tls13 => hello.version == 0x0304,
            Versions::Both => true,
        };
        if !offered {
            return Err(HandshakeOutcome::Incompatible(format!(
                "the server chose version {:#06x}, which was not offered",
                hello.version
            )));
        }
        self.report.handshake.version = Some(hello.version);
        self.report.handshake.suite = Some(hello.suite);
        self.report.handshake.alpn = selected_alpn(&hello.extensions);
        Ok(hello)
    }

    /// The suite that the server chose, if we offered it for this version.
    pub(super) fn suite(&mut self, hello: &ServerHello) -> Result<Suite, HandshakeOutcome> {
        let tls13 = hello.version == 0x0304;
        self.offer
            .suites
            .iter()
            .find(|suite| suite.code == hello.suite && (suite.exchange == Exchange::Tls13) == tls13)
            .copied()
            .ok_or_else(|| self.garbled("a suite that was not offered"))
    }

    /// Notes what the server asks for.
    pub(super) fn note_request(&mut self, request: &CertificateRequest) {
        self.report.handshake.certificate_requested = true;
        self.report
            .handshake
            .accepted_issuers
            .clone_from(&request.authorities);
        self.report
            .handshake
            .accepted_schemes
            .clone_from(&request.schemes);
    }

    /// How the client answers, by the plan.
    pub(super) fn answer(&mut self, asked: bool) -> Answer<'a> {
        let plan = self.plan;
        let answer = Answer::new(plan.deviation, asked, plan.tls.presented.as_ref(), &plan.decoy);
        self.report.handshake.certificate_sent = asked && answer.presents();
        self.report.deviated |= answer.deviates;
        answer
    }

    /// Scheme and signature of CertificateVerify.
    pub(super) fn prove(
        &mut self,
        request: Option<&CertificateRequest>,
        content: &[u8],
    ) -> Result<(u16, Vec<u8>), HandshakeOutcome> {
        let Some(presented) = &self.plan.tls.presented else {
            return Err(HandshakeOutcome::LocalError("nobody to sign".to_owned()));
        };
        let scheme = proof::scheme(self.plan.deviation, presented, request)?;
        let (named, signature) = proof::sign(presented, scheme, content)?;
        self.report.verify_scheme = Some(named);
        Ok((named, signature))
    }
}

impl Progress<'_> {
    /// Notes that CertificateVerify was made, and whether it is where the client deviates.
    pub(super) fn note_verify(
        &mut self,
        deviation: Deviation,
        scheme: u16,
        request: Option<&CertificateRequest>,
    ) {
        self.report.deviated |= match deviation {
            Deviation::Scheme(_) => proof::scheme_deviates(scheme, self.link.tls13, request),
            Deviation::ServerContext => self.link.tls13,
            Deviation::WrongTranscript => true,
            Deviation::CertificateExtension
            | Deviation::CertificateOmitted
            | Deviation::CertificateUnasked
            | Deviation::CertificateVerifyOmitted
            | Deviation::EmptyCertificate
            | Deviation::EmptyCertificateVerified
            | Deviation::FinishedOmitted
            | Deviation::FinishedOmittedEarly
            | Deviation::Honest
            | Deviation::TwoCertificates
            | Deviation::WrongFinished => false,
        };
    }
}

fn blank() -> Report {
    Report {
        handshake: Handshake {
            outcome: HandshakeOutcome::Closed,
            version: None,
            suite: None,
            group: None,
            alpn: None,
            resumed: false,
            certificate_requested: false,
            certificate_sent: false,
            accepted_issuers: Vec::new(),
            accepted_schemes: Vec::new(),
            server_chain: Vec::new(),
            early_data_sent: 0,
            early_data_accepted: false,
            flight_sent: false,
            first_flight: Vec::new(),
        },
        deviated: false,
        verify_scheme: None,
        extended_master_secret: false,
        secure_renegotiation: false,
        server_finished: false,
    }
}
