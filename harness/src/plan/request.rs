//! From a step's request to bytes: routes, paths, hosts, header lines.

use super::exchange::{FieldLine, GrantRule, RequestPlan};
use super::forgery::{Forgery, identity_header_names};
use super::names::Surroundings;
use super::path;
use super::text::Words;
use crate::deployment::Facts;
use crate::deployment::file::RouteFile;
use crate::scenario::step::RequestStep;
use crate::scenario::vocabulary::{Endpoint, HostForm, HttpVersion, Need};

/// A resolved route: the request that the deployment file gives, and what counts as a grant.
#[derive(Debug, Clone)]
pub struct Route {
    /// The route's request.
    pub file: RouteFile,
    /// It is the protected route, whose response names the identity and echoes the nonce.
    pub protected: bool,
    /// The owner of the object, for `owned.NAME`.
    pub owner: Option<String>,
}

/// Finds a route by its word.
///
/// # Errors
/// The reason to skip.
pub fn route(word: &str, surroundings: &Surroundings<'_>) -> Result<Route, String> {
    let app = &surroundings.deployment.file.app;
    let needed = |route: Option<&RouteFile>, need: Need| {
        route
            .cloned()
            .ok_or_else(|| Facts::reason_without(need).to_owned())
    };
    let plain = |file: RouteFile| Route {
        file,
        protected: false,
        owner: None,
    };
    if let Some(path) = word.strip_prefix('/') {
        return Ok(plain(RouteFile {
            path: format!("/{path}"),
            ..RouteFile::default()
        }));
    }
    let owned = [
        ("owned.", &app.owned, Need::Owned),
        ("owned-change.", &app.owned_change, Need::OwnedChange),
        ("owned-filter.", &app.owned_filter, Need::OwnedFilter),
        ("owned-nested.", &app.owned_nested, Need::OwnedNested),
    ];
    for (prefix, routes, need) in owned {
        if let Some(owner) = word.strip_prefix(prefix) {
            let file = needed(routes.get(owner), need)?;
            return Ok(Route {
                file,
                protected: false,
                owner: Some(owner.to_owned()),
            });
        }
    }
    match word {
        "protected" => Ok(Route {
            file: app.protected.clone(),
            protected: true,
            owner: None,
        }),
        "public" => Ok(plain(needed(app.public.as_ref(), Need::Public)?)),
        "error" => Ok(plain(needed(app.error.as_ref(), Need::Error)?)),
        "admin" => Ok(plain(needed(app.admin.as_ref(), Need::Admin)?)),
        "change" => Ok(plain(needed(app.change.as_ref(), Need::Change)?)),
        "second-factor" => Ok(plain(needed(app.second_factor.as_ref(), Need::SecondFactor)?)),
        "owned-list" => Ok(plain(needed(app.owned_list.as_ref(), Need::OwnedList)?)),
        "csrf" => {
            let csrf = app
                .csrf
                .as_ref()
                .ok_or_else(|| Facts::reason_without(Need::Csrf).to_owned())?;
            Ok(plain(RouteFile {
                path: csrf.path.clone(),
                ..RouteFile::default()
            }))
        }
        "login" => {
            let login = app
                .login
                .as_ref()
                .ok_or_else(|| Facts::reason_without(Need::Login).to_owned())?;
            let method = Some(login.method.clone().unwrap_or_else(|| "POST".to_owned()));
            Ok(plain(RouteFile {
                path: login.path.clone(),
                method,
                ..RouteFile::default()
            }))
        }
        other => Err(format!(
            "unknown route `{other}`, {}",
            crate::complaint::did_you_mean(other, ROUTES.iter().copied())
        )),
    }
}

/// The words of routes that are not `owned.NAME` or a path.
pub const ROUTES: &[&str] = &[
    "protected",
    "public",
    "error",
    "admin",
    "change",
    "csrf",
    "login",
    "second-factor",
    "owned-list",
    "owned.NAME",
    "owned-change.NAME",
    "owned-filter.NAME",
    "owned-nested.NAME",
    "routes",
];

/// What the request is built for, beside its own keys.
pub struct Target<'a> {
    /// Which listener.
    pub endpoint: Endpoint,
    /// HTTP version.
    pub http: HttpVersion,
    /// The nonce of the exchange.
    pub nonce: &'a str,
    /// Forged lines.
    pub forgery: &'a Forgery,
}

