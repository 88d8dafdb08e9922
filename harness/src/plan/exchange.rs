//! One exchange, concrete: every choice is made, only addresses, keys and captured cookies are filled in when it is sent.

use crate::scenario::step::{CsrfStep, Keep, StorageCheck};
use crate::scenario::vocabulary::{Endpoint, Handshake, HttpVersion, Possession, SearchPlace, TlsVersion};

/// Something to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    /// A whole exchange: connection, request, response.
    Exchange(Box<Exchange>),
    /// A raw ClientHello and what answers it.
    Hello(HelloPlan),
    /// A look at files of the host.
    Storage(StorageCheck),
}

/// A whole exchange.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// Which listener.
    pub endpoint: Endpoint,
    /// Which of several backends.
    pub backend: usize,
    /// The backend's port on this address instead of its own.
    pub interface: Option<std::net::IpAddr>,
    /// A firewall is meant to close this backend.
    pub firewalled: bool,
    /// The honest user of this exchange.
    pub user: String,
    /// The credential that is presented; `None` sends an empty Certificate message where one is asked for.
    pub present: Option<String>,
    /// How possession of the key is proved.
    pub possession: Possession,
    /// What a TLS client of our own does to its handshake; `None` for the library's honest one.
    pub handshake: Option<Handshake>,
    /// Whose certificate comes after the handshake, where one does.
    pub afterwards: Option<String>,
    /// TLS.
    pub tls: TlsChoice,
    /// HTTP version.
    pub http: HttpVersion,
    /// The request.
    pub request: RequestPlan,
    /// Ties the response, the tap's records and the logs to this exchange.
    pub nonce: String,
    /// A session cookie of this user is attached.
    pub session: Option<String>,
    /// This user's API key is attached.
    pub api_key: Option<String>,
    /// Which CSRF token is attached.
    pub csrf: Option<CsrfStep>,
    /// The body is the login form of this user.
    pub login: Option<String>,
    /// What is kept for later exchanges.
    pub keep: Option<Keep>,
    /// What counts as the protected content.
    pub grant: GrantRule,
    /// The id of the object that the request is about, as it stands in the target; where the routes of two owners show it.
    pub object: Option<String>,
    /// A secret is planted.
    pub canary: Option<CanaryPlan>,
    /// Look whether the nonce is in the logs afterwards.
    pub look_in_logs: bool,
    /// The exchange must leave a line in the logs that holds one of these (the presented certificate's serial number, its
    /// subject), or that tells of a certificate's refusal.
    pub audit: Option<Vec<Vec<u8>>>,
    /// Look at what the tap saw.
    pub look_at_tap: bool,
    /// A hidden request, and how its arrival shows.
    pub smuggled: Option<SmugglePlan>,
    /// The certificate that the app shows to the proxy meanwhile, instead of the right one.
    pub upstream: Option<String>,
}

/// What shows that a hidden request arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct SmugglePlan {
    /// The nonce in its target.
    pub nonce: String,
    /// How it begins at the app where no proxy read it: a proxy that had would have written these lines anew.
    pub start: Vec<u8>,
    /// An innocent request that follows on the same connection.
    pub same: Box<Exchange>,
    /// An innocent request that follows on a connection of its own.
    pub fresh: Box<Exchange>,
}

/// TLS of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsChoice {
    /// The only version offered; both without it.
    pub version: Option<TlsVersion>,
    /// Server name indication.
    pub sni: Option<String>,
    /// ALPN names; empty sends no extension.
    pub alpn: Vec<Vec<u8>>,
    /// Offer the kept ticket.
    pub resume: bool,
    /// Send the request as early data.
    pub early_data: bool,
    /// Bytes of a record.
    pub record_size: Option<usize>,
    /// Bytes of a record of the ClientHello.
    pub hello_fragment: Option<usize>,
    /// Least length of the ClientHello, bytes.
    pub hello_size: Option<usize>,
    /// IANA suite names.
    pub suites: Option<Vec<String>>,
    /// IANA group names.
    pub groups: Option<Vec<String>>,
}

/// The bytes of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestPlan {
    /// Method.
    pub method: String,
    /// Request target as on the request line; `:path` in HTTP/2.
    pub target: Vec<u8>,
    /// Host lines in order, `:authority` from the first; none sends none.
    pub hosts: Vec<String>,
    /// Header lines in order.
    pub fields: Vec<FieldLine>,
    /// The body; `Some` sends a Content-Length or DATA.
    pub body: Option<Vec<u8>>,
    /// Type of the body.
    pub content_type: Option<String>,
    /// Trailer lines after a chunked body, or a trailing HEADERS frame.
    pub trailers: Vec<FieldLine>,
    /// The whole request as bytes instead of all of the above (HTTP/1.1).
    pub raw: Option<Vec<u8>>,
}

/// A header line as it goes on the wire, in both versions of HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldLine {
    /// The raw line with its CR LF.
    pub http1: Vec<u8>,
    /// Name and value for HPACK; `None` where HTTP/2 cannot express the spelling.
    pub http2: Option<(Vec<u8>, Vec<u8>)>,
}

impl FieldLine {
    /// An ordinary line.
    pub fn new(name: &str, value: &[u8]) -> Self {
        let mut line = name.as_bytes().to_vec();
        line.extend_from_slice(b": ");
        line.extend_from_slice(value);
        line.extend_from_slice(b"\r\n");
        Self {
            http1: line,
            http2: Some((name.to_ascii_lowercase().into_bytes(), value.to_vec())),
        }
    }
}

/// What counts as the protected content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GrantRule {
    /// The status of a grant; any 2xx without it.
    pub status: Option<u16>,
    /// A text that the body must hold.
    pub contains: Option<String>,
    /// The nonce must be echoed.
    pub echo: bool,
    /// The response says who the app thinks that we are.
    pub identity: bool,
}

/// A planted secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CanaryPlan {
    /// What it is, for messages.
    pub what: crate::scenario::vocabulary::Canary,
    /// Byte strings any of which would give it away.
    pub needles: Vec<Vec<u8>>,
    /// Where to look.
    pub search: Vec<SearchPlace>,
    /// A needle behind a backslash is properly escaped and does not count.
    pub unescaped: bool,
}

/// A raw ClientHello.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelloPlan {
    /// The offered version, IANA wire code (0x0303), 0x0002 for SSLv2.
    pub version: u16,
    /// Suites.
    pub suites: Vec<u16>,
    /// Groups.
    pub groups: Vec<u16>,
    /// Groups offered after these. A server that chooses one of them has not taken the offer.
    pub beside_groups: Vec<u16>,
    /// Signature schemes.
    pub signatures: Vec<u16>,
    /// Server name.
    pub sni: Option<String>,
    /// Offer DEFLATE.
    pub compression: bool,
    /// Add TLS_FALLBACK_SCSV.
    pub fallback: bool,
    /// Send extended_master_secret.
    pub extended_master_secret: bool,
    /// Pad to this many bytes.
    pub padding: Option<usize>,
    /// Cut into records of this many bytes.
    pub fragment: Option<usize>,
}
