//! One exchange as a scenario file writes it.
//!
//! The same table serves the attack itself, the steps before it and the controls beside it, so that a control can differ
//! from its attack in exactly one key.

use std::str::FromStr;

use client_identity::spelling::Spelling;
use schemars::JsonSchema;
use serde::Deserialize;

use super::expectation::Expectation;
use super::matrix::Matrix;
use super::state::StateStep;
use super::vocabulary::{
    Canary, Endpoint, ForgedNames, Handshake, HostForm, HttpVersion, Interface, PathForm, Place, Possession,
    SearchPlace, TlsVersion,
};
use super::word_or_table::optional_word_or_table;

/// One exchange: to whom, as whom, over which TLS and HTTP, with which request, and what must come of it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Step {
    /// Names the row where a scenario has several attempts.
    pub name: Option<String>,
    /// The honest user of this exchange: whose control it has, who owns the session. Default `alice`.
    pub user: Option<String>,
    /// Which listener. Default `front`.
    pub to: Option<Endpoint>,
    /// The backend's port on another address of its host. Only with `to = "backend"`.
    pub interface: Option<Interface>,
    /// Which credential is presented: a user, a fault of the certificate catalogue, or `none`. Default: the user's.
    pub present: Option<String>,
    /// How possession of the key is proved. Default `honest`.
    pub possession: Option<Possession>,
    /// What a TLS client of our own does to its handshake; without this key a library makes an honest one.
    pub handshake: Option<Handshake>,
    /// TLS of the exchange.
    pub tls: TlsStep,
    /// HTTP version. Default `1.1`.
    pub http: Option<HttpVersion>,
    /// The request: one of the deployment's routes by name, or a table. Default `protected`.
    #[serde(deserialize_with = "optional_word_or_table")]
    #[schemars(with = "Option<RequestStep>")]
    pub request: Option<RequestStep>,
    /// Identity headers that the client writes itself.
    pub forge: Option<Forge>,
    /// Attach the session cookie that a step before obtained for this user.
    pub session: Option<String>,
    /// Attach this user's API key, as the deployment file gives it.
    pub api_key: Option<String>,
    /// Attach the CSRF token and cookie that a step before obtained; `wrong` sends a token that nobody issued.
    pub csrf: Option<CsrfStep>,
    /// Keep something of this exchange for the steps after it.
    pub keep: Option<Keep>,
    /// The certificate that the app shows to the proxy meanwhile: `server-expired`, `server-other-ca`, `server-self-signed`,
    /// `server-wrong-name`, `server-without-key`, ... With `server-that-asks` it is the right one and the app asks for the
    /// proxy's; with `server-by-name` it is the right one for those who name the app in their ClientHello. `server-tls1.0` and
    /// `server-tls1.1` are for `not-offered`: whether the proxy would speak that version. With `server-answer-changed` and
    /// `server-answer-cut`, for `incomplete-or-refused`, the certificate is right and somebody on the way changes an octet of the
    /// encrypted answer, or ends the connection before all of it is there. Only for scenarios that run alone.
    pub upstream: Option<String>,
    /// Secrets to plant, one row each, and where they must not be found.
    pub leak: Option<Leak>,
    /// A second request hidden in the first one.
    pub smuggle: Option<Smuggle>,
    /// A raw ClientHello instead of a whole exchange.
    pub hello: Option<HelloStep>,
    /// A look at files of the host instead of an exchange.
    pub storage: Option<StorageStep>,
    /// Exchanges that must be granted before this one (log in, keep a ticket).
    pub before: Vec<Self>,
    /// The deployment's state during this one, brought about after the steps before. Only where the scenario runs `alone`,
    /// unless all that it does is wait.
    pub state: Option<StateStep>,
    /// Honest exchanges that must come out as they expect, before and after this one, in the same state; beside those that the
    /// plan adds.
    pub control: Vec<Self>,
    /// An honest reading that must be the same before and after the attack (the object did not change).
    pub unchanged: Option<Box<Self>>,
    /// What must come of it. Default: `refused` for an attempt, `granted` for a control or a step before.
    #[serde(deserialize_with = "optional_word_or_table")]
    #[schemars(with = "Option<Expectation>")]
    pub expect: Option<Expectation>,
    /// Rows: every combination of the listed values.
    pub matrix: Matrix,
}

