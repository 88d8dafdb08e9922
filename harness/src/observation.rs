//! What happened: the record of one exchange, before anyone says what it means.
//!
//! A peer that misbehaves is data here. Nothing in this module decides whether that is good or bad; that is `judge`.

use serde::{Deserialize, Serialize};

use crate::word::words;

words! {
    /// How far an exchange got: the layer that ended it.
    Layer {
        /// No connection.
        Tcp = "tcp",
        /// In or right after the handshake.
        Tls = "tls",
        /// By an HTTP status of whoever answered.
        Http = "http",
        /// In the app's own content.
        App = "app",
    }
}

words! {
    /// What became of the request.
    Outcome {
        /// The protected content came back.
        Granted = "granted",
        /// An alert, a close or a refusing status, after the request was sent and the answer read.
        Refused = "refused",
        /// A success status without the protected content (another page, an echo that is not ours).
        Elsewhere = "elsewhere",
        /// Nothing within the deadline: neither granted nor refused.
        Timeout = "timeout",
        /// We could not do our part (a key that cannot sign, a name that does not resolve).
        NotTried = "not-tried",
    }
}

/// Was the credential really presented (rule 3 of judgement)?
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presentation {
    /// The server sent a CertificateRequest.
    pub requested: bool,
    /// A Certificate message with at least one certificate was sent.
    pub sent: bool,
}

/// What was negotiated.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Negotiated {
    /// `1.2` or `1.3`.
    pub version: String,
    /// IANA code of the suite.
    pub suite: Option<u16>,
    /// ALPN protocol name.
    pub alpn: Option<String>,
    /// The session was resumed: the certificate was not presented again.
    pub resumed: bool,
    /// The server took the early data.
    pub early_data: bool,
}

/// The response, bounded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// Header lines in order; names as received.
    pub headers: Vec<(String, String)>,
    /// The body, at most what the reader's limit lets in.
    pub body: Vec<u8>,
    /// It ended as its framing says (RFC 9112 section 8): the client cannot see that anything of it is missing.
    pub complete: bool,
}

impl Response {
    /// All values of a header, case-insensitively.
    pub fn header<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.headers
            .iter()
            .filter(move |(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body as text, with bytes that are not UTF-8 replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The record of one exchange.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// How far it got.
    pub layer: Layer,
    /// What became of the request.
    pub outcome: Outcome,
    /// TLS alert number (RFC 8446 section 6), where one came.
    pub alert: Option<u8>,
    /// Whom the app says that it saw; `None` where it says nothing or nobody.
    pub identity: Option<String>,
    /// The response, where one came.
    pub response: Option<Response>,
    /// Was the credential asked for and sent?
    pub presentation: Presentation,
    /// Whether what is wrong about the handshake was really sent; `None` where nothing was to be.
    pub deviated: Option<bool>,
    /// What was negotiated, where a handshake ended.
    pub negotiated: Option<Negotiated>,
    /// The heads of the requests that reached the app with this exchange's nonce, as the tap saw them, exact bytes.
    pub forwarded: Vec<Vec<u8>>,
    /// What was found where a leak was looked for: (place, a line around it, the secret itself masked).
    pub found: Vec<Finding>,
    /// Was the benign nonce found in the logs? `None` where nobody looked.
    pub nonce_logged: Option<bool>,
    /// The raw ClientHello was taken: what the ServerHello chose, in words.
    pub offered: Option<String>,
    /// A property of files that was looked at: violations, each a sentence.
    pub violations: Vec<String>,
    /// What a person should read: short sentences, secrets masked.
    pub evidence: Vec<String>,
    /// How long it took, microseconds.
    pub micros: u64,
}

impl Observation {
    /// An observation that says only where it ended and how.
    pub fn new(layer: Layer, outcome: Outcome) -> Self {
        Self {
            layer,
            outcome,
            alert: None,
            identity: None,
            response: None,
            presentation: Presentation::default(),
            deviated: None,
            negotiated: None,
            forwarded: Vec::new(),
            found: Vec::new(),
            nonce_logged: None,
            offered: None,
            violations: Vec::new(),
            evidence: Vec::new(),
            micros: 0,
        }
    }

    /// HTTP status, where a response came.
    pub fn status(&self) -> Option<u16> {
        self.response.as_ref().map(|response| response.status)
    }

    /// [`in_words`].
    pub fn summary(&self) -> String {
        in_words(
            self.layer,
            self.outcome,
            self.alert,
            self.status(),
            self.identity.as_deref(),
        )
    }
}

/// Where and how an exchange ended, in a few words that are stable from run to run: `tls alert 48`, `http 400`,
/// `granted as alice`. Baselines and comparisons hold these words.
pub fn in_words(
    layer: Layer,
    outcome: Outcome,
    alert: Option<u8>,
    status: Option<u16>,
    identity: Option<&str>,
) -> String {
    match (outcome, alert, status) {
        (Outcome::Granted, _, _) => match identity {
            Some(identity) => format!("granted as {identity}"),
            None => "granted anonymously".to_owned(),
        },
        (Outcome::Refused, Some(alert), None) => format!("tls alert {alert}"),
        (Outcome::Refused | Outcome::Elsewhere, _, Some(status)) => format!("http {status}"),
        (Outcome::Refused, None, None) => format!("{layer} close"),
        (Outcome::Elsewhere, _, None) => "elsewhere".to_owned(),
        (Outcome::Timeout, _, _) => format!("{layer} timeout"),
        (Outcome::NotTried, _, _) => "not tried".to_owned(),
    }
}

/// A secret that turned up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Where: a log file's name, `response body`, `response header Server`.
    pub place: String,
    /// A piece of text around it, the secret masked.
    pub excerpt: String,
}

/// The part of an observation that events and reports carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Observed {
    /// How far it got.
    pub layer: Layer,
    /// What became of the request.
    pub outcome: Outcome,
    /// TLS alert number.
    pub alert: Option<u8>,
    /// HTTP status.
    pub status: Option<u16>,
    /// Whom the app says that it saw.
    pub identity: Option<String>,
    /// [`Observation::summary`].
    pub summary: String,
    /// What a person should read.
    pub evidence: Vec<String>,
}

impl From<&Observation> for Observed {
    fn from(observation: &Observation) -> Self {
        Self {
            layer: observation.layer,
            outcome: observation.outcome,
            alert: observation.alert,
            status: observation.status(),
            identity: observation.identity.clone(),
            summary: observation.summary(),
            evidence: observation.evidence.clone(),
        }
    }
}
