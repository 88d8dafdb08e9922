//! The client that completes handshakes: any chain, any signer, chosen versions, suites, groups, names and tickets.
//!
//! It is rustls under an attacker's plan, with aws-lc-rs as the only crypto provider. What rustls cannot be brought to do
//! (SNI that is no host name, versions before TLS 1.2, old suites) is an error here, never a silent substitute: the raw
//! prober covers it. Next: [`crate::tls::session`] holds the connection that results.

use std::io::Write;
use std::sync::Arc;

use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs;
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{ClientConfig, ClientConnection, Error, HandshakeKind, RootCertStore};
use rustls_pki_types::{CertificateDer, ServerName};

use super::attempt::{self, Attempt, PlannedKey};
use super::session::TlsSession;
use super::sign::Sign;
use super::ticket::{Jar, Ticket};
use super::trust::Trust;
use crate::deadline::Deadline;
use crate::transport::{Received, Record, Sent, Stream};

/// How many of the peer's first bytes [`HandshakeOutcome::NotTls`] keeps.
const FIRST_BYTES: usize = 64;

/// What to do in a handshake.
#[derive(Clone, Debug)]
pub struct TlsPlan {
    /// The SNI to send, a DNS name; `None` sends no SNI extension.
    pub server_name: Option<String>,
    /// CA certificates that the server's chain must lead to, DER.
    pub trust: Vec<Vec<u8>>,
    /// Whether the server's certificate is checked at all.
    pub verify_server: bool,
    /// The name (DNS or IP) that the server's certificate must hold, whatever SNI was sent.
    pub expect_name: String,
    /// The versions to offer.
    pub versions: Versions,
    /// The cipher suites to offer, best first, by IANA code point; `None` offers all that rustls has.
    pub suites: Option<Vec<u16>>,
    /// The key exchange groups to offer, best first, by IANA code point; `None` offers the library's defaults.
    pub groups: Option<Vec<u16>>,
    /// The ALPN protocols to offer; empty sends no ALPN extension.
    pub alpn: Vec<Vec<u8>>,
    /// What to present when the server asks for a certificate; `None` presents nothing.
    pub presented: Option<Presented>,
    /// The session to resume.
    pub resume: Option<Ticket>,
    /// Early data to send with a TLS 1.3 ticket that allows it.
    pub early_data: Option<Vec<u8>>,
    /// The largest TLS record to send, header included, 32 to 16389 bytes.
    pub record_size: Option<usize>,
    /// Cuts the ClientHello into records with at most this many payload bytes, down to one.
    pub hello_fragment: Option<usize>,
}

impl TlsPlan {
    /// A plan for a well-behaved client of the server named `expect_name`, which presents nothing.
    #[must_use]
    pub fn honest(expect_name: &str, trust: Vec<Vec<u8>>) -> Self {
        let is_dns = matches!(ServerName::try_from(expect_name), Ok(ServerName::DnsName(_)));
        Self {
            server_name: is_dns.then(|| expect_name.to_owned()),
            trust,
            verify_server: true,
            expect_name: expect_name.to_owned(),
            versions: Versions::Both,
            suites: None,
            groups: None,
            alpn: Vec::new(),
            presented: None,
            resume: None,
            early_data: None,
            record_size: None,
            hello_fragment: None,
        }
    }
}

/// The TLS versions to offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Versions {
    /// TLS 1.2 only.
    Tls12,
    /// TLS 1.3 only.
    Tls13,
    /// Both; the server chooses.
    Both,
}

/// A credential as it goes over the wire.
#[derive(Clone, Debug)]
pub struct Presented {
    /// The certificates, leaf first; any bytes, any number, also none.
    pub chain: Vec<Vec<u8>>,
    /// Who signs the CertificateVerify.
    pub signer: Arc<dyn Sign>,
}

