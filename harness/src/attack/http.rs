//! The HTTP part of an exchange: writes the request, reads the answer, keeps what later exchanges need.

use std::time::Duration;

use attack_wire::http1::{self, Limits};
use attack_wire::http2::client::{Connection, End, Reply, Request};
use attack_wire::{Channel, Deadline};

use super::{Attacker, State, classify};
use crate::deployment::Deployment;
use crate::deployment::file::ReadingFile;
use crate::launch::Target;
use crate::observation::{Layer, Observation, Outcome, Response};
use crate::plan::exchange::GrantRule;
use crate::plan::{Exchange, FieldLine, RequestPlan};
use crate::scenario::step::{CsrfStep, Keep};
use crate::scenario::vocabulary::HttpVersion;

/// A request with captured cookies and secrets filled in.
pub(super) struct Prepared {
    /// The bytes over HTTP/1.
    pub(super) http1: Vec<u8>,
    /// The header lists over HTTP/2.
    pub(super) http2: Request,
    pub(super) method: String,
}

pub(super) const LIMITS: Limits = Limits {
    head: 256 * 1024,
    headers: 512,
    body: 1024 * 1024,
    interim: 8,
};

/// How long a server may take to end a connection whose client has ended its side.
const PARTING: Duration = Duration::from_millis(300);

/// Fills in what the plan could not know.
pub(super) fn prepare(
    exchange: &Exchange,
    state: &State,
    deployment: &Deployment,
    target: &Target,
) -> Result<Prepared, String> {
    let mut request = exchange.request.clone();
    let mut cookies = Vec::new();
    if let Some(user) = &exchange.session {
        cookies.push(
            state
                .sessions
                .get(user)
                .cloned()
                .ok_or_else(|| format!("no session of {user} was kept"))?,
        );
    }
    match exchange.csrf {
        None | Some(CsrfStep::None) => {}
        Some(kind) => {
            let csrf = deployment
                .file
                .app
                .csrf
                .as_ref()
                .ok_or_else(|| "needs [app] csrf".to_owned())?;
            let (token, cookie) = state
                .csrf
                .clone()
                .ok_or_else(|| "no CSRF token was kept".to_owned())?;
            let token = if kind == CsrfStep::Wrong {
                token.chars().rev().collect()
            } else {
                token
            };
            request
                .fields
                .push(FieldLine::new(&csrf.header, token.as_bytes()));
            cookies.push(cookie);
        }
    }
    if !cookies.is_empty() {
        request
            .fields
            .push(FieldLine::new("Cookie", cookies.join("; ").as_bytes()));
    }
    if let Some(user) = &exchange.api_key {
        let header = deployment
            .file
            .app
            .api_key
            .as_ref()
            .ok_or_else(|| "needs [app] api-key".to_owned())?;
        let key = target
            .secret(user, "api-key")
            .ok_or_else(|| format!("needs [users.{user}] secrets.api-key"))?;
        request
            .fields
            .push(FieldLine::new(&header.header, key.as_bytes()));
    }
    if let Some(user) = &exchange.login {
        let login = deployment
            .file
            .app
            .login
            .as_ref()
            .ok_or_else(|| "needs [app] login".to_owned())?;
        let password = target
            .secret(user, "password")
            .ok_or_else(|| format!("needs [users.{user}] secrets.password"))?;
        request.body = Some(
            login
                .form
                .replace("{user}", user)
                .replace("{password}", &password)
                .into_bytes(),
        );
        request.content_type = Some("application/x-www-form-urlencoded".to_owned());
    }
    let method = request.method.clone();
    Ok(Prepared {
        http1: http1_bytes(&request, exchange.http),
        http2: http2_request(&request),
        method,
    })
}

