//! proxy.toml.

use std::path::PathBuf;

use serde::Deserialize;

use super::fault::ProxyFaults;
use crate::error::ConfigError;
use crate::identity::IdentityConfig;
use crate::listener::Address;
use crate::log::LogConfig;
use crate::serve::Limits;

/// The proxy's configuration file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProxyConfig {
    /// The TLS listener; port 0 asks for a free one.
    pub listen: Address,
    /// The plain listener, which redirects to https.
    #[serde(default)]
    pub plain_listen: Option<Address>,
    /// The port in the redirect's Location; without it the TLS listener's own.
    #[serde(default)]
    pub https_port: Option<u16>,
    /// The app.
    pub upstream: Address,
    /// Speak TLS to the app.
    #[serde(default)]
    pub upstream_tls: Option<UpstreamTlsConfig>,
    /// PEM file of the server's chain, leaf first.
    pub certificate: PathBuf,
    /// PEM file of its key.
    pub key: PathBuf,
    /// PEM bundle of the CAs that client certificates may lead to.
    pub client_ca: PathBuf,
    /// PEM files of CRLs: one for every CA of every chain. Without any, every client certificate is refused.
    #[serde(default)]
    pub crls: Vec<PathBuf>,
    /// `http://` URL of an OCSP responder that is asked about every certificate of a client's path.
    #[serde(default)]
    pub ocsp_responder: Option<String>,
    /// Whether sessions can be resumed.
    #[serde(default = "yes")]
    pub resume: bool,
    /// Which TLS versions are spoken.
    #[serde(default = "versions")]
    pub tls_versions: Vec<TlsVersion>,
    /// Which protocols ALPN offers, in order.
    #[serde(default = "protocols")]
    pub alpn: Vec<Protocol>,
    /// The value of `Strict-Transport-Security`.
    #[serde(default = "hsts")]
    pub hsts: String,
    /// How the app is told who the client is.
    pub identity: IdentityConfig,
    /// Log files.
    #[serde(default)]
    pub logs: LogConfig,
    /// Sizes and times.
    #[serde(default)]
    pub limits: Limits,
    /// The virtual hosts; the first is the default of a ClientHello without a name.
    pub vhosts: Vec<VhostConfig>,
    /// What is to be wrong.
    #[serde(default)]
    pub faults: ProxyFaults,
}

/// One `[[vhosts]]` entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct VhostConfig {
    /// Its names; an IP address is a name that only a Host can hold.
    pub names: Vec<String>,
    /// Whether it requires a client certificate.
    pub client_auth: VhostClientAuth,
    /// Its own bundle instead of the proxy's.
    #[serde(default)]
    pub client_ca: Option<PathBuf>,
    /// Its own CRLs instead of the proxy's.
    #[serde(default)]
    pub crls: Option<Vec<PathBuf>>,
    /// The only paths that it serves, without their queries; without this key all.
    #[serde(default)]
    pub paths: Option<Vec<String>>,
}

/// Whether a vhost asks for a client certificate.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum VhostClientAuth {
    /// No handshake succeeds without a good one.
    Require,
    /// It is never asked for.
    None,
}

/// The `[upstream-tls]` table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct UpstreamTlsConfig {
    /// PEM bundle of the CAs that the app's certificate may lead to.
    pub ca: PathBuf,
    /// The name that it must hold: a DNS name or an IP address.
    pub server_name: String,
    /// What the proxy shows to an app that asks for a certificate.
    #[serde(default)]
    pub own: Option<OwnCertificateConfig>,
}

/// The `[upstream-tls.own]` table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OwnCertificateConfig {
    /// PEM file of the chain, leaf first.
    pub certificate: PathBuf,
    /// PEM file of its key.
    pub key: PathBuf,
}

/// A TLS version.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
pub enum TlsVersion {
    /// RFC 5246.
    #[serde(rename = "1.2")]
    Tls12,
    /// RFC 8446.
    #[serde(rename = "1.3")]
    Tls13,
}

/// An HTTP version for ALPN.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
pub enum Protocol {
    /// RFC 9113.
    #[serde(rename = "h2")]
    Http2,
    /// RFC 9112.
    #[serde(rename = "http/1.1")]
    Http1,
}

fn yes() -> bool {
    true
}

fn versions() -> Vec<TlsVersion> {
    vec![TlsVersion::Tls12, TlsVersion::Tls13]
}

fn protocols() -> Vec<Protocol> {
    vec![Protocol::Http2, Protocol::Http1]
}

fn hsts() -> String {
    "max-age=63072000; includeSubDomains".to_owned()
}

impl ProxyConfig {
    /// Reads the text of a proxy.toml.
    ///
    /// # Errors
    /// The text is not TOML, or holds an unknown key or value.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Ok(toml::from_str(text)?)
    }
}
