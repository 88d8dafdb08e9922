//! What must come of an attempt, as the scenario file writes it: a word or a table.

use std::str::FromStr;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::word::words;

words! {
    /// An outcome that one word tells.
    Outcome {
        /// Answered by a TCP, TLS or HTTP refusal after the request was sent; never by the protected content.
        Refused = "refused",
        /// Refused, and told by nothing from an object that does not exist (`owned.NAME` routes only).
        RefusedAsAbsent = "refused-as-absent",
        /// Nobody listens there at all.
        Closed = "closed",
        /// Granted as the exchange's own honest user.
        Granted = "granted",
        /// Granted as the honest user, or refused: never as anybody else, never anonymously.
        GrantedOrRefused = "granted-or-refused",
        /// Granted only under the presented certificate's own identity, or refused: never as an enrolled user.
        OwnOrRefused = "own-or-refused",
        /// Any answer of the server that is not a crash: used where the controls after it are the judgement.
        Survived = "survived",
        /// No planted secret is found where it is looked for.
        NoCanary = "no-canary",
        /// The raw ClientHello is not answered by a ServerHello that takes the offer.
        NotOffered = "not-offered",
        /// The raw ClientHello is answered by a ServerHello.
        Offered = "offered",
        /// No forged header reaches the app, as the tap saw it.
        NotForwarded = "not-forwarded",
        /// No hidden second request reaches the app as one of its own, and the next innocent request gets its own answer.
        NotSmuggled = "not-smuggled",
        /// The answer redirects to https on the front's own host.
        RedirectsToFront = "redirects-to-front",
        /// A log line tells of the refusal: which certificate and why.
        Audited = "audited",
        /// The property of the files holds.
        Holds = "holds",
        /// The identity headers that reach the app, as the tap saw them, are never those of another enrolled user's certificate.
        OwnForwarded = "own-forwarded",
        /// Any answer but that of a server which failed: 500, 502, 503 or 504.
        NoServerError = "no-server-error",
        /// No success that looks whole: a refusal, or an answer that the client can see is cut (RFC 9112 section 8). For answers
        /// that are tampered with behind the proxy.
        IncompleteOrRefused = "incomplete-or-refused",
    }
}

/// What must come of it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Expectation {
    /// The outcome in one word.
    pub outcome: Option<Outcome>,
    /// Granted as this user (a user of the deployment, or `anonymous`).
    pub identity: Option<String>,
    /// `refused`: a refusal is as good.
    pub or: Option<Outcome>,
    /// A header that the response must carry.
    pub header: Option<HeaderRule>,
    /// Attributes that every cookie of the response must have.
    pub cookie: Option<CookieRule>,
}

impl FromStr for Expectation {
    type Err = String;
    fn from_str(word: &str) -> Result<Self, String> {
        Ok(Self {
            outcome: Some(word.parse()?),
            ..Self::default()
        })
    }
}

/// A rule about one response header.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct HeaderRule {
    /// The field name.
    pub name: String,
    /// It must be there.
    pub present: Option<bool>,
    /// One of these (lower case) must not stand in it.
    pub without: Vec<String>,
    /// A directive `name=number` whose number must be at least this.
    pub at_least: Option<DirectiveFloor>,
    /// It must contain this (lower case).
    pub contains: Option<String>,
}

/// A directive of a header and the least number that it may have.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct DirectiveFloor {
    /// `max-age`.
    pub directive: String,
    /// The least value, in the directive's unit.
    pub value: u64,
}

/// Attributes of every `Set-Cookie` of the response (RFC 6265bis).
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct CookieRule {
    /// Must have `Secure`.
    pub secure: bool,
    /// Must have `HttpOnly`.
    pub http_only: bool,
    /// Must have `SameSite=Lax` or `Strict`.
    pub same_site: bool,
    /// Only the session cookie of the deployment is meant.
    pub session_only: bool,
}
