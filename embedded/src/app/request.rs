//! One request: read, identified, routed, logged.

use std::sync::Arc;

use hyper::body::{Body, Bytes};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, Request, StatusCode};
use serde_json::json;

use super::identify::{Caller, Evidence, Refusal};
use super::{App, fault, page};
use crate::log::{quote, redact};
use crate::serve::{Answer, BodyError, read_body};

/// The paths that everybody may see.
const PUBLIC: [&str; 2] = ["/healthz", "/static/app.css"];

/// What the fault of the prefix rule protects.
const PREFIXES: [&str; 8] = [
    "/accounts",
    "/admin",
    "/boom",
    "/csrf",
    "/login",
    "/transfer",
    "/vault",
    "/whoami",
];

/// A request as the views see it.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) nonce: Option<String>,
}

impl Call {
    /// A value of the query.
    pub(super) fn query(&self, key: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(other, _)| other == key)
            .map(|(_, value)| value.as_str())
    }

    /// A cookie; `None` also when it comes twice with different values.
    pub(super) fn cookie(&self, name: &str) -> Option<String> {
        let mut found = self
            .headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(other, _)| *other == name)
            .map(|(_, value)| value.to_owned());
        let first = found.next()?;
        found.all(|other| other == first).then_some(first)
    }

    /// An error page.
    pub(super) fn refuse(&self, (status, reason): Refusal) -> Answer {
        page::json(status, &json!({ "error": reason, "nonce": self.nonce }))
    }
}

/// Answers a request.
pub(super) async fn answer<B>(app: &Arc<App>, peer: &str, request: Request<B>) -> Answer
where
    B: Body,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    let (parts, body) = request.into_parts();
    let limits = &app.config.limits;
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str())
        .to_owned();
    let query = parse_pairs(parts.uri.query().unwrap_or_default());
    let nonce = query
        .iter()
        .find(|(key, _)| key == "nonce")
        .map(|(_, value)| value.clone());
    let mut call = Call {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query,
        headers: parts.headers,
        body: Bytes::new(),
        nonce,
    };
    let mut caller = None;
    let mut answer = match read_body(body, limits.body_bytes, limits.idle()).await {
        Err(BodyError::TooLong) => call.refuse((StatusCode::PAYLOAD_TOO_LARGE, "the body is too long")),
        Err(BodyError::Broken) => call.refuse((StatusCode::BAD_REQUEST, "the body is broken")),
        Ok((body, _)) => {
            call.body = body;
            let method = call.method.clone();
            let mut answer = dispatch(app, &mut call, &mut caller);
            if method == Method::HEAD {
                *answer.body_mut() = http_body_util::Full::new(Bytes::new());
            }
            call.method = method;
            answer
        }
    };
    // FAULT server.
    if app.config.faults.server == fault::Server::Development {
        answer.headers_mut().insert(
            header::SERVER,
            HeaderValue::from_static("WSGIServer/0.2 CPython/3.11.2"),
        );
    }
    log(app, peer, &call, &target, caller.as_ref(), answer.status());
    answer
}

fn dispatch(app: &App, call: &mut Call, caller: &mut Option<Caller>) -> Answer {
    let faults = &app.config.faults;
    if PUBLIC.contains(&call.path.as_str()) && matches!(call.method, Method::GET | Method::HEAD) {
        return app.public(call);
    }
    if !app.is_from_proxy(&call.headers) {
        return call.refuse((
            StatusCode::FORBIDDEN,
            "the request did not come through the proxy",
        ));
    }
    // FAULT forwarded-proto.
    if faults.forwarded_proto == fault::ForwardedProto::Trust && !is_https(call) {
        let mut answer = page::empty(StatusCode::MOVED_PERMANENTLY);
        let location = format!("https://{}{}", header_text(call, header::HOST), call.path);
        if let Ok(location) = HeaderValue::from_str(&location) {
            answer.headers_mut().insert(header::LOCATION, location);
        }
        return answer;
    }
    // FAULT method-override.
    if faults.method_override == fault::MethodOverride::Honour
        && let Ok(method) =
            header_text(call, HeaderName::from_static("x-http-method-override")).parse::<Method>()
    {
        call.method = method;
    }
    let evidence = Evidence {
        headers: &call.headers,
        session: call.cookie("sessionid"),
    };
    match app.identify(&evidence) {
        Ok(found) => *caller = found,
        Err(refusal) => {
            return call.refuse(refusal);
        }
    }
    if caller.is_none() && needs_identity(app, call) {
        // FAULT no-identity.
        match faults.no_identity {
            fault::NoIdentity::Refuse => {
                return call.refuse((StatusCode::UNAUTHORIZED, "a client certificate is required"));
            }
            fault::NoIdentity::Serve => {}
            fault::NoIdentity::Internal => {
                *caller = Some(Caller {
                    name: "admin".to_owned(),
                    role: super::config::UserRole::Admin,
                    via: "internal",
                    subject: None,
                    has_key: false,
                });
            }
        }
    }
    // FAULT original-url: the view is chosen after the check.
    match faults.original_url {
        fault::OriginalUrl::Ignore => {}
        fault::OriginalUrl::Honour => {
            for name in ["x-original-url", "x-rewrite-url"] {
                let path = header_text(call, HeaderName::from_static(name));
                if path.starts_with('/') {
                    call.path = path;
                }
            }
        }
        fault::OriginalUrl::ScriptName => {
            let prefix = header_text(call, HeaderName::from_static("script_name"));
            if !prefix.is_empty()
                && let Some(rest) = call.path.strip_prefix(&prefix)
            {
                call.path = rest.to_owned();
            }
        }
    }
    // FAULT paths: the views see another path than the rule did.
    if faults.paths == fault::Paths::Prefix {
        call.path = normalised(&call.path);
    }
    app.view(call, caller.as_ref())
}

