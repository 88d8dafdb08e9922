//! The app's side of TLS between proxy and app: the tap shows the proxy a certificate, right or wrong, and relays what is
//! inside.
//!
//! A proxy that looks at the app's certificate (RFC 9110 section 4.3.4 asks that of every client) sends no request to a wrong
//! one. Faces are changed while the deployment runs; with each change all connections end, and no session can be resumed, so
//! that nothing learned from the right face helps the wrong one.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use attack_wire::tls::old_server::Answer;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;

use super::old_version;
use super::relay::Relay;
use super::tampering::{self, Changing, Tampering};
use super::{TapAddress, TapError};

/// How long a proxy may take for its handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Refusals that are remembered.
const REFUSALS: usize = 64;
/// Time for the runtime to end its connections.
const ENDING: Duration = Duration::from_millis(500);

/// A certificate chain and the key that signs the handshake, as shown to the proxy.
#[derive(Debug, Clone)]
pub struct Face {
    /// DER, leaf first.
    pub chain: Vec<Vec<u8>>,
    /// PKCS#8, DER. Not that of the certificate where the face is about possession.
    pub key: Vec<u8>,
    /// The proxy must show a certificate too: one for clients, of this CA (DER).
    pub asks: Option<Vec<u8>>,
    /// Shown to those alone whose ClientHello names this server (RFC 6066 section 3).
    pub named: Option<String>,
    /// Instead of a handshake that can end, one of this version (0x0301 to 0x0303) that nobody can finish: see
    /// `tap/old_version.rs`. The chain's key is of P-256.
    pub old: Option<u16>,
    /// What somebody on the way does to the app's answers.
    pub tampers: Option<Tampering>,
}

/// A server of one old version.
#[derive(Debug)]
pub(super) struct Old {
    pub(super) version: u16,
    pub(super) chain: Vec<Vec<u8>>,
}

/// What is played to the proxy.
#[derive(Debug, Clone)]
enum Play {
    Tls(Arc<ServerConfig>, Option<Tampering>),
    Old(Arc<Old>),
}

/// The certificate for whoever names the right server, or for everybody.
#[derive(Debug)]
struct Showing {
    certified: Arc<CertifiedKey>,
    named: Option<String>,
}

impl ResolvesServerCert for Showing {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let meant = self.named.as_ref().is_none_or(|name| {
            hello
                .server_name()
                .is_some_and(|asked| asked.eq_ignore_ascii_case(name))
        });
        meant.then(|| Arc::clone(&self.certified))
    }
}

/// All faces by name, and the one that is shown first.
#[derive(Debug, Clone, Default)]
pub struct Faces {
    /// By name.
    pub faces: BTreeMap<String, Face>,
    /// The right one.
    pub honest: String,
}

#[derive(Debug)]
pub(super) struct Shown {
    play: Mutex<Play>,
    /// How many times the face was changed: what a proxy says of an earlier one is not said of this one, however late it comes.
    turn: AtomicUsize,
    /// Handshakes that were begun with it since it is shown.
    met: AtomicUsize,
    /// What proxies said of certificates that they did not like.
    refusals: Mutex<Vec<String>>,
    /// What proxies said to an old version.
    answers: Mutex<Vec<Answer>>,
    /// Answers that were tampered with.
    tampered: Mutex<Vec<Tampering>>,
}

/// The TLS listener in front of a relay.
#[derive(Debug)]
pub(super) struct Front {
    address: TapAddress,
    plays: BTreeMap<String, Play>,
    honest: String,
    shown: Arc<Shown>,
    relay: Arc<Relay>,
    runtime: Option<tokio::runtime::Runtime>,
}

enum Listener {
    Tcp(tokio::net::TcpListener),
    Unix(tokio::net::UnixListener),
}

