//! The plain listener: it redirects to https, to the vhost that the Host names, and serves nothing.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::header::{self, HeaderValue};
use hyper::{Request, StatusCode};

use super::fault::{Plain, RedirectHost};
use super::request::{self, page};
use super::{Proxy, Session, host};
use crate::identity::Client;
use crate::listener::Stream;
use crate::log::{quote, redact};
use crate::proxy::upstream::Link;
use crate::serve::{Answer, serve};

/// Serves one plain connection.
pub(super) async fn connection(proxy: Arc<Proxy>, stream: Stream, peer: String) {
    let limits = proxy.config.limits.clone();
    let session = Arc::new(Session {
        tls: proxy.tls(),
        vhost: None,
        client: Client::Absent,
        identity: Vec::new(),
        refused: None,
        link: Link::default(),
        peer,
    });
    serve(stream, false, &limits, move |request| {
        answer(Arc::clone(&proxy), Arc::clone(&session), request)
    })
    .await;
}

async fn answer(proxy: Arc<Proxy>, session: Arc<Session>, request: Request<Incoming>) -> Answer {
    // FAULT plain.
    if proxy.config.faults.plain == Plain::Serve {
        return request::answer_plain(proxy, session, request).await;
    }
    let target = request
        .uri()
        .path_and_query()
        .map_or("/", |target| target.as_str())
        .to_owned();
    let answer = redirect(&proxy, &session, &request, &target);
    proxy.access.line(&format!(
        "plain peer={} {} {} {}",
        session.peer,
        quote(request.method().as_str()),
        quote(&redact(&target)),
        answer.status().as_u16(),
    ));
    answer
}

fn redirect(proxy: &Proxy, session: &Session, request: &Request<Incoming>, target: &str) -> Answer {
    let Some(host) = host::host(request) else {
        return page(StatusCode::BAD_REQUEST);
    };
    // FAULT redirect-host.
    if proxy.config.faults.redirect_host == RedirectHost::Vhost && session.tls.vhost(&host.name).is_none() {
        return page(StatusCode::MISDIRECTED_REQUEST);
    }
    let port = if proxy.https_port == 443 {
        String::new()
    } else {
        format!(":{}", proxy.https_port)
    };
    let name = if host.name.contains(':') {
        format!("[{}]", host.name)
    } else {
        host.name
    };
    let Ok(location) = HeaderValue::from_str(&format!("https://{name}{port}{target}")) else {
        return page(StatusCode::BAD_REQUEST);
    };
    let mut answer = page(StatusCode::PERMANENT_REDIRECT);
    answer.headers_mut().insert(header::LOCATION, location);
    answer
}