pub(super) fn http1_bytes(request: &RequestPlan, version: HttpVersion) -> Vec<u8> {
    if let Some(raw) = &request.raw {
        return raw.clone();
    }
    let version = if version == HttpVersion::Http10 {
        "HTTP/1.0"
    } else {
        "HTTP/1.1"
    };
    let mut bytes = [
        request.method.as_bytes(),
        b" ",
        &request.target,
        b" ",
        version.as_bytes(),
        b"\r\n",
    ]
    .concat();
    for host in &request.hosts {
        bytes.extend_from_slice(format!("Host: {host}\r\n").as_bytes());
    }
    for field in &request.fields {
        bytes.extend_from_slice(&field.http1);
    }
    if let Some(kind) = &request.content_type {
        bytes.extend_from_slice(format!("Content-Type: {kind}\r\n").as_bytes());
    }
    let body = request.body.as_deref().unwrap_or_default();
    if request.trailers.is_empty() {
        if request.body.is_some() {
            bytes.extend_from_slice(format!("Content-Length: {}\r\n", body.len()).as_bytes());
        }
        bytes.extend_from_slice(b"\r\n");
        bytes.extend_from_slice(body);
    } else {
        let payload = if body.is_empty() { &b"x"[..] } else { body };
        bytes.extend_from_slice(b"Transfer-Encoding: chunked\r\nTE: trailers\r\n\r\n");
        bytes.extend_from_slice(format!("{:x}\r\n", payload.len()).as_bytes());
        bytes.extend_from_slice(payload);
        bytes.extend_from_slice(b"\r\n0\r\n");
        for field in &request.trailers {
            bytes.extend_from_slice(&field.http1);
        }
        bytes.extend_from_slice(b"\r\n");
    }
    bytes
}

fn http2_request(request: &RequestPlan) -> Request {
    let mut fields = vec![
        (b":method".to_vec(), request.method.clone().into_bytes()),
        (b":scheme".to_vec(), b"https".to_vec()),
        (b":path".to_vec(), request.target.clone()),
    ];
    let mut hosts = request.hosts.iter();
    if let Some(authority) = hosts.next() {
        fields.push((b":authority".to_vec(), authority.clone().into_bytes()));
    }
    fields.extend(hosts.map(|host| (b"host".to_vec(), host.clone().into_bytes())));
    fields.extend(request.fields.iter().filter_map(|field| field.http2.clone()));
    let body = request.body.clone().unwrap_or_default();
    if let Some(kind) = &request.content_type {
        fields.push((b"content-type".to_vec(), kind.clone().into_bytes()));
        fields.push((b"content-length".to_vec(), body.len().to_string().into_bytes()));
    }
    let trailers = request
        .trailers
        .iter()
        .filter_map(|field| field.http2.clone())
        .collect();
    Request {
        fields,
        body,
        trailers,
    }
}

/// Sends the request and reads the answer.
pub(super) fn converse(
    mut channel: Channel,
    exchange: &Exchange,
    prepared: &Prepared,
    wait: Duration,
    attacker: &Attacker<'_>,
    state: &mut State,
    deadline: Deadline,
) -> Observation {
    let encrypted = !matches!(channel, Channel::Plain(_));
    if exchange.http == HttpVersion::Http2 && exchange.request.raw.is_none() {
        let mut connection = Connection::open(channel, LIMITS, wait, deadline);
        let reply = connection.exchange(&prepared.http2, deadline);
        keep_tickets(exchange, connection.channel_mut(), state);
        return match reply.status {
            Some(status) => answered(from_http2(status, &reply), exchange, attacker, state),
            None => classify::no_stream(&reply.end),
        };
    }
    let sent = if exchange.tls.early_data && encrypted {
        &[][..]
    } else {
        &prepared.http1
    };
    if let Some(plan) = &exchange.smuggled {
        return super::smuggling::converse(channel, exchange, plan, prepared, wait, attacker, state);
    }
    let done = http1::exchange(&mut channel, &prepared.method, sent, wait, LIMITS, deadline);
    keep_tickets(exchange, &mut channel, state);
    match done.reply {
        Ok(response) => answered(from_http1(&response), exchange, attacker, state),
        Err(failure) => classify::no_response(&failure.fault, &failure.received, encrypted),
    }
}