/// Builds the request and the rule of its grant.
///
/// # Errors
/// The reason to skip, or what is wrong with a text.
pub fn build(
    step: &RequestStep,
    target: &Target<'_>,
    surroundings: &Surroundings<'_>,
) -> Result<(RequestPlan, GrantRule, Route), String> {
    let route = route(step.route.as_deref().unwrap_or("protected"), surroundings)?;
    let words = words(target, surroundings);
    let host_form = step.host.unwrap_or(match target.endpoint {
        Endpoint::Other => HostForm::Other,
        Endpoint::Front | Endpoint::Backend | Endpoint::Plain => HostForm::Front,
    });
    let (hosts, absolute) = hosts(host_form, target.endpoint, surroundings)?;
    let path = match &step.path {
        Some(path) => words.fill(path)?,
        None => route.file.path.clone().into_bytes(),
    };
    let request_target = [
        absolute.unwrap_or_default().into_bytes(),
        written_path(&path, step, target, surroundings),
    ]
    .concat();
    let mut fields: Vec<FieldLine> = Vec::new();
    fields.extend(target.forgery.fields.iter().cloned());
    for (name, value) in &step.headers {
        let name =
            String::from_utf8(words.fill(name)?).map_err(|_| "a header name must be text".to_owned())?;
        fields.push(FieldLine::new(&name, &words.fill(value)?));
    }
    if let Some(size) = step.filler {
        fields.push(FieldLine::new("X-Filler", &vec![b'a'; size.min(MAX_FILLER)]));
    }
    let (body, content_type) = body(step, &route, &words)?;
    let method = step
        .method
        .clone()
        .or_else(|| route.file.method.clone())
        .unwrap_or_else(|| "GET".to_owned());
    let raw = step.raw.as_ref().map(|raw| words.fill(raw)).transpose()?;
    let app = &surroundings.deployment.file.app;
    let bodiless = method.eq_ignore_ascii_case("HEAD");
    let grant = GrantRule {
        status: route.file.status,
        contains: route.file.contains.clone().filter(|_| !bodiless),
        echo: route.protected && app.echo.is_some() && !bodiless,
        identity: route.protected && app.identity.is_some() && !bodiless,
    };
    let trailers = target.forgery.trailers.clone();
    let plan = RequestPlan {
        method,
        target: request_target,
        hosts,
        fields,
        body,
        content_type,
        trailers,
        raw,
    };
    Ok((plan, grant, route))
}

/// Largest filler header or body, bytes.
pub const MAX_FILLER: usize = 4 * 1024 * 1024;

fn written_path(
    path: &[u8],
    step: &RequestStep,
    target: &Target<'_>,
    surroundings: &Surroundings<'_>,
) -> Vec<u8> {
    let text = String::from_utf8_lossy(path).into_owned();
    let (bare, query) = text
        .split_once('?')
        .map_or((text.as_str(), None), |(bare, query)| (bare, Some(query)));
    let public = surroundings
        .deployment
        .file
        .app
        .public
        .as_ref()
        .map(|route| route.path.as_str());
    let mut written = match step.path_form {
        Some(form) => path::rewrite(form, bare, public),
        None if path.is_ascii() => bare.as_bytes().to_vec(),
        None => return path.to_vec(),
    };
    let mut queries: Vec<String> = query.map(str::to_owned).into_iter().collect();
    if let Some(echo) = &surroundings.deployment.file.app.echo {
        queries.push(format!("{}={}", echo.query, target.nonce));
    }
    if !queries.is_empty() {
        written.push(b'?');
        written.extend_from_slice(queries.join("&").as_bytes());
    }
    written
}

fn body(
    step: &RequestStep,
    route: &Route,
    words: &Words,
) -> Result<(Option<Vec<u8>>, Option<String>), String> {
    if let Some(size) = step.body_filler {
        return Ok((
            Some(vec![b'a'; size.min(MAX_FILLER)]),
            Some("application/octet-stream".to_owned()),
        ));
    }
    if let Some(body) = &step.body {
        return Ok((
            Some(words.fill(body)?),
            Some("application/octet-stream".to_owned()),
        ));
    }
    if step
        .method
        .as_deref()
        .is_some_and(|method| ["GET", "HEAD"].contains(&method))
    {
        return Ok((None, None));
    }
    let json = route.file.json.as_ref().map(|json| (json, "application/json"));
    let form = route
        .file
        .form
        .as_ref()
        .map(|form| (form, "application/x-www-form-urlencoded"));
    Ok(match json.or(form) {
        Some((text, kind)) => (Some(text.clone().into_bytes()), Some(kind.to_owned())),
        None => (None, None),
    })
}