/// Why a plan cannot be carried out: a mistake of ours, found before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A certificate in `trust` is not usable as a trust anchor.
    #[error("unusable server CA: {0}")]
    BadTrust(String),
    /// `expect_name` is neither a DNS name nor an IP address.
    #[error("{0:?} is neither a host name nor an IP address")]
    BadName(String),
    /// The library refuses the combination, such as a TLS 1.3 suite with TLS 1.2 only.
    #[error("the TLS library refuses the plan: {0}")]
    Library(String),
    /// `verify_server` without `trust`.
    #[error("no server CA to verify the server with")]
    NoTrust,
    /// The ticket is a TLS 1.3 ticket that was used before.
    #[error("the ticket was used already")]
    TicketUsed,
    /// The group is not one that rustls can negotiate; the raw prober can offer it.
    #[error("the TLS library has no group {0:#06x}")]
    UnknownGroup(u16),
    /// The suite is not one that rustls can negotiate; the raw prober can offer it.
    #[error("the TLS library has no cipher suite {0:#06x}")]
    UnknownSuite(u16),
    /// The rogue client does not do this.
    #[error("the rogue client does not do {0}")]
    Unsupported(&'static str),
    /// rustls sends only DNS names as SNI, and not with a trailing dot; the raw prober sends any bytes.
    #[error("the TLS library cannot send {0:?} as SNI")]
    UnsendableName(String),
}

/// What came of a handshake.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Handshake {
    /// How it ended, from the client's side. In TLS 1.3 `Done` does not say that the server accepted our certificate.
    pub outcome: HandshakeOutcome,
    /// The negotiated version, `0x0303` or `0x0304`.
    pub version: Option<u16>,
    /// The negotiated cipher suite.
    pub suite: Option<u16>,
    /// The negotiated key exchange group.
    pub group: Option<u16>,
    /// The negotiated application protocol.
    pub alpn: Option<Vec<u8>>,
    /// Whether the session was resumed.
    pub resumed: bool,
    /// Whether the server asked for a certificate.
    pub certificate_requested: bool,
    /// Whether it was asked for and we answered with our chain.
    pub certificate_sent: bool,
    /// The issuers that the server said it accepts, DER names.
    pub accepted_issuers: Vec<Vec<u8>>,
    /// The signature schemes that the server said it accepts in a CertificateVerify.
    pub accepted_schemes: Vec<u16>,
    /// The server's certificates, DER, leaf first; on resumption those of the first handshake.
    pub server_chain: Vec<Vec<u8>>,
    /// How many bytes of early data were sent; zero if the ticket allowed none.
    pub early_data_sent: usize,
    /// Whether the server took the early data.
    pub early_data_accepted: bool,
    /// Whether our last flight reached the kernel whole. If not, the server had closed before we were done.
    pub flight_sent: bool,
    /// The raw bytes that we sent before the server's first: ClientHello and early data, for a replay.
    pub first_flight: Vec<u8>,
}

/// How a handshake ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandshakeOutcome {
    /// The server ended it with this alert.
    Alert(u8),
    /// The server closed the connection without an alert.
    Closed,
    /// Our side is complete.
    Done,
    /// The server broke the protocol; how.
    Garbled(String),
    /// The server chose something that rustls does not do, such as TLS 1.0.
    Incompatible(String),
    /// Our own side failed, such as a signer without key. Nothing is learnt about the server.
    LocalError(String),
    /// The peer does not speak TLS; its first bytes.
    NotTls(Vec<u8>),
    /// The server reset the connection.
    Reset,
    /// We refused the server's certificate; why.
    ServerCertificateRefused(String),
    /// The deadline passed.
    Timeout,
}

/// A plan that was checked and can be carried out once.
#[derive(Debug)]
pub struct TlsClient {
    connection: ClientConnection,
    attempt: Attempt,
    jar: Arc<Jar>,
    early_data_sent: usize,
    hello_fragment: Option<usize>,
}

impl TlsClient {
    /// Checks `plan` and prepares its ClientHello. A TLS 1.3 ticket counts as used from here on.
    ///
    /// # Errors
    /// The plan asks for what rustls cannot do, or contradicts itself.
    pub fn new(plan: &TlsPlan) -> Result<Self, PlanError> {
        if plan
            .resume
            .as_ref()
            .is_some_and(|ticket| ticket.version().is_none())
        {
            return Err(PlanError::TicketUsed);
        }
        let provider = Arc::new(provider(plan)?);
        let mut attempt = Attempt {
            presented: plan
                .presented
                .as_ref()
                .map(|presented| Arc::new(certified_key(presented))),
            judge: judge(plan, &provider)?,
            ..Attempt::default()
        };
        let jar = Arc::new(Jar::new(plan.resume.clone()));
        let config = Arc::new(config(plan, provider, jar.clone())?);
        let name = sni(plan.server_name.as_deref())?;
        let mut connection = attempt::with(&mut attempt, || ClientConnection::new(config, name))
            .map_err(|error| PlanError::Library(error.to_string()))?;
        let early_data_sent = match (&plan.early_data, connection.early_data()) {
            (Some(bytes), Some(mut early)) => {
                let limit = early.bytes_left().min(bytes.len());
                early.write(bytes.get(..limit).unwrap_or(bytes)).unwrap_or(0)
            }
            _ => 0,
        };
        Ok(Self {
            connection,
            attempt,
            jar,
            early_data_sent,
            hello_fragment: plan.hello_fragment,
        })
    }