impl Front {
    /// Listens on `listen` and hands what is inside to `relay`.
    pub(super) fn start(listen: &TapAddress, faces: &Faces, relay: Arc<Relay>) -> Result<Self, TapError> {
        let failed = |source: std::io::Error| TapError::Listen {
            address: listen.to_string(),
            source,
        };
        let mut plays = BTreeMap::new();
        for (name, face) in &faces.faces {
            let play = match face.old {
                None => Play::Tls(Arc::new(config(name, face)?), face.tampers),
                Some(version) => Play::Old(Arc::new(Old {
                    version,
                    chain: face.chain.clone(),
                })),
            };
            plays.insert(name.clone(), play);
        }
        let first = plays.get(&faces.honest).cloned();
        let first = first.ok_or_else(|| TapError::Face {
            name: faces.honest.clone(),
            message: "no such face".to_owned(),
        })?;
        let shown = Arc::new(Shown {
            play: Mutex::new(first),
            turn: AtomicUsize::new(0),
            met: AtomicUsize::new(0),
            refusals: Mutex::default(),
            answers: Mutex::default(),
            tampered: Mutex::default(),
        });
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("tap-tls")
            .enable_all()
            .build()
            .map_err(TapError::Thread)?;
        let (listener, address) = runtime.block_on(bind(listen)).map_err(failed)?;
        runtime.spawn(accept(listener, Arc::clone(&shown), Arc::clone(&relay)));
        Ok(Self {
            address,
            plays,
            honest: faces.honest.clone(),
            shown,
            relay,
            runtime: Some(runtime),
        })
    }

    pub(super) fn address(&self) -> &TapAddress {
        &self.address
    }

    /// Shows another face, `None` for the right one, and ends all connections. False where there is no such face.
    pub(super) fn show(&self, name: Option<&str>) -> bool {
        let Some(play) = self.plays.get(name.unwrap_or(&self.honest)) else {
            return false;
        };
        let mut shown = self.shown.play.lock().unwrap_or_else(PoisonError::into_inner);
        *shown = play.clone();
        self.shown.turn.fetch_add(1, Ordering::Relaxed);
        self.shown.met.store(0, Ordering::Relaxed);
        forget(&self.shown.refusals);
        forget(&self.shown.answers);
        forget(&self.shown.tampered);
        drop(shown);
        self.relay.close_all();
        true
    }

    /// How many handshakes were begun with the face since it is shown.
    pub(super) fn met(&self) -> usize {
        self.shown.met.load(Ordering::Relaxed)
    }

    /// What the proxy said of the face since it is shown.
    pub(super) fn refusals(&self) -> Vec<String> {
        self.shown
            .refusals
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// What the proxy said to an old version since it is played; `None` while another face is shown.
    pub(super) fn answers(&self) -> Option<Vec<Answer>> {
        let play = self.shown.play.lock().unwrap_or_else(PoisonError::into_inner);
        let answers = self.shown.answers.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(*play, Play::Old(_)).then(|| answers.clone())
    }

    /// How many answers were tampered with since the face is shown; `None` while one is shown that does not.
    pub(super) fn tampered(&self) -> Option<usize> {
        let play = self.shown.play.lock().unwrap_or_else(PoisonError::into_inner);
        let tampered = self.shown.tampered.lock().unwrap_or_else(PoisonError::into_inner);
        matches!(*play, Play::Tls(_, Some(_))).then(|| tampered.len())
    }
}

fn forget<T>(notes: &Mutex<Vec<T>>) {
    notes.lock().unwrap_or_else(PoisonError::into_inner).clear();
}

impl Drop for Front {
    fn drop(&mut self) {
        self.relay.close_all();
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(ENDING);
        }
        if let TapAddress::Unix(path) = &self.address {
            drop(std::fs::remove_file(path));
        }
    }
}

/// TLS 1.2 and 1.3, HTTP/1.1, no tickets, no session ids.
fn config(name: &str, face: &Face) -> Result<ServerConfig, TapError> {
    let failed = |message: String| TapError::Face {
        name: name.to_owned(),
        message,
    };
    let chain = face
        .chain
        .iter()
        .map(|der| CertificateDer::from(der.clone()))
        .collect();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(face.key.clone()));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = provider
        .key_provider
        .load_private_key(key)
        .map_err(|error| failed(error.to_string()))?;
    // Unlike `with_single_cert` this asks nobody whether the key is the certificate's.
    let shown = Showing {
        certified: Arc::new(CertifiedKey::new(chain, key)),
        named: face.named.clone(),
    };
    let proxies = match &face.asks {
        None => WebPkiClientVerifier::no_client_auth(),
        Some(authority) => proxies(authority, &provider).map_err(failed)?,
    };
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(error.to_string()))?
        .with_client_cert_verifier(proxies)
        .with_cert_resolver(Arc::new(shown));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config.send_tls13_tickets = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    Ok(config)
}