/// A session is worth nothing before its connection has ended well: some servers forget it otherwise.
fn keep_tickets(exchange: &Exchange, channel: &mut Channel, state: &mut State) {
    if exchange.keep != Some(Keep::Ticket) {
        return;
    }
    channel.part(PARTING);
    if let Some(session) = channel.tls() {
        state.keep_tickets(session.tickets());
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub(super) fn from_http1(response: &http1::Response) -> Response {
    let headers = response
        .headers
        .iter()
        .map(|(name, value)| (text(name), text(value)))
        .collect();
    Response {
        status: response.status,
        headers,
        body: response.body.clone(),
        complete: response.end == http1::BodyEnd::Complete,
    }
}

fn from_http2(status: u16, reply: &Reply) -> Response {
    let fields = reply.fields.iter().filter(|(name, _)| !name.starts_with(b":"));
    Response {
        status,
        headers: fields.map(|(name, value)| (text(name), text(value))).collect(),
        body: reply.body.clone(),
        complete: reply.end == End::Complete && has_its_length(reply),
    }
}

/// RFC 9113 section 8.1.1: a stream that ends properly may still lack what its `content-length` announced.
fn has_its_length(reply: &Reply) -> bool {
    let announced = reply.fields.iter().find(|(name, _)| name == b"content-length");
    announced.is_none_or(|(_, length)| *length == reply.body.len().to_string().into_bytes())
}

/// A response came: was it the protected content, and for whom?
pub(super) fn answered(
    response: Response,
    exchange: &Exchange,
    attacker: &Attacker<'_>,
    state: &mut State,
) -> Observation {
    let app = &attacker.deployment.file.app;
    let outcome = outcome(&response, &exchange.grant, &exchange.nonce, attacker.deployment);
    let layer = if outcome == Outcome::Granted {
        Layer::App
    } else {
        Layer::Http
    };
    let mut observation = Observation::new(layer, outcome);
    if exchange.grant.identity && outcome == Outcome::Granted {
        observation.identity = app
            .identity
            .as_ref()
            .and_then(|reading| read(reading, &response))
            .filter(|name| !name.is_empty());
    }
    if outcome != Outcome::Granted {
        let start: String = response.text().chars().take(120).collect();
        observation
            .evidence
            .push(format!("http {}: {}", response.status, start.escape_debug()));
    }
    match exchange.keep {
        Some(Keep::Session) => {
            if let Some(login) = &app.login
                && let Some(cookie) = cookie(&response, &login.cookie)
            {
                state.sessions.insert(exchange.user.clone(), cookie);
            }
        }
        Some(Keep::Csrf) => {
            if let Some(csrf) = &app.csrf {
                let reading = ReadingFile {
                    json: Some(csrf.json.clone()),
                    ..ReadingFile::default()
                };
                state.csrf = read(&reading, &response).zip(cookie(&response, &csrf.cookie));
            }
        }
        Some(Keep::Ticket) | None => {}
    }
    observation.response = Some(response);
    observation
}

fn outcome(response: &Response, grant: &GrantRule, nonce: &str, deployment: &Deployment) -> Outcome {
    let success = match grant.status {
        Some(status) => response.status == status,
        None => (200..300).contains(&response.status),
    };
    if !success {
        return Outcome::Refused;
    }
    if grant.echo && !echoed(response, nonce, deployment) {
        return Outcome::Elsewhere;
    }
    if grant
        .contains
        .as_ref()
        .is_some_and(|text| !response.text().contains(text.as_str()))
    {
        return Outcome::Elsewhere;
    }
    Outcome::Granted
}

fn echoed(response: &Response, nonce: &str, deployment: &Deployment) -> bool {
    let Some(echo) = &deployment.file.app.echo else {
        return true;
    };
    match &echo.json {
        Some(pointer) => json_at(response, pointer).is_some_and(|text| text == nonce),
        None => response.text().contains(nonce),
    }
}

fn json_at(response: &Response, pointer: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_slice(&response.body).ok()?;
    match value.pointer(pointer)? {
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Null => None,
        other @ (serde_json::Value::Bool(_)
        | serde_json::Value::Number(_)
        | serde_json::Value::Array(_)
        | serde_json::Value::Object(_)) => Some(other.to_string()),
    }
}

/// Reads a text out of a response.
fn read(reading: &ReadingFile, response: &Response) -> Option<String> {
    if let Some(pointer) = &reading.json {
        return json_at(response, pointer);
    }
    if let Some(name) = &reading.header {
        return response.header(name).next().map(str::to_owned);
    }
    let (before, after) = reading.between.as_ref()?;
    let body = response.text();
    let rest = body.split_once(before.as_str())?.1;
    Some(rest.split_once(after.as_str())?.0.to_owned())
}

fn cookie(response: &Response, name: &str) -> Option<String> {
    let pairs = response
        .header("Set-Cookie")
        .filter_map(|line| line.split(';').next());
    pairs
        .map(str::trim)
        .find(|pair| pair.split('=').next() == Some(name))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_complete_with_all_that_it_announced() {
        let mut reply = Reply {
            status: Some(200),
            fields: vec![(b"content-length".to_vec(), b"5".to_vec())],
            body: b"alice".to_vec(),
            trailers: Vec::new(),
            interim: 0,
            end: End::Complete,
        };
        assert!(from_http2(200, &reply).complete);
        reply.body.pop();
        assert!(!from_http2(200, &reply).complete);
        reply.fields.clear();
        assert!(from_http2(200, &reply).complete);
        reply.end = End::Reset(2);
        assert!(!from_http2(200, &reply).complete);
    }
}
