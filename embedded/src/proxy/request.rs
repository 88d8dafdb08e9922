//! One request: from the client's bytes to the app's answer.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

use super::fault::{self, Forwarded};
use super::headers::{self, Facts};
use super::host::{Host, host};
use super::upstream::{self, Failure};
use super::{Proxy, Session};
use crate::identity::Client;
use crate::log::{quote, redact};
use crate::serve::{Answer, BodyError, read_body};

/// How long a planted tunnel lives.
const TUNNEL: Duration = Duration::from_secs(30);

/// HSTS of the fault, in seconds.
const SHORT_HSTS: &str = "max-age=300";

/// Octets of header fields that the buffer of a fault holds.
const OVERRUN: usize = 8192;

/// An answer of the proxy's own.
pub(super) fn page(status: StatusCode) -> Answer {
    let text = format!("{}\n", status.canonical_reason().unwrap_or("error"));
    let mut answer = Response::new(Full::new(Bytes::from(text)));
    *answer.status_mut() = status;
    answer.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    answer
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// Answers a request that came over TLS.
pub(super) async fn answer(proxy: Arc<Proxy>, session: Arc<Session>, request: Request<Incoming>) -> Answer {
    let record = Record::new(&request);
    let (mut answer, body) = match &session.refused {
        Some(_) => (page(StatusCode::BAD_REQUEST), Bytes::new()),
        None => {
            let checked = checked_host(&proxy, &session, &request);
            match checked {
                Ok(host) => exchange(&proxy, &session, request, host, false).await,
                Err(status) => (page(status), Bytes::new()),
            }
        }
    };
    // FAULT hsts.
    let hsts = match proxy.config.faults.hsts {
        fault::Hsts::On => HeaderValue::from_str(&proxy.config.hsts).ok(),
        fault::Hsts::Short => Some(HeaderValue::from_static(SHORT_HSTS)),
        fault::Hsts::Off => None,
    };
    if let Some(hsts) = hsts {
        answer
            .headers_mut()
            .insert(header::STRICT_TRANSPORT_SECURITY, hsts);
    }
    if session.refused.is_some() {
        answer
            .headers_mut()
            .insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    record.write(&proxy, &session, answer.status(), &body);
    answer
}

/// FAULT plain: answers a request on the plain listener, believing the client's headers.
pub(super) async fn answer_plain(
    proxy: Arc<Proxy>,
    session: Arc<Session>,
    request: Request<Incoming>,
) -> Answer {
    let record = Record::new(&request);
    let (answer, body) = match host(&request) {
        Some(host) => exchange(&proxy, &session, request, host, true).await,
        None => (page(StatusCode::BAD_REQUEST), Bytes::new()),
    };
    record.write(&proxy, &session, answer.status(), &body);
    answer
}

/// The host, if the session's vhost may serve it, and the path too.
fn checked_host(proxy: &Proxy, session: &Session, request: &Request<Incoming>) -> Result<Host, StatusCode> {
    let host = host(request).ok_or(StatusCode::BAD_REQUEST)?;
    let named = session.tls.vhost(&host.name);
    let open = session.vhost.is_none() && proxy.config.faults.unknown_sni == fault::UnknownSni::OpenDefault;
    // FAULT host-mismatch.
    let index = match proxy.config.faults.host_mismatch {
        fault::HostMismatch::Refuse if open => named,
        fault::HostMismatch::Refuse if named.is_some() && named == session.vhost => named,
        fault::HostMismatch::Refuse => return Err(StatusCode::MISDIRECTED_REQUEST),
        fault::HostMismatch::Serve => named.or(session.vhost),
    };
    let paths = index
        .and_then(|index| session.tls.vhosts.get(index))
        .and_then(|vhost| vhost.paths.as_ref());
    if paths.is_some_and(|paths| !paths.iter().any(|path| path == request.uri().path())) {
        return Err(StatusCode::NOT_FOUND);
    }
    Ok(host)
}

/// Forwards a request; the body is given back for the log of a fault.
async fn exchange(
    proxy: &Proxy,
    session: &Session,
    mut request: Request<Incoming>,
    host: Host,
    plain: bool,
) -> (Answer, Bytes) {
    let faults = &proxy.config.faults;
    let nothing = Bytes::new();
    if request.method() == Method::CONNECT {
        return (page(StatusCode::METHOD_NOT_ALLOWED), nothing);
    }
    // FAULT upgrade.
    let upgrade = (faults.upgrade == fault::Upgrade::Pass)
        .then(|| request.headers().get(header::UPGRADE).cloned())
        .flatten()
        .map(|protocol| (protocol, hyper::upgrade::on(&mut request)));
    let (parts, body) = request.into_parts();
    let limits = &proxy.config.limits;
    let (body, trailers) = match read_body(body, limits.body_bytes, limits.idle()).await {
        Ok(read) => read,
        Err(BodyError::TooLong) => return (page(StatusCode::PAYLOAD_TOO_LARGE), nothing),
        // FAULT trailers.
        Err(BodyError::Broken) if faults.trailers == fault::Trailers::BlameApp => {
            return (page(StatusCode::BAD_GATEWAY), nothing);
        }
        Err(BodyError::Broken) => return (page(StatusCode::BAD_REQUEST), nothing),
    };
    let path = parts.uri.path();
    // FAULT oversize = crash.
    let head: usize = parts
        .headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if faults.oversize == fault::Oversize::Crash && head > OVERRUN {
        proxy.health.go_down();
        return (page(StatusCode::INTERNAL_SERVER_ERROR), body);
    }
    let facts = Facts {
        identity: &session.identity,
        secret: proxy.convention.secret.as_ref(),
        certificate: matches!(session.client, Client::Presented { .. }),
        public: path.starts_with("/static") || path.starts_with("/healthz"),
        peer: &session.peer,
        host: &host.value,
        trailers: trailers.as_ref(),
    };
    let mut sent = if plain {
        // FAULT plain: nothing is removed but what is about the connection, and the client says what the proto is.
        let mut open = faults.clone();
        open.forwarded = Forwarded::Pass;
        open.clear = fault::Clear::Never;
        proxy.rules.forward(&parts.headers, &open, &facts)
    } else {
        proxy.rules.forward(&parts.headers, faults, &facts)
    };
    if parts.method == Method::TRACE {
        // FAULT trace.
        return match faults.trace {
            fault::Trace::Refuse => (error_page(proxy, StatusCode::METHOD_NOT_ALLOWED, &sent), body),
            fault::Trace::Echo => (echo(&sent), body),
        };
    }
    if let Some((protocol, _)) = &upgrade {
        sent.insert(header::UPGRADE, protocol.clone());
        sent.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    }
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str());
    let mut forwarded = Request::new(Full::new(body.clone()));
    *forwarded.method_mut() = parts.method;
    let Ok(uri) = target.parse() else {
        return (page(StatusCode::BAD_REQUEST), body);
    };
    *forwarded.uri_mut() = uri;
    *forwarded.headers_mut() = sent.clone();
    // FAULT body-framing.
    if faults.body_framing == fault::BodyFraming::Unframed && !body.is_empty() {
        return match proxy.upstream.send_unframed(&forwarded, &body).await {
            Ok(response) => (response.map(Full::new), body),
            Err(failure) => (fail(proxy, &failure, &sent), body),
        };
    }
    let response = match proxy.upstream.send(&session.link, forwarded).await {
        Ok(response) => response,
        Err(failure) => return (fail(proxy, &failure, &sent), body),
    };
    (
        relay(proxy, response, upgrade.map(|(_, client)| client), &sent).await,
        body,
    )
}

/// The app's response for the client.
async fn relay(
    proxy: &Proxy,
    mut response: Response<Incoming>,
    client: Option<hyper::upgrade::OnUpgrade>,
    sent: &HeaderMap,
) -> Answer {
    // FAULT upgrade.
    if response.status() == StatusCode::SWITCHING_PROTOCOLS
        && let Some(client) = client
    {
        let app = hyper::upgrade::on(&mut response);
        drop(tokio::spawn(tokio::time::timeout(TUNNEL, async move {
            if let (Ok(client), Ok(app)) = (client.await, app.await) {
                drop(tokio::io::copy_bidirectional(&mut TokioIo::new(client), &mut TokioIo::new(app)).await);
            }
        })));
        let (parts, _) = response.into_parts();
        return Response::from_parts(parts, Full::new(Bytes::new()));
    }
    let (mut parts, body) = response.into_parts();
    let limits = &proxy.config.limits;
    // FAULT cut-answer.
    if proxy.config.faults.cut_answer == fault::CutAnswer::Complete {
        let body = upstream::as_far_as_it_came(body, limits.body_bytes, limits.upstream()).await;
        headers::respond(&mut parts.headers);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Full::new(body));
    }
    match read_body(body, limits.body_bytes, limits.upstream()).await {
        Ok((body, _)) => {
            headers::respond(&mut parts.headers);
            Response::from_parts(parts, Full::new(body))
        }
        Err(_) => error_page(proxy, StatusCode::BAD_GATEWAY, sent),
    }
}