impl Step {
    /// Why `handshake` cannot be carried out beside the other keys.
    pub(super) fn handshake_mistake(&self) -> Option<&'static str> {
        let handshake = self.handshake?;
        let replays = handshake == Handshake::EarlyDataReplayed;
        if self.hello.is_some() || self.storage.is_some() || self.smuggle.is_some() {
            return Some("`handshake` is about an exchange: not with `hello`, `storage` or `smuggle`");
        }
        if self.possession.is_some() {
            return Some("`handshake` and `possession` are two faults at once: which one was refused?");
        }
        if self.tls.resume || self.tls.record_size.is_some() || self.tls.hello_fragment.is_some() {
            return Some("`handshake` goes without `tls.resume`, `tls.record-size` and `tls.hello-fragment`");
        }
        if self.tls.early_data != replays {
            return Some("`tls.early-data` and `handshake = \"early-data-replayed\"` go together");
        }
        let renegotiates = matches!(
            handshake,
            Handshake::Renegotiation | Handshake::RenegotiationLegacy
        );
        let version = self.tls.version;
        if (renegotiates && version != Some(TlsVersion::Tls12))
            || (replays && version != Some(TlsVersion::Tls13))
        {
            return Some("renegotiations need `tls.version` 1.2, replays of early data 1.3");
        }
        None
    }
}

/// What is special about the TLS connection.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct TlsStep {
    /// The only version offered. Default: both.
    pub version: Option<TlsVersion>,
    /// Server name indication. Default `front` (or the endpoint's own name).
    pub sni: Option<HostForm>,
    /// ALPN protocol names; an empty list sends no extension. Default: what the HTTP version asks for.
    pub alpn: Option<Vec<String>>,
    /// Offer the ticket that a step before kept.
    pub resume: bool,
    /// Send the request as TLS 1.3 early data on the resumed connection.
    pub early_data: bool,
    /// Cut the client's records to this many bytes.
    pub record_size: Option<usize>,
    /// Cut the ClientHello alone into records of this many bytes.
    pub hello_fragment: Option<usize>,
    /// Make the ClientHello at least this many bytes long, with ALPN names that nobody speaks; at most 60000.
    pub hello_size: Option<usize>,
    /// Cipher suites by IANA name. Default: the client's own.
    pub suites: Option<Vec<String>>,
    /// Groups by IANA name. Default: the client's own.
    pub groups: Option<Vec<String>>,
}

/// A request: a route of the deployment, changed here and there.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct RequestStep {
    /// Which route of the deployment file: `protected`, `public`, `error`, `admin`, `change`, `login`, `csrf`,
    /// `owned-list`, `second-factor`, `owned.NAME`, `owned-change.NAME`, `owned-nested.NAME`, `owned-filter.NAME`, `routes` (every listed one, a row each). Default `protected`.
    pub route: Option<String>,
    /// Another method.
    pub method: Option<String>,
    /// Another path; `{protected}` and `{public}` stand for the routes' paths, `{nonce}` for the nonce.
    pub path: Option<String>,
    /// Another way to write the path.
    pub path_form: Option<PathForm>,
    /// The Host line or `:authority`. Default: the endpoint's own name.
    pub host: Option<HostForm>,
    /// Header lines, in order; values know `{nonce}`, `{identity-headers}`, `{other}`, `{front}`, `{protected}`,
    /// `{session-cookie}`.
    pub headers: Vec<(String, String)>,
    /// A filler header of this many bytes.
    pub filler: Option<usize>,
    /// The body, with the same words.
    pub body: Option<String>,
    /// A body of this many letters instead.
    pub body_filler: Option<usize>,
    /// The exact bytes of an HTTP/1.1 request; `{host}`, `{protected}`, `{nonce}`, `{forged}` and escapes are known.
    pub raw: Option<String>,
}

impl FromStr for RequestStep {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        Ok(Self {
            route: Some(word.to_owned()),
            ..Self::default()
        })
    }
}

/// Identity headers that the client writes itself, in the deployment's dialect.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Forge {
    /// Whose identity is claimed. Default `bob`.
    pub identity: Option<String>,
    /// Only these roles of the dialect (`verify`, `subject`, `cert`, ...). Default: all that the dialect has.
    pub roles: Option<Vec<String>>,
    /// Each role alone, a row each, beside the row with all.
    pub each: bool,
    /// How the names are spelled. Default `canonical`.
    #[schemars(with = "Option<String>")]
    #[serde(deserialize_with = "optional_spelling")]
    pub spelling: Option<Spelling>,
    /// Where the forged lines stand. Default `alone`.
    pub place: Option<Place>,
    /// Which names. Default `dialect`.
    pub names: Option<ForgedNames>,
    /// One hostile spelling of the dialect, `ROLE/NAME` (`subject/oneline`): all that an app would be handed if it came
    /// through, in place of the honest values. `spelling` and `place` are of no effect then.
    pub hostile: Option<String>,
    /// Also send the header that authenticates the proxy, with a value that nobody issued.
    pub secret: bool,
}