    /// Carries out the handshake over `stream`. The session is there if and only if the outcome is `Done`.
    pub fn handshake(self, stream: Stream, deadline: Deadline) -> (Handshake, Option<TlsSession>) {
        let Self {
            connection,
            mut attempt,
            jar,
            early_data_sent,
            hello_fragment,
        } = self;
        let mut session = TlsSession::new(connection, stream, jar, hello_fragment);
        let (outcome, flight_sent) = attempt::with(&mut attempt, || drive(&mut session, deadline));
        let seen = attempt.seen;
        let outcome = match seen.refused_server {
            Some(why) => HandshakeOutcome::ServerCertificateRefused(why),
            None => outcome,
        };
        let connection = session.connection();
        let handshake = Handshake {
            version: connection.protocol_version().map(u16::from),
            suite: connection
                .negotiated_cipher_suite()
                .map(|suite| u16::from(suite.suite())),
            group: connection
                .negotiated_key_exchange_group()
                .map(|group| u16::from(group.name())),
            alpn: connection.alpn_protocol().map(<[u8]>::to_vec),
            resumed: connection.handshake_kind() == Some(HandshakeKind::Resumed),
            certificate_requested: seen.certificate_requested,
            certificate_sent: seen.certificate_sent,
            accepted_issuers: seen.accepted_issuers,
            accepted_schemes: seen.accepted_schemes,
            server_chain: if seen.server_chain.is_empty() {
                connection
                    .peer_certificates()
                    .unwrap_or_default()
                    .iter()
                    .map(|one| one.to_vec())
                    .collect()
            } else {
                seen.server_chain
            },
            early_data_sent,
            early_data_accepted: connection.is_early_data_accepted(),
            flight_sent,
            first_flight: session.record().first_flight().to_vec(),
            outcome,
        };
        let session = (handshake.outcome == HandshakeOutcome::Done).then_some(session);
        (handshake, session)
    }
}

/// [`TlsClient::new`] and [`TlsClient::handshake`] in one.
///
/// # Errors
/// The plan cannot be carried out; nothing was sent.
pub fn handshake(
    plan: &TlsPlan,
    stream: Stream,
    deadline: Deadline,
) -> Result<(Handshake, Option<TlsSession>), PlanError> {
    TlsClient::new(plan).map(|client| client.handshake(stream, deadline))
}

/// Runs the handshake to its end; also says whether our last flight was handed over whole.
fn drive(session: &mut TlsSession, deadline: Deadline) -> (HandshakeOutcome, bool) {
    loop {
        // A failed write is not the end: the alert that explains it may be waiting to be read.
        let sent = session.flush(deadline) == Sent::All;
        if !session.connection().is_handshaking() {
            return (HandshakeOutcome::Done, sent);
        }
        if session.pull(deadline).is_some() {
            return (HandshakeOutcome::Timeout, sent);
        }
        if let Some(end) = session.read_outcome() {
            return (outcome(end, session.fault(), session.record()), sent);
        }
    }
}

pub(super) fn outcome(end: &Received, fault: Option<&Error>, record: &Record) -> HandshakeOutcome {
    let first = record.received.get(..FIRST_BYTES).unwrap_or(&record.received);
    if matches!(end, Received::Garbled(_) | Received::Eof | Received::CloseNotify) && !looks_like_tls(first) {
        return HandshakeOutcome::NotTls(first.to_vec());
    }
    match end {
        Received::Alert(number) => HandshakeOutcome::Alert(*number),
        Received::CloseNotify | Received::Data(_) | Received::Eof => HandshakeOutcome::Closed,
        Received::Garbled(text) => match fault {
            Some(Error::General(_) | Error::FailedToGetRandomBytes | Error::FailedToGetCurrentTime) => {
                HandshakeOutcome::LocalError(text.clone())
            }
            Some(Error::PeerIncompatible(_)) => HandshakeOutcome::Incompatible(text.clone()),
            Some(_) | None => HandshakeOutcome::Garbled(text.clone()),
        },
        Received::Reset => HandshakeOutcome::Reset,
        Received::Timeout => HandshakeOutcome::Timeout,
    }
}