fn fail(proxy: &Proxy, failure: &Failure, sent: &HeaderMap) -> Answer {
    proxy
        .errors
        .line(&format!("upstream: {}", quote(&failure.reason)));
    error_page(proxy, failure.status, sent)
}

fn error_page(proxy: &Proxy, status: StatusCode, sent: &HeaderMap) -> Answer {
    // FAULT error-page.
    match proxy.config.faults.error_page {
        fault::ErrorPage::Generic => page(status),
        fault::ErrorPage::Headers => {
            let mut answer = echo(sent);
            *answer.status_mut() = status;
            answer
        }
    }
}

fn echo(headers: &HeaderMap) -> Answer {
    let mut text = String::new();
    for (name, value) in headers {
        let _ = writeln!(text, "{name}: {}", String::from_utf8_lossy(value.as_bytes()));
    }
    Response::new(Full::new(Bytes::from(text)))
}

/// What the access log says of a request, taken before the request is consumed.
struct Record {
    method: String,
    target: String,
    headers: HeaderMap,
}

impl Record {
    fn new(request: &Request<Incoming>) -> Self {
        Self {
            method: request.method().as_str().to_owned(),
            target: request
                .uri()
                .path_and_query()
                .map_or("/", |target| target.as_str())
                .to_owned(),
            headers: request.headers().clone(),
        }
    }

