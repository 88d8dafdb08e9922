//! The conventions by which proxies hand the client's certificate to an app: one file and one row of [`DIALECTS`] each.
//!
//! A dialect is a table of [`RoleSpec`]s: which header says what, in which [`Form`], and what it looks like when there is
//! no certificate. [`Dialect::encode`] writes what such a proxy sends, [`Dialect::decode`] reads nothing else, and
//! [`Dialect::project`] says what a perfect reader can learn: `decode(encode(client)) == project(client)`.

mod apache;
mod aws;
mod azure;
mod caddy;
mod claim;
mod cloudflare;
mod cloudfront;
mod environ;
mod envoy;
mod evidence;
mod f5;
mod form;
mod gcp;
mod go_uri;
mod haproxy;
mod hostile;
mod ingress_nginx;
mod kong;
mod library;
mod nginx;
mod rfc9440;
mod role;
mod table;
mod traefik;
mod verify;

pub use evidence::{ClientCopy, Evidence, Unknown};
pub use form::Form;
pub use hostile::HostileValue;
pub use library::Library;
pub use role::{HeaderNames, HeaderNamesError, Role, RoleSpec, UnknownRole};
pub use table::{Carrier, Table};

use crate::certificate::{Certificate, CertificateError, GeneralName, Serial};
use crate::dn::{DnError, DnReading, DnStyle, Unprintable};
use crate::encoding::EncodingError;

/// The longest header value that is read or written, in bytes.
pub const MAX_VALUE: usize = 256 * 1024;
/// The most certificates in a chain, the leaf included.
pub const MAX_CHAIN: usize = 128;
/// The most headers that are looked at.
pub const MAX_HEADERS: usize = 4096;

/// A header as it goes on the wire in HTTP/1.1; for environ dialects, a variable.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Header {
    /// The name.
    pub name: String,
    /// The value, any bytes.
    pub value: Vec<u8>,
}

impl Header {
    /// A header.
    #[must_use]
    pub fn new(name: &str, value: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            value: value.into(),
        }
    }
}

/// What a terminator knows of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Client {
    /// It presented no certificate.
    Absent,
    /// It presented these.
    Presented {
        /// DER certificates, the leaf first.
        chain: Vec<Vec<u8>>,
        /// What the terminator made of them.
        verified: Verified,
    },
}

/// A terminator's judgement of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Verified {
    /// It may be trusted.
    Success,
    /// It may not.
    Failed {
        /// OpenSSL's number for the reason (`X509_V_ERR_...`); 1 if it is not known.
        code: u32,
        /// The reason; OpenSSL's words where the dialect sends only the number.
        text: String,
    },
}

/// Whether the client presented a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Presence {
    /// It did not.
    Absent,
    /// It did.
    Present,
    /// The headers do not tell: those that always come are missing, or only ones that may be empty are asked for. Never
    /// take this for a trusted internal call.
    #[default]
    Unknown,
}

/// What the headers say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forwarded {
    /// Whether there was a certificate.
    pub presence: Presence,
    /// The terminator's judgement, where the dialect sends one.
    pub verified: Option<Verified>,
    /// The leaf, where the dialect sends it.
    pub certificate: Option<Certificate>,
    /// The certificates after the leaf.
    pub chain: Vec<Certificate>,
    /// The subject by its text.
    pub subject: Option<DnReading>,
    /// The subject's text as it came, broken UTF-8 replaced.
    pub subject_text: Option<String>,
    /// The issuer by its text.
    pub issuer: Option<DnReading>,
    /// The issuer's text as it came, broken UTF-8 replaced.
    pub issuer_text: Option<String>,
    /// The serial number by its text.
    pub serial: Option<Serial>,
    /// SHA-256 of the certificate.
    pub sha256: Option<[u8; 32]>,
    /// SHA-1 of the certificate.
    pub sha1: Option<[u8; 20]>,
    /// First valid second (Unix).
    pub not_before: Option<i64>,
    /// Last valid second (Unix).
    pub not_after: Option<i64>,
    /// The alternative names that the dialect sends beside the certificate.
    pub subject_alt_names: Vec<GeneralName>,
    /// Alternative names without a type or with ambiguous borders, as text.
    pub subject_alt_texts: Vec<String>,
}

