//! The app: believes the proxy, and nobody else, about who the client is; guards accounts, roles and changes.

pub mod config;
pub mod fault;
mod identify;
mod lenient;
mod page;
mod request;
mod route;
mod user;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use hyper::body::Incoming;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs as provider;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use self::config::{AppConfig, AppTlsConfig};
use self::fault::StrayListener;
use self::user::User;
use crate::error::StartError;
use crate::identity::Convention;
use crate::listener::{Address, Bound, Listener, Purpose, Running, Stream, accept_loop};
use crate::log::{Log, quote};
use crate::pki;
use crate::serve::{Answer, serve};

/// Most sessions that are remembered; the oldest identifiers go first.
const SESSIONS: usize = 4096;

/// What all requests share.
pub(crate) struct App {
    config: AppConfig,
    convention: Convention,
    users: Mutex<Vec<User>>,
    /// Notes by account.
    notes: Mutex<BTreeMap<String, String>>,
    /// User names by session identifier.
    sessions: Mutex<BTreeMap<String, String>>,
    access: Log,
    errors: Log,
    tls: Option<TlsAcceptor>,
}

/// Starts an app.
///
/// # Errors
/// The configuration makes no sense, a file is missing or bad, or an address cannot be bound.
pub async fn start_app(config: AppConfig) -> Result<Running, StartError> {
    if config.listen.is_empty() {
        return Err(StartError::Value {
            what: "an app needs a listener".to_owned(),
        });
    }
    let users = user::enrolled(&config)?;
    let notes = users
        .iter()
        .map(|user| (user.name.clone(), format!("note of {}", user.name)))
        .collect();
    let tls = config.tls.as_ref().map(acceptor).transpose()?;
    let app = Arc::new(App {
        convention: Convention::new(&config.identity)?,
        users: Mutex::new(users),
        notes: Mutex::new(notes),
        sessions: Mutex::default(),
        access: Log::open(config.logs.access.as_deref())?,
        errors: Log::open(config.logs.error.as_deref())?,
        tls,
        config,
    });
    let mut wanted: Vec<(Purpose, Address)> = app
        .config
        .listen
        .iter()
        .map(|address| (Purpose::App, address.clone()))
        .collect();
    // FAULT stray-listener.
    if app.config.faults.stray_listener == StrayListener::AllInterfaces {
        wanted.push((Purpose::Stray, "0.0.0.0:0".parse()?));
    }
    let (stop, stopped) = watch::channel(false);
    let mut bound = Vec::new();
    let mut listeners = Vec::new();
    for (purpose, address) in wanted {
        let (listener, address) = Listener::bind(&address).await?;
        bound.push(Bound { purpose, address });
        listeners.push(listener);
    }
    let loops = listeners
        .into_iter()
        .map(|listener| {
            let app = Arc::clone(&app);
            tokio::spawn(accept_loop(listener, stopped.clone(), move |stream, peer| {
                connection(Arc::clone(&app), stream, peer)
            }))
        })
        .collect();
    Ok(Running {
        bound,
        stop,
        loops,
        reload: Box::new(|| Ok(())),
    })
}

fn acceptor(config: &AppTlsConfig) -> Result<TlsAcceptor, StartError> {
    let wrong = |error: rustls::Error| StartError::Tls {
        what: error.to_string(),
    };
    let server = ServerConfig::builder_with_provider(Arc::new(provider::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(wrong)?
        .with_no_client_auth()
        .with_single_cert(
            pki::certificates(&config.certificate)?,
            pki::private_key(&config.key)?,
        )
        .map_err(wrong)?;
    Ok(TlsAcceptor::from(Arc::new(server)))
}

async fn connection(app: Arc<App>, stream: Stream, peer: String) {
    let stream = match &app.tls {
        None => stream,
        Some(acceptor) => {
            match tokio::time::timeout(app.config.limits.handshake(), acceptor.accept(stream)).await {
                Ok(Ok(stream)) => Box::new(stream),
                Ok(Err(error)) => {
                    app.errors.line(&format!(
                        "peer={peer} handshake failed: {}",
                        quote(&error.to_string())
                    ));
                    return;
                }
                Err(_) => return,
            }
        }
    };
    // The proxy keeps its connection while the client is idle, so this side is the more patient one.
    let mut limits = app.config.limits.clone();
    limits.idle_ms = limits.idle_ms.saturating_mul(2);
    // FAULT http1.
    let Some(stream) = lenient::serve(&app, &peer, stream).await else {
        return;
    };
    serve(stream, false, &limits, move |request| {
        answer(Arc::clone(&app), peer.clone(), request)
    })
    .await;
}

/// Answers a request, and takes over the connection where a fault lets it become HTTP/2.
async fn answer(app: Arc<App>, peer: String, mut request: Request<Incoming>) -> Answer {
    let wants_h2c = request
        .headers()
        .get(hyper::header::UPGRADE)
        .is_some_and(|protocol| protocol.as_bytes().eq_ignore_ascii_case(b"h2c"));
    // FAULT h2c.
    if wants_h2c && app.config.faults.h2c == fault::H2c::Accept {
        let upgrade = hyper::upgrade::on(&mut request);
        let inner = Arc::clone(&app);
        drop(tokio::spawn(async move {
            if let Ok(stream) = upgrade.await {
                let stream: Stream = Box::new(TokioIo::new(stream));
                // HTTP/2 knows no Upgrade, so this does not come back here.
                let limits = inner.config.limits.clone();
                serve(stream, true, &limits, move |request| {
                    let (app, peer) = (Arc::clone(&inner), peer.clone());
                    async move { request::answer(&app, &peer, request).await }
                })
                .await;
            }
        }));
        let mut answer = page::empty(StatusCode::SWITCHING_PROTOCOLS);
        answer.headers_mut().insert(
            hyper::header::CONNECTION,
            hyper::header::HeaderValue::from_static("Upgrade"),
        );
        answer.headers_mut().insert(
            hyper::header::UPGRADE,
            hyper::header::HeaderValue::from_static("h2c"),
        );
        return answer;
    }
    request::answer(&app, &peer, request).await
}

impl App {
    /// The user that a session belongs to.
    fn session(&self, identifier: &str) -> Option<String> {
        self.sessions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(identifier)
            .cloned()
    }

    /// Remembers a session.
    fn remember(&self, identifier: String, user: String) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        if sessions.len() >= SESSIONS {
            sessions.pop_first();
        }
        sessions.insert(identifier, user);
    }

    /// The user of a name.
    fn user(&self, name: &str) -> Option<User> {
        let users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        users.iter().find(|user| user.name == name).cloned()
    }
}