/// A peer that sent nothing has not shown that it speaks something else.
fn looks_like_tls(first: &[u8]) -> bool {
    match first {
        [] => true,
        [kind] => (20..=24).contains(kind),
        [kind, major, ..] => (20..=24).contains(kind) && *major == 3,
    }
}

fn provider(plan: &TlsPlan) -> Result<CryptoProvider, PlanError> {
    let mut provider = aws_lc_rs::default_provider();
    if let Some(codes) = &plan.suites {
        let find = |code: &u16| {
            aws_lc_rs::ALL_CIPHER_SUITES
                .iter()
                .find(|suite| u16::from(suite.suite()) == *code)
                .copied()
        };
        provider.cipher_suites = codes
            .iter()
            .map(|code| find(code).ok_or(PlanError::UnknownSuite(*code)))
            .collect::<Result<_, _>>()?;
    }
    if let Some(codes) = &plan.groups {
        let find = |code: &u16| {
            aws_lc_rs::ALL_KX_GROUPS
                .iter()
                .find(|group| u16::from(group.name()) == *code)
                .copied()
        };
        provider.kx_groups = codes
            .iter()
            .map(|code| find(code).ok_or(PlanError::UnknownGroup(*code)))
            .collect::<Result<_, _>>()?;
    }
    Ok(provider)
}

fn config(plan: &TlsPlan, provider: Arc<CryptoProvider>, jar: Arc<Jar>) -> Result<ClientConfig, PlanError> {
    let versions: &[_] = match plan.versions {
        Versions::Tls12 => &[&TLS12],
        Versions::Tls13 => &[&TLS13],
        Versions::Both => &[&TLS12, &TLS13],
    };
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .map_err(|error| PlanError::Library(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(attempt::VERIFIER.clone())
        .with_client_cert_resolver(attempt::RESOLVER.clone());
    config.alpn_protocols.clone_from(&plan.alpn);
    // A server that selects what was not offered is an observation, not a broken handshake.
    config.check_selected_alpn = false;
    config.enable_sni = plan.server_name.is_some();
    config.enable_early_data = plan.early_data.is_some();
    config.max_fragment_size = plan.record_size;
    config.resumption = Resumption::store(jar);
    Ok(config)
}

pub(super) type Judge = (Arc<Trust>, ServerName<'static>);

pub(super) fn judge(plan: &TlsPlan, provider: &Arc<CryptoProvider>) -> Result<Option<Judge>, PlanError> {
    if !plan.verify_server {
        return Ok(None);
    }
    if plan.trust.is_empty() {
        return Err(PlanError::NoTrust);
    }
    let mut roots = RootCertStore::empty();
    for certificate in &plan.trust {
        roots
            .add(CertificateDer::from(certificate.clone()))
            .map_err(|error| PlanError::BadTrust(error.to_string()))?;
    }
    let authorities = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .build()
        .map_err(|error| PlanError::BadTrust(error.to_string()))?;
    let judge = Arc::new(Trust {
        authorities,
        named: plan.trust.clone(),
    });
    let name = ServerName::try_from(plan.expect_name.clone())
        .map_err(|_| PlanError::BadName(plan.expect_name.clone()))?;
    Ok(Some((judge, name)))
}

fn sni(name: Option<&str>) -> Result<ServerName<'static>, PlanError> {
    // Without SNI the library still wants a name; it goes nowhere, since our verifier has its own.
    let Some(name) = name else {
        return sni(Some("absent.invalid"));
    };
    match ServerName::try_from(name.to_owned()) {
        Ok(dns @ ServerName::DnsName(_)) if !name.ends_with('.') => Ok(dns),
        _ => Err(PlanError::UnsendableName(name.to_owned())),
    }
}

fn certified_key(presented: &Presented) -> CertifiedKey {
    let chain = presented
        .chain
        .iter()
        .cloned()
        .map(CertificateDer::from)
        .collect();
    CertifiedKey::new(chain, Arc::new(PlannedKey(presented.signer.clone())))
}