/// Why a proxy cannot send this client's identity.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EncodeError {
    /// A certificate cannot be read, so no proxy could have presented its fields.
    #[error("encode a client's identity")]
    Certificate(#[from] CertificateError),
    /// A presented chain without a leaf, or with more than [`MAX_CHAIN`] certificates.
    #[error("encode a client's identity: a chain of {0} certificates")]
    ChainLength(usize),
    /// The proxy refuses the request rather than send such a value, or the dialect sends none without a certificate.
    #[error("encode a client's identity: {0} sends no request for this client")]
    Refused(&'static str),
    /// The value exceeds [`MAX_VALUE`].
    #[error("encode the {0} header: over {MAX_VALUE} bytes")]
    TooLong(Role),
    /// The proxy's library cannot print a name.
    #[error("encode a client's identity")]
    Unprintable(#[from] Unprintable),
    /// Nothing of the issuer's name is printed (RFC 5280 section 4.1.2.4 forbids an empty one), and without it the text may
    /// be that of another certificate.
    #[error("encode a client's identity: nothing of the issuer's name is printed")]
    WithoutIssuer,
}

/// Why headers are not what such a proxy sends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A forwarded certificate cannot be read.
    #[error("read a forwarded certificate")]
    Certificate(#[from] CertificateError),
    /// Two headers exclude each other.
    #[error("read a client's identity: the {0} header contradicts another")]
    Contradiction(Role),
    /// A name cannot be read.
    #[error("read the {0} header")]
    Dn(Role, #[source] DnError),
    /// A header comes more than once.
    #[error("read the {0} header: it comes more than once")]
    Duplicate(Role),
    /// The value is not encoded as the dialect does.
    #[error("read the {0} header")]
    Encoding(Role, #[source] EncodingError),
    /// The value is not in the dialect's form.
    #[error("read the {0} header: not in the dialect's form")]
    Form(Role),
    /// A header that the proxy always sends is missing while others are there.
    #[error("read the {0} header: it is missing")]
    Missing(Role),
    /// Several hops have each added an element, and any but the last may be the client's own words.
    #[error("read the {0} header: more than one element")]
    SeveralElements(Role),
    /// A value exceeds [`MAX_VALUE`], a chain [`MAX_CHAIN`], or there are more than [`MAX_HEADERS`] headers.
    #[error("read a client's identity: over the size limit")]
    TooLarge,
}

/// One convention.
pub trait Dialect: Sync {
    /// The word that deployment files use.
    fn name(&self) -> &'static str;

    /// A title for people.
    fn title(&self) -> &'static str;

    /// Where its bytes are described, or on which version they were seen.
    fn source(&self) -> &'static str;

    /// How its bytes are known.
    fn evidence(&self) -> Evidence;

    /// What becomes of a client's own header of the same name.
    fn client_copy(&self) -> ClientCopy;

    /// What its documentation does not say: there the encoder writes one of several possibilities.
    fn unknown(&self) -> &'static [Unknown];

    /// What it can say, in which header.
    fn roles(&self) -> &'static [RoleSpec];

    /// What such a proxy sends for this client, for the roles in `names`: chains up to [`MAX_CHAIN`], values up to
    /// [`MAX_VALUE`].
    ///
    /// # Errors
    /// [`EncodeError`] when no such proxy would send a request for it.
    fn encode(&self, client: &Client, names: &HeaderNames) -> Result<Vec<Header>, EncodeError>;

    /// What the headers say; headers of other names are ignored. Nothing is read that [`Dialect::encode`] does not write.
    /// Work is linear; [`MAX_HEADERS`], [`MAX_VALUE`] and [`MAX_CHAIN`] bound it.
    ///
    /// # Errors
    /// [`DecodeError`] when no such proxy sends these headers.
    fn decode(&self, headers: &[Header], names: &HeaderNames) -> Result<Forwarded, DecodeError>;

    /// What a perfect reader can learn of this client from the roles in `names`.
    ///
    /// # Errors
    /// [`EncodeError`] as [`Dialect::encode`].
    fn project_with(&self, client: &Client, names: &HeaderNames) -> Result<Forwarded, EncodeError>;

    /// What a perfect reader can learn of this client from all roles: what decoding the encoding gives.
    ///
    /// # Errors
    /// [`EncodeError`] as [`Dialect::encode`].
    fn project(&self, client: &Client) -> Result<Forwarded, EncodeError> {
        self.project_with(client, &HeaderNames::of(self.name(), self.roles()))
    }

    /// How an attacker writes these headers so that a loose reader takes them for `victim`'s while the proxy saw `own`,
    /// for the roles in `names`. [`Dialect::decode`] takes none of them for `victim`.
    ///
    /// # Errors
    /// [`EncodeError`] when no such proxy sends a request for one of the two.
    fn hostile_values(
        &self,
        own: &Client,
        victim: &Client,
        names: &HeaderNames,
    ) -> Result<Vec<HostileValue>, EncodeError>;

    /// The style of the subject's text, if the dialect sends one.
    fn subject_style(&self) -> Option<DnStyle> {
        self.roles().iter().find_map(|spec| match (spec.role, spec.form) {
            (Role::Subject, Form::Dn(style)) => Some(style),
            _ => None,
        })
    }
}

/// All dialects, sorted by name.
pub static DIALECTS: &[&dyn Dialect] = &[
    &apache::APACHE,
    &apache::APACHE_BASE64,
    &apache::APACHE_ESCAPE,
    &apache::APACHE_LEGACY_DN,
    &aws::PASSTHROUGH,
    &aws::VERIFY,
    &azure::APP_GATEWAY,
    &azure::APP_SERVICE,
    &caddy::CADDY,
    &caddy::CADDY_2_6,
    &cloudflare::ACCESS,
    &cloudflare::MANAGED,
    &cloudflare::RFC9440,
    &cloudfront::CLOUDFRONT,
    &envoy::ENVOY,
    &f5::F5,
    &gcp::GCP,
    &haproxy::HAPROXY,
    &haproxy::HAPROXY_RFC2253,
    &ingress_nginx::INGRESS_NGINX,
    &kong::KONG,
    &environ::MOD_WSGI,
    &nginx::NGINX,
    &nginx::NGINX_FOLDED,
    &nginx::NGINX_LEGACY_DN,
    &nginx::NGINX_UWSGI_PARAM,
    &rfc9440::RFC9440,
    &traefik::TRAEFIK,
    &environ::UWSGI,
];

/// A dialect that is not in [`DIALECTS`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("find the dialect `{name}`: valid are {}", valid.join(", "))]
pub struct UnknownDialect {
    /// The word that was asked for.
    pub name: String,
    /// The words that exist.
    pub valid: Vec<&'static str>,
}

/// The dialect of this name.
///
/// # Errors
/// [`UnknownDialect`], with the words that exist.
pub fn dialect(name: &str) -> Result<&'static dyn Dialect, UnknownDialect> {
    DIALECTS
        .iter()
        .copied()
        .find(|dialect| dialect.name() == name)
        .ok_or_else(|| UnknownDialect {
            name: name.to_owned(),
            valid: DIALECTS.iter().map(|dialect| dialect.name()).collect(),
        })
}