/// Whether nobody may not see this.
fn needs_identity(app: &App, call: &Call) -> bool {
    let faults = &app.config.faults;
    // FAULT methods.
    if faults.methods == fault::Methods::HeadAndOptionsOpen
        && matches!(call.method, Method::HEAD | Method::OPTIONS)
    {
        return false;
    }
    // FAULT routes.
    let known = PREFIXES.iter().any(|prefix| call.path.starts_with(prefix));
    match faults.routes {
        fault::Routes::OneForgotten if call.path == "/admin/users" => return false,
        fault::Routes::ErrorsOpen if call.path == "/boom" || !known => return false,
        fault::Routes::All | fault::Routes::OneForgotten | fault::Routes::ErrorsOpen => {}
    }
    // FAULT paths, and original-url, whose check also goes by the public prefix.
    match (faults.paths, faults.original_url) {
        (fault::Paths::Prefix, _) => known,
        (fault::Paths::Exact, fault::OriginalUrl::Ignore) => true,
        (fault::Paths::Exact, fault::OriginalUrl::Honour | fault::OriginalUrl::ScriptName) => known,
    }
}

/// Whether the request came over https, as a header says that a fault believes.
pub(super) fn is_https(call: &Call) -> bool {
    !header_text(call, HeaderName::from_static("x-forwarded-proto")).eq_ignore_ascii_case("http")
}

fn header_text(call: &Call, name: HeaderName) -> String {
    call.headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

/// A path as a lenient router sees it: escapes resolved, empty and dot segments gone, parameters cut.
fn normalised(path: &str) -> String {
    let decoded = percent_decode(path).replace('\\', "/").to_ascii_lowercase();
    let mut segments: Vec<&str> = Vec::new();
    for segment in decoded.split('/') {
        match segment
            .split(';')
            .next()
            .unwrap_or_default()
            .trim_end_matches([' ', '.'])
        {
            "" if segment == ".." => drop(segments.pop()),
            "" => {}
            plain => segments.push(plain),
        }
    }
    format!("/{}", segments.join("/"))
}

/// Keys and values of a query or form.
pub(super) fn parse_pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .take(64)
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (
                percent_decode(&key.replace('+', " ")),
                percent_decode(&value.replace('+', " ")),
            )
        })
        .collect()
}

fn percent_decode(text: &str) -> String {
    let mut rest = text.as_bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some((byte, after)) = rest.split_first() {
        let escape = after
            .get(..2)
            .filter(|digits| *byte == b'%' && digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(escape.unwrap_or(*byte));
        rest = if escape.is_some() {
            after.get(2..).unwrap_or_default()
        } else {
            after
        };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

fn log(app: &App, peer: &str, call: &Call, target: &str, caller: Option<&Caller>, status: StatusCode) {
    let faults = &app.config.faults;
    // FAULT log-escape.
    let show = |text: &str| match faults.log_escape {
        fault::LogEscape::Escape => quote(text),
        fault::LogEscape::Raw => percent_decode(text),
    };
    let all = |names: &[&str]| {
        call.headers
            .iter()
            .filter(|(name, _)| names.is_empty() || names.contains(&name.as_str()))
            .map(|(name, value)| format!("{name}: {}", String::from_utf8_lossy(value.as_bytes())))
            .collect::<Vec<_>>()
            .join("; ")
    };
    let mut line = format!(
        "peer={peer} {} {} {} user={}",
        show(call.method.as_str()),
        show(&redact(target)),
        status.as_u16(),
        caller.map_or_else(|| "-".to_owned(), |caller| show(&caller.name)),
    );
    // FAULT log-extra.
    let extra = match faults.log_extra {
        fault::LogExtra::Nothing => None,
        fault::LogExtra::Meta => Some(all(&[])),
        fault::LogExtra::Subject => caller.and_then(|caller| caller.subject.clone()),
        fault::LogExtra::Cookies => Some(all(&["cookie"])),
        fault::LogExtra::Authorization => Some(all(&["authorization", "x-api-key"])),
        fault::LogExtra::Body => Some(String::from_utf8_lossy(&call.body).into_owned()),
    };
    if let Some(extra) = extra {
        line.push_str(&format!(" extra={}", show(&extra)));
    }
    app.access.line(&line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lenient_router_sees_one_path_in_many() {
        for path in [
            "//whoami",
            "/./whoami",
            "/x/../whoami",
            "/%77hoami",
            "/whoami;p=1",
            "/WHOAMI",
            "/whoami/",
            "\\whoami",
        ] {
            assert_eq!(normalised(path), "/whoami", "{path}");
        }
    }

    #[test]
    fn pairs_are_decoded() {
        assert_eq!(
            parse_pairs("a=b%26c&d+e"),
            [("a".into(), "b&c".into()), ("d e".into(), String::new())]
        );
        assert_eq!(percent_decode("100%"), "100%");
    }
}