pub(super) fn words(target: &Target<'_>, surroundings: &Surroundings<'_>) -> Words {
    let setting = surroundings.setting;
    let app = &surroundings.deployment.file.app;
    let forged: Vec<u8> = target
        .forgery
        .fields
        .iter()
        .flat_map(|field| field.http1.clone())
        .collect();
    let identity_headers = surroundings
        .dialect()
        .map(|(_, names)| identity_header_names(&names).join(", "))
        .unwrap_or_default();
    let origin = format!("{}:{}", setting.front_host, setting.front_port);
    let mut words = Words::default()
        .with("nonce", target.nonce)
        .with("front", origin.clone())
        .with("front-host", setting.front_host.clone())
        .with("host", origin)
        .with("identity-headers", identity_headers)
        .with("forged", forged)
        .with("protected", app.protected.path.clone());
    if let Some(other) = &setting.other {
        words = words.with("other", format!("{other}:{}", setting.front_port));
    }
    if let Some(login) = &app.login {
        words = words.with("session-cookie", login.cookie.clone());
    }
    if let Some(public) = &app.public {
        words = words.with("public", public.path.clone());
    }
    if let Some(admin) = &app.admin {
        words = words.with("admin", admin.path.clone());
    }
    words
}

/// Host lines, and the scheme and authority of an absolute-form target.
fn hosts(
    form: HostForm,
    endpoint: Endpoint,
    surroundings: &Surroundings<'_>,
) -> Result<(Vec<String>, Option<String>), String> {
    let setting = surroundings.setting;
    let port = match endpoint {
        Endpoint::Plain => setting
            .plain
            .as_ref()
            .and_then(|plain| plain.rsplit_once(':'))
            .and_then(|(_, port)| port.parse().ok()),
        Endpoint::Front | Endpoint::Backend | Endpoint::Other => None,
    }
    .unwrap_or(setting.front_port);
    let at = |host: &str| {
        if port == 443 {
            host.to_owned()
        } else {
            format!("{host}:{port}")
        }
    };
    let front = at(&setting.front_host);
    let other = || {
        setting
            .other
            .as_ref()
            .map(|other| at(other))
            .ok_or_else(|| Facts::reason_without(Need::OtherNames).to_owned())
    };
    Ok(match form {
        HostForm::Front => (vec![front], None),
        HostForm::Other => (vec![other()?], None),
        HostForm::Absent => (vec![], None),
        HostForm::UpperCase => (vec![at(&setting.front_host.to_uppercase())], None),
        HostForm::TrailingDot => (vec![at(&format!("{}.", setting.front_host))], None),
        HostForm::WithPort => (vec![format!("{}:{port}", setting.front_host)], None),
        HostForm::Ip => (vec![at(&setting.front_ip)], None),
        HostForm::Child => (vec![at(&format!("x.{}", setting.front_host))], None),
        HostForm::Unknown => (vec![at("nobody.invalid")], None),
        HostForm::OtherThenFront => (vec![other()?, front], None),
        HostForm::FrontThenOther => (vec![front, other()?], None),
        HostForm::AbsoluteFront => (vec![other()?], Some(format!("https://{front}"))),
        HostForm::AbsoluteOther => (vec![front], Some(format!("https://{}", other()?))),
    })
}

/// Server name indication by its word; `None` sends no extension.
///
/// # Errors
/// The reason to skip.
pub fn server_name(form: HostForm, surroundings: &Surroundings<'_>) -> Result<Option<String>, String> {
    let setting = surroundings.setting;
    let name = &setting.front_host;
    Ok(match form {
        HostForm::Front => Some(name.clone()),
        HostForm::Other => Some(
            setting
                .other
                .clone()
                .ok_or_else(|| Facts::reason_without(Need::OtherNames).to_owned())?,
        ),
        HostForm::Absent => None,
        HostForm::UpperCase => Some(name.to_uppercase()),
        HostForm::TrailingDot => Some(format!("{name}.")),
        HostForm::Child => Some(format!("x.{name}")),
        HostForm::Unknown => Some("nobody.invalid".to_owned()),
        HostForm::WithPort
        | HostForm::Ip
        | HostForm::OtherThenFront
        | HostForm::FrontThenOther
        | HostForm::AbsoluteFront
        | HostForm::AbsoluteOther => {
            return Err(format!(
                "`{form}` is no server name: valid are front, other, absent, upper-case, trailing-dot, child, unknown"
            ));
        }
    })
}