/// Takes certificates for clients under `authority`, and nobody without one.
fn proxies(
    authority: &[u8],
    provider: &Arc<rustls::crypto::CryptoProvider>,
) -> Result<Arc<dyn ClientCertVerifier>, String> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(authority.to_vec()))
        .map_err(|error| error.to_string())?;
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
        .build()
        .map_err(|error| error.to_string())
}

async fn bind(address: &TapAddress) -> std::io::Result<(Listener, TapAddress)> {
    match address {
        TapAddress::Tcp(wanted) => {
            let listener = tokio::net::TcpListener::bind(wanted).await?;
            let taken = listener.local_addr()?;
            Ok((Listener::Tcp(listener), TapAddress::Tcp(taken)))
        }
        TapAddress::Unix(path) => {
            let listener = tokio::net::UnixListener::bind(path)?;
            // The proxy may run as another user; the folder around the socket says who gets this far.
            let mode = std::os::unix::fs::PermissionsExt::from_mode(0o666);
            std::fs::set_permissions(path, mode)?;
            Ok((Listener::Unix(listener), address.clone()))
        }
    }
}

async fn accept(listener: Listener, shown: Arc<Shown>, relay: Arc<Relay>) {
    loop {
        match &listener {
            Listener::Tcp(listener) => match listener.accept().await {
                Ok((stream, _)) => {
                    drop(stream.set_nodelay(true));
                    tokio::spawn(serve(stream, Arc::clone(&shown), Arc::clone(&relay)));
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            },
            Listener::Unix(listener) => match listener.accept().await {
                Ok((stream, _)) => {
                    tokio::spawn(serve(stream, Arc::clone(&shown), Arc::clone(&relay)));
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            },
        }
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Unpin>(stream: S, shown: Arc<Shown>, relay: Arc<Relay>) {
    let (play, turn) = {
        let play = shown.play.lock().unwrap_or_else(PoisonError::into_inner);
        shown.met.fetch_add(1, Ordering::Relaxed);
        (play.clone(), shown.turn.load(Ordering::Relaxed))
    };
    let (config, tampers) = match play {
        Play::Tls(config, tampers) => (config, tampers),
        Play::Old(old) => return old_version::serve(stream, &old, &shown, turn).await,
    };
    let stream = Changing::new(stream, &shown, turn);
    let handshake = tokio::time::timeout(HANDSHAKE, TlsAcceptor::from(config).accept(stream)).await;
    let mut stream = match handshake {
        Ok(Ok(stream)) => stream,
        Ok(Err(error)) => return shown.refused(turn, error.to_string()),
        Err(_) => return shown.refused(turn, "no handshake within the deadline".to_owned()),
    };
    let Ok((ours, theirs)) = std::os::unix::net::UnixStream::pair() else {
        return;
    };
    if ours.set_nonblocking(true).is_err() || !relay.adopt(theirs) {
        return;
    }
    let Ok(mut inside) = tokio::net::UnixStream::from_std(ours) else {
        return;
    };
    match tampers {
        Some(Tampering::Cut) => return tampering::cut(&mut stream, &mut inside, &shown, turn).await,
        Some(Tampering::Change) => stream.get_mut().0.begin(),
        None => {}
    }
    // A TLS 1.3 client that dislikes the certificate says so after its own handshake: the alert arrives here.
    // Other errors are connections that ended.
    if let Err(error) = tokio::io::copy_bidirectional(&mut stream, &mut inside).await
        && error.kind() == std::io::ErrorKind::InvalidData
    {
        shown.refused(turn, error.to_string());
    }
}

impl Shown {
    fn refused(&self, turn: usize, text: String) {
        self.note(turn, &self.refusals, text);
    }

    /// An answer was tampered with.
    pub(super) fn tampered(&self, turn: usize, tampering: Tampering) {
        self.note(turn, &self.tampered, tampering);
    }

    /// What a proxy said to an old version.
    pub(super) fn answered(&self, turn: usize, answer: Answer) {
        self.note(turn, &self.answers, answer);
    }

    /// Under the lock that [`Front::show`] holds while it forgets: what is late is dropped.
    fn note<T>(&self, turn: usize, notes: &Mutex<Vec<T>>, note: T) {
        let _shown = self.play.lock().unwrap_or_else(PoisonError::into_inner);
        let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
        if self.turn.load(Ordering::Relaxed) == turn && notes.len() < REFUSALS {
            notes.push(note);
        }
    }
}
