//! The proxy: terminates mutual TLS, checks the host, hands the client's identity to the app in headers.
//!
//! ```text
//! accept → ClientHello → vhost → handshake (verifier) → session: identity headers, made once
//!        → each request: host = vhost? → body → headers removed and set → app → response
//! ```

pub mod config;
pub mod fault;
pub mod fuzzing;
mod headers;
mod host;
mod lenient;
mod naive;
mod naive_http2;
mod ocsp;
mod plain;
mod request;
mod tls;
mod upstream;
mod upstream_tls;
mod verifier;

use std::io::{Cursor, Read as _};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hyper::header::{HeaderName, HeaderValue};
use rustls::{HandshakeKind, ServerConnection};
use rustls_pki_types::{CertificateDer, UnixTime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::watch;
use tokio_rustls::LazyConfigAcceptor;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use self::config::ProxyConfig;
use self::tls::{Sessions, Tls, Vhost};
use self::upstream::{Link, Upstream};
use self::verifier::{Health, Refused, presented_path};
use crate::error::StartError;
use crate::identity::{Client, Convention};
use crate::listener::{Address, Bound, Listener, Purpose, Running, Stream, accept_loop};
use crate::log::{Log, quote};
use crate::serve::serve;

/// Octets that are read and dropped after a failed handshake, so that the alert is not lost to a reset.
const LINGER_BYTES: usize = 64 * 1024;

/// And the time for it.
const LINGER: Duration = Duration::from_millis(300);

/// How long a planted hang keeps a connection open.
const HANG: Duration = Duration::from_secs(60);

/// What all connections share.
pub(crate) struct Proxy {
    config: ProxyConfig,
    convention: Convention,
    rules: headers::Rules,
    tls: RwLock<Arc<Tls>>,
    sessions: Mutex<Sessions>,
    upstream: Upstream,
    health: Arc<Health>,
    responder: Option<ocsp::Responder>,
    https_port: u16,
    access: Log,
    errors: Log,
    audit: Arc<Log>,
}

/// What is known of one TLS connection.
struct Session {
    tls: Arc<Tls>,
    vhost: Option<usize>,
    client: Client,
    identity: Vec<(HeaderName, HeaderValue)>,
    refused: Option<String>,
    link: Link,
    peer: String,
}

/// Starts a proxy.
///
/// # Errors
/// The configuration makes no sense, a file is missing or bad, or an address cannot be bound.
pub async fn start_proxy(config: ProxyConfig) -> Result<Running, StartError> {
    if config.vhosts.is_empty() || config.vhosts.iter().any(|vhost| vhost.names.is_empty()) {
        return Err(StartError::Value {
            what: "each proxy needs a vhost, each vhost a name".to_owned(),
        });
    }
    let convention = Convention::new(&config.identity)?;
    let responder = match &config.ocsp_responder {
        None => None,
        Some(url) => Some(ocsp::Responder::new(url).ok_or_else(|| StartError::Value {
            what: format!("ocsp-responder is no http:// URL: {url}"),
        })?),
    };
    let errors = Log::open(config.logs.error.as_deref())?;
    let audit = Arc::new(Log::open(config.logs.audit.as_deref())?);
    let health = Arc::new(Health::default());
    let sessions = tls::sessions(&config)?;
    let tls = Tls::read(&config, &sessions, &audit, &errors, &health)?;
    let (listener, address) = Listener::bind(&config.listen).await?;
    let https_port = config.https_port.unwrap_or(match &address {
        Address::Tcp(address) => address.port(),
        Address::Unix(_) => 443,
    });
    let mut bound = vec![Bound {
        purpose: Purpose::Tls,
        address,
    }];
    let plain = match &config.plain_listen {
        None => None,
        Some(wanted) => {
            let (listener, address) = Listener::bind(wanted).await?;
            bound.push(Bound {
                purpose: Purpose::Plain,
                address,
            });
            Some(listener)
        }
    };
    let upstream = Upstream::new(
        &config.upstream,
        config.upstream_tls.as_ref(),
        &config.faults,
        config.limits.upstream(),
    )?;
    let proxy = Arc::new(Proxy {
        rules: headers::Rules::new(&convention.headers, config.identity.secret_header.as_deref()),
        access: Log::open(config.logs.access.as_deref())?,
        convention,
        tls: RwLock::new(Arc::new(tls)),
        sessions: Mutex::new(sessions),
        upstream,
        health,
        responder,
        https_port,
        errors,
        audit,
        config,
    });
    let (stop, stopped) = watch::channel(false);
    let shared = Arc::clone(&proxy);
    let mut loops = vec![tokio::spawn(accept_loop(
        listener,
        stopped.clone(),
        move |stream, peer| Arc::clone(&shared).connection(stream, peer),
    ))];
    if let Some(listener) = plain {
        let shared = Arc::clone(&proxy);
        loops.push(tokio::spawn(accept_loop(
            listener,
            stopped,
            move |stream, peer| plain::connection(Arc::clone(&shared), stream, peer),
        )));
    }
    let reload = Box::new(move || proxy.reload());
    Ok(Running {
        bound,
        stop,
        loops,
        reload,
    })
}

impl Proxy {
    fn tls(&self) -> Arc<Tls> {
        Arc::clone(&self.tls.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn reload(&self) -> Result<(), StartError> {
        // FAULT reload.
        if self.config.faults.reload == fault::Reload::Ignore {
            return Ok(());
        }
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        // FAULT resumption: the keys outlive the reload.
        if self.config.faults.resumption == fault::Resumption::Verify {
            *sessions = tls::sessions(&self.config)?;
        }
        let fresh = Tls::read(&self.config, &sessions, &self.audit, &self.errors, &self.health)?;
        *self.tls.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }

    async fn connection(self: Arc<Self>, stream: Stream, peer: String) {
        // FAULT odd-certificate.
        if self.health.is_down() {
            if self.config.faults.odd_certificate == fault::OddCertificate::Hang {
                tokio::time::sleep(HANG).await;
            }
            return;
        }
        let tls = self.tls();
        // FAULT handshake.
        let Some(stream) = lenient::serve(&self, &tls, stream, &peer).await else {
            return;
        };
        let handshake = tokio::time::timeout(
            self.config.limits.handshake(),
            self.handshake(&tls, stream, &peer),
        );
        let Ok(Some((mut stream, session))) = handshake.await else {
            return;
        };
        let early = self.early_data(&mut stream);
        let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        let limits = self.config.limits.clone();
        let session = Arc::new(session);
        let stream: Stream = if early.is_empty() {
            Box::new(stream)
        } else {
            let (read, write) = tokio::io::split(stream);
            Box::new(tokio::io::join(
                AsyncReadExt::chain(Cursor::new(early), read),
                write,
            ))
        };
        // FAULT http1, http2.
        let left = if http2 {
            naive_http2::serve(&self, &session, stream).await
        } else {
            naive::serve(&self, &session, stream).await
        };
        let Some(stream) = left else { return };
        serve(stream, http2, &limits, move |request| {
            request::answer(Arc::clone(&self), Arc::clone(&session), request)
        })
        .await;
    }

    /// FAULT early-data: what the client sent before its handshake was done is taken for the beginning of its stream.
    fn early_data(&self, stream: &mut tokio_rustls::server::TlsStream<Stream>) -> Vec<u8> {
        let mut early = Vec::new();
        if self.config.faults.early_data != fault::EarlyData::Refuse
            && let Some(mut reader) = stream.get_mut().1.early_data()
        {
            drop(reader.read_to_end(&mut early));
        }
        early
    }

    async fn handshake(
        &self,
        tls: &Arc<Tls>,
        stream: Stream,
        peer: &str,
    ) -> Option<(tokio_rustls::server::TlsStream<Stream>, Session)> {
        // FAULT tls-client-auth = put-off.
        let (stream, is_put_off) = if self.config.faults.tls_client_auth == fault::TlsClientAuth::PutOff {
            lenient::offers_post_handshake(stream).await
        } else {
            (stream, false)
        };
        let mut acceptor = LazyConfigAcceptor::new(rustls::server::Acceptor::default(), stream);
        let start = match (&mut acceptor).await {
            Ok(start) => start,
            Err(error) => {
                self.errors.line(&format!(
                    "peer={peer} handshake failed: {}",
                    quote(&error.to_string())
                ));
                if let Some(stream) = acceptor.take_io() {
                    linger(stream).await;
                }
                return None;
            }
        };
        let choice = tls.choose(&start.client_hello(), is_put_off, &self.config.faults);
        match start.into_stream(choice.config).into_fallible().await {
            Ok(stream) => {
                let mut session = self.session(tls, choice.vhost, stream.get_ref().1, peer);
                let connection = stream.get_ref().1;
                let resumed = connection.handshake_kind() == Some(HandshakeKind::Resumed);
                let presented = connection.peer_certificates().unwrap_or_default();
                self.ask_responder(&mut session, presented, resumed).await;
                Some((stream, session))
            }
            Err((error, stream)) => {
                // FAULT audit.
                if self.config.faults.audit == fault::Audit::Write {
                    self.errors.line(&format!(
                        "peer={peer} handshake failed: {}",
                        quote(&error.to_string())
                    ));
                }
                let certificate = error
                    .get_ref()
                    .and_then(|inner| inner.downcast_ref::<rustls::Error>())
                    .is_some_and(|inner| matches!(inner, rustls::Error::NoCertificatesPresented));
                if certificate && self.config.faults.audit == fault::Audit::Write {
                    self.audit.line(&format!(
                        "certificate refused reason=\"none was presented\" peer={peer}"
                    ));
                }
                linger(stream).await;
                None
            }
        }
    }

    /// Refuses a client whose certificate the OCSP responder does not call good. What only a fault lets through is not
    /// asked about: a fault is about one thing.
    async fn ask_responder(&self, session: &mut Session, presented: &[CertificateDer<'_>], resumed: bool) {
        let tls = Arc::clone(&session.tls);
        let verifier = session
            .vhost
            .and_then(|index| tls.vhosts.get(index))
            .and_then(|vhost| vhost.verifier.as_ref());
        let (Some(responder), Some(verifier)) = (&self.responder, verifier) else {
            return;
        };
        // FAULT resumption: what was once verified stays so.
        if session.refused.is_some()
            || (resumed && self.config.faults.resumption != fault::Resumption::Verify)
        {
            return;
        }
        let now =
            UnixTime::since_unix_epoch(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default());
        let refused = verifier.ask(responder, presented, now).await;
        if let (Some(reason), Some(leaf)) = (refused, presented.first()) {
            let refused = Refused::rule(reason);
            verifier.note(leaf, &refused);
            session.refused = Some(refused.reason);
            session.identity.clear();
        }
    }

    /// Works out, once a connection, who the client is and what the app will be told.
    fn session(
        &self,
        tls: &Arc<Tls>,
        index: Option<usize>,
        connection: &ServerConnection,
        peer: &str,
    ) -> Session {
        let presented = connection.peer_certificates().unwrap_or_default();
        let resumed = connection.handshake_kind() == Some(HandshakeKind::Resumed);
        self.session_of(tls, index, presented, resumed, peer)
    }

    fn session_of(
        &self,
        tls: &Arc<Tls>,
        index: Option<usize>,
        presented: &[CertificateDer<'_>],
        resumed: bool,
        peer: &str,
    ) -> Session {
        let vhost = index.and_then(|index| tls.vhosts.get(index));
        let (client, refused) = self.client(tls, vhost, presented, resumed);
        let (identity, refused) = match (refused, self.convention.encode(&client)) {
            (None, Ok(headers)) => (headers, None),
            (None, Err(reason)) => {
                self.errors.line(&format!(
                    "peer={peer} the identity cannot be forwarded: {}",
                    quote(&reason)
                ));
                (Vec::new(), Some("the identity cannot be forwarded".to_owned()))
            }
            (Some(reason), _) => (Vec::new(), Some(reason)),
        };
        Session {
            tls: Arc::clone(tls),
            vhost: index,
            client,
            identity,
            refused,
            link: Link::default(),
            peer: peer.to_owned(),
        }
    }

    /// The client, and why its resumed session is refused if it is.
    fn client(
        &self,
        tls: &Tls,
        vhost: Option<&Vhost>,
        presented: &[CertificateDer<'_>],
        resumed: bool,
    ) -> (Client, Option<String>) {
        let faults = &self.config.faults;
        // FAULT resumption: what the handshake did not bring is not known.
        if resumed && faults.resumption == fault::Resumption::Forget {
            return (Client::Absent, None);
        }
        let Some((leaf, intermediates)) = presented.split_first() else {
            // The library resumes a session without a certificate even where one is required.
            let owed = resumed
                && vhost.is_some_and(|vhost| vhost.verifier.is_some())
                && faults.resumption == fault::Resumption::Verify
                && faults.tickets == fault::Tickets::PerVhost
                && faults.client_auth == fault::ClientAuth::Require
                && faults.tls_client_auth == fault::TlsClientAuth::Always
                && faults.alpn_client_auth == fault::AlpnClientAuth::Always;
            return (
                Client::Absent,
                owed.then(|| "the resumed session has no certificate".to_owned()),
            );
        };
        let mut refused = None;
        let mut failure = None;
        let now =
            UnixTime::since_unix_epoch(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default());
        // FAULT resumption: what was once verified stays so. FAULT client-auth: failure is only reported.
        let verify_again = resumed && faults.resumption == fault::Resumption::Verify;
        let report = faults.client_auth == fault::ClientAuth::OptionalAny;
        if verify_again || report {
            // FAULT tickets: with shared keys nobody asks which vhost's rules the certificate met.
            let judges: Vec<_> = match faults.tickets {
                fault::Tickets::PerVhost => {
                    vhost.iter().filter_map(|vhost| vhost.verifier.as_ref()).collect()
                }
                fault::Tickets::Shared => tls
                    .vhosts
                    .iter()
                    .filter_map(|vhost| vhost.verifier.as_ref())
                    .collect(),
            };
            let mut verdicts = judges
                .iter()
                .map(|judge| (judge, judge.judge(leaf, intermediates, now)));
            if let Some((judge, Err(reason))) = verdicts.find(|(_, verdict)| verdict.is_ok()).or_else(|| {
                judges
                    .first()
                    .map(|judge| (judge, judge.judge(leaf, intermediates, now)))
            }) {
                if report {
                    failure = Some(reason.reason);
                } else {
                    judge.note(leaf, &reason);
                    refused = Some(reason.reason);
                }
            }
        }
        // FAULT chain-element.
        let chain = match faults.chain_element {
            fault::ChainElement::Leaf => path_of(presented),
            fault::ChainElement::AsSent => presented.iter().map(|one| one.to_vec()).collect(),
            fault::ChainElement::Last => last_of_clients(presented)
                .iter()
                .map(|last| last.to_vec())
                .collect(),
        };
        (Client::Presented { chain, failure }, refused)
    }
}

/// The leaf and the certificates of the list that lead up from it.
fn path_of(presented: &[CertificateDer<'_>]) -> Vec<Vec<u8>> {
    let parsed: Vec<X509Certificate<'_>> = presented
        .iter()
        .filter_map(|der| X509Certificate::from_der(der).ok())
        .map(|(_, certificate)| certificate)
        .collect();
    match parsed.split_first() {
        Some((leaf, others)) if parsed.len() == presented.len() => presented_path(leaf, others)
            .iter()
            .map(|certificate| certificate.as_raw().to_vec())
            .collect(),
        Some(_) | None => presented.first().iter().map(|leaf| leaf.to_vec()).collect(),
    }
}

/// FAULT chain-element: the last certificate of the list that is not an authority's, whoever's it is (CVE-2023-2422).
fn last_of_clients<'a>(presented: &'a [CertificateDer<'a>]) -> Option<&'a CertificateDer<'a>> {
    presented
        .iter()
        .rev()
        .find(|der| X509Certificate::from_der(der).is_ok_and(|(_, certificate)| !certificate.is_ca()))
}

/// Closes a stream so that what was written last, an alert, is still read: a socket that is closed over unread input
/// resets the connection.
async fn linger(mut stream: Stream) {
    let drain = async {
        if stream.shutdown().await.is_err() {
            return;
        }
        let mut buffer = [0; 4096];
        let mut dropped = 0_usize;
        while let Ok(count) = stream.read(&mut buffer).await {
            dropped = dropped.saturating_add(count);
            if count == 0 || dropped > LINGER_BYTES {
                return;
            }
        }
    };
    drop(tokio::time::timeout(LINGER, drain).await);
}