fn optional_spelling<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Spelling>, D::Error> {
    let word = String::deserialize(deserializer)?;
    parse_spelling(&word).map(Some).map_err(serde::de::Error::custom)
}

/// A spelling by its word, with the valid ones in the message.
pub(super) fn parse_spelling(word: &str) -> Result<Spelling, String> {
    word.parse().map_err(|_| {
        let words: Vec<String> = Spelling::ALL.iter().map(ToString::to_string).collect();
        format!(
            "unknown spelling `{word}`, {}",
            crate::complaint::did_you_mean(word, words.iter().map(String::as_str))
        )
    })
}

crate::word::words! {
    /// Which CSRF token a change carries.
    CsrfStep {
        /// The token that a step before fetched.
        Honest = "honest",
        /// A token that nobody issued, with the cookie.
        Wrong = "wrong",
        /// Neither token nor cookie.
        None = "none",
    }
}

crate::word::words! {
    /// What is kept of an exchange for those after it.
    Keep {
        /// The session cookie.
        Session = "session",
        /// The CSRF token and cookie.
        Csrf = "csrf",
        /// The session ticket (TLS 1.3) or session (TLS 1.2).
        Ticket = "ticket",
    }
}

/// Secrets that are planted, and where they must not turn up.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Leak {
    /// What is planted; a row each.
    pub plant: Vec<Canary>,
    /// Where it is looked for.
    pub search: Vec<SearchPlace>,
}

/// A second request hidden in the first one: complete, with the forged identity and a nonce of its own in its target.
///
/// All texts know the words of `request` and `{smuggled}` (the second request; `{smuggled-lf}` with bare
/// line feeds), `{smuggled-length}` and `{smuggled-hex}`
/// (its bytes), `{chunk-head}` (the length of the line that begins it as a chunk), `{after-hex}` (it, and a CR LF before
/// it), `{hex}` (it, and a CR LF and a last chunk before it), `{padding}` (letters, two less than that), `{length}` (of
/// the body) and `{twist}`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Smuggle {
    /// Over HTTP/1.1: raw lines behind Host, each without its line end.
    pub lines: Vec<String>,
    /// Over HTTP/2: fields as they are, behind the pseudo-headers.
    pub fields: Vec<(String, String)>,
    /// Over HTTP/2: the value of `:path`.
    pub path: Option<String>,
    /// What follows the head; in HTTP/2 the content of DATA frames.
    pub body: String,
    /// What stands where a text says `{twist}`: for rows.
    pub twist: String,
    /// Only the next request is looked at: the hidden one is not even sent.
    pub swallow: bool,
}

/// A raw ClientHello: offers that no TLS library of today would send.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct HelloStep {
    /// `SSLv2`, `SSLv3`, `TLS1.0`, `TLS1.1`, `TLS1.2`, `TLS1.3`. Default `TLS1.2`.
    pub version: Option<String>,
    /// Suites by IANA name, or classes with `class:` in front (`class:anonymous`). Default: a modern set.
    pub suites: Vec<String>,
    /// Groups by IANA name. Default: a modern set.
    pub groups: Vec<String>,
    /// Groups that are offered after these and are not on trial: a server with an ECDSA certificate refuses whoever does not
    /// name its curve (RFC 8422 section 5.1), whatever else is offered.
    pub beside_groups: Vec<String>,
    /// Signature schemes by IANA name. Default: a modern set.
    pub signatures: Vec<String>,
    /// Offer DEFLATE compression (CVE-2012-4929).
    pub compression: bool,
    /// Add TLS_FALLBACK_SCSV (RFC 7507).
    pub fallback: bool,
    /// Leave out extended_master_secret (RFC 7627).
    pub without_extended_master_secret: bool,
    /// Pad the hello to this many bytes.
    pub padding: Option<usize>,
    /// Cut the hello into records of this many bytes.
    pub fragment: Option<usize>,
    /// Server name indication. Default `front`.
    pub sni: Option<HostForm>,
}

/// Files of the host that are looked at.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StorageStep {
    /// What must hold of each private key that the deployment names.
    pub check: StorageCheck,
}

crate::word::words! {
    /// A property of private keys at rest.
    StorageCheck {
        /// No permission for group or others.
        Mode = "mode",
        /// No private key of a CA lies beside the server's.
        CaKeyBeside = "ca-key-beside",
        /// The key does not lie where the web server serves files from.
        WebRoot = "web-root",
    }
}
