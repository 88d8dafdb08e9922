//! app.toml.

use std::path::PathBuf;

use serde::Deserialize;

use super::fault::AppFaults;
use crate::error::ConfigError;
use crate::identity::IdentityConfig;
use crate::listener::Address;
use crate::log::LogConfig;
use crate::serve::Limits;

/// The app's configuration file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AppConfig {
    /// Its listeners; port 0 asks for a free one.
    pub listen: Vec<Address>,
    /// Speak TLS on them.
    #[serde(default)]
    pub tls: Option<AppTlsConfig>,
    /// By what a certificate is held against the enrolled users.
    #[serde(default)]
    pub mapping: Mapping,
    /// Whether the app looks at the forwarded certificate itself, behind a proxy whose TLS library is lenient.
    #[serde(default)]
    pub certificate_profile: CertificateProfile,
    /// How the proxy tells who the client is.
    pub identity: IdentityConfig,
    /// Who is enrolled.
    pub users: Vec<UserConfig>,
    /// Log files.
    #[serde(default)]
    pub logs: LogConfig,
    /// Sizes and times.
    #[serde(default)]
    pub limits: Limits,
    /// What is to be wrong.
    #[serde(default)]
    pub faults: AppFaults,
}

/// The `[tls]` table.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AppTlsConfig {
    /// PEM file of the chain, leaf first.
    pub certificate: PathBuf,
    /// PEM file of its key.
    pub key: PathBuf,
}

/// By what users are looked up.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum Mapping {
    /// The subject, and the issuer where one is enrolled.
    #[default]
    Subject,
    /// An alternative name, and the issuer where one is enrolled.
    San,
    /// Issuer and serial number.
    IssuerSerial,
    /// SHA-256 of the certificate.
    Fingerprint,
}

/// Who judges the certificate's encoding, key and purpose.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum CertificateProfile {
    /// The app too: strict DER, version 3, a sound key that may sign, no empty names.
    Check,
    /// The proxy alone.
    #[default]
    LeaveToProxy,
}

/// One `[[users]]` entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct UserConfig {
    /// What the app calls him; one path segment.
    pub name: String,
    /// Subject in RFC 4514 text.
    #[serde(default)]
    pub subject: Option<String>,
    /// Issuer in RFC 4514 text.
    #[serde(default)]
    pub issuer: Option<String>,
    /// Alternative names: `email:...`, `dns:...`, `uri:...`.
    #[serde(default)]
    pub san: Vec<String>,
    /// Serial number in hexadecimal.
    #[serde(default)]
    pub serial: Option<String>,
    /// SHA-256 of the certificate in hexadecimal.
    #[serde(default)]
    pub fingerprint: Option<String>,
    /// `user` or `admin`.
    #[serde(default)]
    pub role: UserRole,
    /// For the login.
    #[serde(default)]
    pub password: Option<String>,
    /// For `X-Api-Key`.
    #[serde(default)]
    pub api_key: Option<String>,
}

/// What a user may do.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum UserRole {
    /// See and change his own.
    #[default]
    User,
    /// See the administrator's routes.
    Admin,
}

impl UserRole {
    /// The word of the configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }
}

impl AppConfig {
    /// Reads the text of an app.toml.
    ///
    /// # Errors
    /// The text is not TOML, or holds an unknown key or value.
    pub fn from_toml(text: &str) -> Result<Self, ConfigError> {
        Ok(toml::from_str(text)?)
    }
}
