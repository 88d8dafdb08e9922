//! Controls: the honest exchanges that bracket an attempt. Derived here from what the attempt does, never from its file alone.

use super::exchange::{Act, Exchange, FieldLine, GrantRule, HelloPlan, RequestPlan, TlsChoice};
use super::forgery::Forgery;
use super::names::Surroundings;
use super::request::{Target, build, server_name};
use super::{Identity, alpn_of};
use crate::scenario::step::{CsrfStep, Keep, RequestStep};
use crate::scenario::vocabulary::{Endpoint, HostForm, HttpVersion, Possession, TlsVersion};

/// Header that every honest control carries, with its nonce: harmless, and the tap must see it where headers are forged.
pub const PROBE_HEADER: &str = "X-Gauntlet-Probe";

/// One control: done before and after the attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlPlan {
    /// What it shows, as a sentence fragment: `alice is granted as alice`.
    pub label: String,
    /// Exchanges that it needs first (a ticket of its own).
    pub before: Vec<Act>,
    /// The honest exchange.
    pub act: Act,
    /// What must come of it.
    pub demand: Demand,
    /// It is done in the state that the attempt asks for; otherwise before that state and after it.
    pub in_state: bool,
}

/// What must come of a control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Demand {
    /// The protected content as this identity; with `probe`, the tap saw the probe header; with `logged`, the nonce is in
    /// the logs.
    Granted {
        /// Whom the app must have seen; `None` where the route does not say.
        identity: Option<Identity>,
        /// Rule 6: the channel works.
        probe: bool,
        /// Rule 9: it is the right log.
        logged: bool,
    },
    /// Not the protected content.
    Refused,
    /// The raw hello is taken.
    Offered,
    /// The connection is resumed (rule 5); otherwise the attempt is skipped.
    Resumed,
    /// The protected content, to whoever it is. Where it is refused, the attempt is skipped: what carries it is never taken.
    Carried,
    /// The files are there.
    Found,
}

/// What an honest exchange shares with its attempt, so that both differ in one thing.
#[derive(Debug, Clone)]
pub struct Honest<'a> {
    /// The credential.
    pub credential: String,
    /// Whose it is.
    pub user: String,
    /// The route.
    pub route: &'a str,
    /// HTTP version.
    pub http: HttpVersion,
    /// TLS version.
    pub version: Option<TlsVersion>,
    /// Its nonce.
    pub nonce: String,
}

/// Builds an honest exchange to the front.
///
/// # Errors
/// The reason to skip.
pub fn honest(honest: &Honest<'_>, surroundings: &Surroundings<'_>) -> Result<Exchange, String> {
    let forgery = Forgery::default();
    let target = Target {
        endpoint: Endpoint::Front,
        http: honest.http,
        nonce: &honest.nonce,
        forgery: &forgery,
    };
    let step = RequestStep {
        route: Some(honest.route.to_owned()),
        ..RequestStep::default()
    };
    let (mut request, grant, _) = build(&step, &target, surroundings)?;
    request
        .fields
        .push(FieldLine::new(PROBE_HEADER, honest.nonce.as_bytes()));
    Ok(Exchange {
        endpoint: Endpoint::Front,
        backend: 0,
        interface: None,
        firewalled: false,
        user: honest.user.clone(),
        present: Some(honest.credential.clone()),
        possession: Possession::Honest,
        handshake: None,
        afterwards: None,
        tls: TlsChoice {
            version: honest.version,
            sni: server_name(HostForm::Front, surroundings)?,
            alpn: alpn_of(honest.http),
            resume: false,
            early_data: false,
            record_size: None,
            hello_fragment: None,
            hello_size: None,
            suites: None,
            groups: None,
        },
        http: honest.http,
        request,
        nonce: honest.nonce.clone(),
        session: None,
        api_key: None,
        csrf: None,
        login: None,
        keep: None,
        grant,
        object: None,
        canary: None,
        look_in_logs: false,
        audit: None,
        look_at_tap: false,
        smuggled: None,
        upstream: None,
    })
}

/// A login as `user`, with the user's own certificate, that keeps the session cookie.
///
/// # Errors
/// The reason to skip.
pub fn login(user: &str, nonce: String, surroundings: &Surroundings<'_>) -> Result<Exchange, String> {
    let mut exchange = honest(&plainly(user, "login", nonce), surroundings)?;
    exchange.login = Some(user.to_owned());
    exchange.keep = Some(Keep::Session);
    exchange.grant = GrantRule {
        status: None,
        ..GrantRule::default()
    };
    Ok(exchange)
}

/// A visit to the CSRF route that keeps token and cookie.
///
/// # Errors
/// The reason to skip.
pub fn csrf(user: &str, nonce: String, surroundings: &Surroundings<'_>) -> Result<Exchange, String> {
    let mut exchange = honest(&plainly(user, "csrf", nonce), surroundings)?;
    exchange.keep = Some(Keep::Csrf);
    Ok(exchange)
}

/// The honest change that carries the token, for the control of CSRF attempts.
///
/// # Errors
/// The reason to skip.
pub fn change(
    user: &str,
    route: &str,
    nonce: String,
    surroundings: &Surroundings<'_>,
) -> Result<Exchange, String> {
    let mut exchange = honest(&plainly(user, route, nonce), surroundings)?;
    if surroundings.deployment.file.app.csrf.is_some() {
        exchange.csrf = Some(CsrfStep::Honest);
    }
    Ok(exchange)
}

fn plainly<'a>(user: &str, route: &'a str, nonce: String) -> Honest<'a> {
    Honest {
        credential: user.to_owned(),
        user: user.to_owned(),
        route,
        http: HttpVersion::Http11,
        version: None,
        nonce,
    }
}

/// A hello that any server of today takes: TLS 1.2 and 1.3 with modern offers.
///
/// # Errors
/// Never for the built-in names; the type is that of `server_name`.
pub fn modern_hello(surroundings: &Surroundings<'_>) -> Result<HelloPlan, String> {
    Ok(HelloPlan {
        version: 0x0304,
        suites: vec![
            0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8,
        ],
        groups: vec![0x001d, 0x0017, 0x0018],
        beside_groups: Vec::new(),
        signatures: MODERN_SIGNATURES.to_vec(),
        sni: server_name(HostForm::Front, surroundings)?,
        compression: false,
        fallback: false,
        extended_master_secret: true,
        padding: None,
        fragment: None,
    })
}

/// Signature schemes of today (RFC 8446 section 4.2.3).
pub const MODERN_SIGNATURES: &[u16] = &[
    0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0807,
];

/// A request that is empty but for its target; used where only the connection matters.
pub fn bare_request(target: &str) -> RequestPlan {
    RequestPlan {
        method: "GET".to_owned(),
        target: target.as_bytes().to_vec(),
        ..RequestPlan::default()
    }
}