    fn write(&self, proxy: &Proxy, session: &Session, status: StatusCode, body: &[u8]) {
        // FAULT log-escape.
        let show = |text: &str| match proxy.config.faults.log_escape {
            fault::LogEscape::Escape => quote(text),
            fault::LogEscape::Raw => percent_decode(text),
        };
        let certificate = match &session.client {
            Client::Absent => "none",
            Client::Presented { .. } => "presented",
        };
        let mut line = format!(
            "peer={} {} {} {} certificate={certificate} agent={}",
            session.peer,
            show(&self.method),
            show(&redact(&self.target)),
            status.as_u16(),
            show(&self.values(&[header::USER_AGENT.as_str()])),
        );
        if let Some(reason) = &session.refused {
            line.push_str(&format!(" refused={}", quote(reason)));
        }
        // FAULT log-extra.
        let extra = match proxy.config.faults.log_extra {
            fault::LogExtra::Nothing => None,
            fault::LogExtra::Certificate => leaf(&session.client).map(|der| {
                format!(
                    "-----BEGIN CERTIFICATE-----{}-----END CERTIFICATE-----",
                    STANDARD.encode(der)
                )
            }),
            fault::LogExtra::Subject => leaf(&session.client).and_then(names),
            fault::LogExtra::Cookies => Some(self.values(&["cookie"])),
            fault::LogExtra::Authorization => Some(self.values(&["authorization", "x-api-key"])),
            fault::LogExtra::Headers => Some(
                self.headers
                    .iter()
                    .map(|(name, value)| format!("{name}: {}; ", String::from_utf8_lossy(value.as_bytes())))
                    .collect(),
            ),
            fault::LogExtra::Body => Some(String::from_utf8_lossy(body).into_owned()),
        };
        if let Some(extra) = extra {
            line.push_str(&format!(" extra={}", show(&extra)));
        }
        proxy.access.line(&line);
    }

    fn values(&self, names: &[&str]) -> String {
        names
            .iter()
            .flat_map(|name| self.headers.get_all(*name))
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

fn leaf(client: &Client) -> Option<&[u8]> {
    match client {
        Client::Absent => None,
        Client::Presented { chain, .. } => chain.first().map(Vec::as_slice),
    }
}

fn names(der: &[u8]) -> Option<String> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let mut text = certificate.subject().to_string();
    if let Ok(Some(names)) = certificate.subject_alternative_name() {
        for name in &names.value.general_names {
            text.push_str(&format!(" {name}"));
        }
    }
    Some(text)
}

/// Percent escapes resolved, for the fault that logs what a request means instead of what it says.
fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(byte) = bytes.get(index) {
        let escape = bytes
            .get(index + 1..index + 3)
            .filter(|_| *byte == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match escape {
            Some(value) => {
                decoded.push(value);
                index += 3;
            }
            None => {
                decoded.push(*byte);
                index += 1;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
