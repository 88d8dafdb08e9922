//! What a header says of the client, and the names that headers have in a deployment.

use std::fmt;
use std::str::FromStr;

use super::{Dialect, Form};

/// What a header says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// The certificate; in some dialects with its chain.
    Cert,
    /// The chain; see the dialect for whether the leaf is part of it.
    Chain,
    /// The DNS alternative names.
    DnsNames,
    /// A fingerprint of the certificate, in the dialect's hash.
    Fingerprint,
    /// A second fingerprint, by SHA-256.
    FingerprintSha256,
    /// Many facts in one value: Envoy's XFCC, Traefik's Info.
    Info,
    /// The issuer's name.
    Issuer,
    /// The issuer's name in the old slash style.
    IssuerLegacy,
    /// Last valid moment.
    NotAfter,
    /// First valid moment.
    NotBefore,
    /// Whether there was a certificate.
    Present,
    /// Whether the certificate is revoked.
    Revoked,
    /// The serial number.
    Serial,
    /// The subject's name.
    Subject,
    /// The subject's name in the old slash style.
    SubjectLegacy,
    /// The URI alternative names.
    UriNames,
    /// Both ends of the validity in one value.
    Validity,
    /// The terminator's judgement.
    Verify,
}

impl Role {
    /// All roles, sorted by word.
    pub const ALL: [Self; 18] = [
        Self::Cert,
        Self::Chain,
        Self::DnsNames,
        Self::Fingerprint,
        Self::FingerprintSha256,
        Self::Info,
        Self::Issuer,
        Self::IssuerLegacy,
        Self::NotAfter,
        Self::NotBefore,
        Self::Present,
        Self::Revoked,
        Self::Serial,
        Self::Subject,
        Self::SubjectLegacy,
        Self::UriNames,
        Self::Validity,
        Self::Verify,
    ];

    /// The word that deployment files use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Cert => "cert",
            Self::Chain => "chain",
            Self::DnsNames => "dns-names",
            Self::Fingerprint => "fingerprint",
            Self::FingerprintSha256 => "fingerprint-sha256",
            Self::Info => "info",
            Self::Issuer => "issuer",
            Self::IssuerLegacy => "issuer-legacy",
            Self::NotAfter => "not-after",
            Self::NotBefore => "not-before",
            Self::Present => "present",
            Self::Revoked => "revoked",
            Self::Serial => "serial",
            Self::Subject => "subject",
            Self::SubjectLegacy => "subject-legacy",
            Self::UriNames => "uri-names",
            Self::Validity => "validity",
            Self::Verify => "verify",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// A word that is no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("find the role `{word}`: valid are {}", Role::ALL.map(Role::word).join(", "))]
pub struct UnknownRole {
    /// The word.
    pub word: String,
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(word: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.word() == word)
            .ok_or_else(|| UnknownRole {
                word: word.to_owned(),
            })
    }
}

/// One row of a dialect: what it says, where and how.
#[derive(Debug, Clone, Copy)]
pub struct RoleSpec {
    /// What it says.
    pub role: Role,
    /// The header's name; where the operator chooses it, a usual one.
    pub default_name: &'static str,
    /// Whether the product fixes the name.
    pub is_fixed: bool,
    /// How the value is written.
    pub form: Form,
    /// The value without a certificate, or when there is nothing to say; `None` if the header is then left out.
    pub absent: Option<&'static str>,
}

/// Which header has which role in a deployment. Roles without a name are neither written nor read.
#[derive(Debug, Clone)]
pub struct HeaderNames {
    dialect: &'static str,
    specs: &'static [RoleSpec],
    names: Vec<(Role, String)>,
}

/// Why a header cannot have this name or role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HeaderNamesError {
    /// The product fixes the name.
    #[error("name the {role} header: {dialect} fixes it as `{name}`")]
    Fixed {
        /// The dialect.
        dialect: &'static str,
        /// The role.
        role: Role,
        /// The name that it has.
        name: &'static str,
    },
    /// The name is empty.
    #[error("name the {0} header: it is empty")]
    Empty(Role),
    /// The dialect does not say that.
    #[error("name the {role} header: {dialect} has only {}", valid.iter().map(Role::to_string).collect::<Vec<_>>().join(", "))]
    NoSuchRole {
        /// The dialect.
        dialect: &'static str,
        /// The role that was asked for.
        role: Role,
        /// The roles that it has.
        valid: Vec<Role>,
    },
}

impl HeaderNames {
    /// Every role of the dialect, under its default name.
    #[must_use]
    pub fn defaults(dialect: &dyn Dialect) -> Self {
        Self::of(dialect.name(), dialect.roles())
    }

    /// No role yet: for a deployment that names those that it uses.
    #[must_use]
    pub fn none(dialect: &dyn Dialect) -> Self {
        Self {
            dialect: dialect.name(),
            specs: dialect.roles(),
            names: Vec::new(),
        }
    }

    pub(super) fn of(dialect: &'static str, specs: &'static [RoleSpec]) -> Self {
        let names = specs
            .iter()
            .map(|spec| (spec.role, spec.default_name.to_owned()))
            .collect();
        Self {
            dialect,
            specs,
            names,
        }
    }

    /// The same with this name for this role.
    ///
    /// # Errors
    /// [`HeaderNamesError`] when the dialect has no such role, or fixes another name for it.
    pub fn with(mut self, role: Role, name: &str) -> Result<Self, HeaderNamesError> {
        let dialect = self.dialect;
        let Some(spec) = self.specs.iter().find(|spec| spec.role == role) else {
            let valid = self.specs.iter().map(|spec| spec.role).collect();
            return Err(HeaderNamesError::NoSuchRole { dialect, role, valid });
        };
        if name.is_empty() {
            return Err(HeaderNamesError::Empty(role));
        }
        if spec.is_fixed && !spec.default_name.eq_ignore_ascii_case(name) {
            return Err(HeaderNamesError::Fixed {
                dialect,
                role,
                name: spec.default_name,
            });
        }
        self.names.retain(|(known, _)| *known != role);
        self.names.push((role, name.to_owned()));
        Ok(self)
    }

    /// The same without this role.
    #[must_use]
    pub fn without(mut self, role: Role) -> Self {
        self.names.retain(|(known, _)| *known != role);
        self
    }

    /// The name of the header with this role.
    #[must_use]
    pub fn get(&self, role: Role) -> Option<&str> {
        self.names
            .iter()
            .find(|(known, _)| *known == role)
            .map(|(_, name)| name.as_str())
    }

    /// The roles and names.
    pub fn iter(&self) -> impl Iterator<Item = (Role, &str)> {
        self.names.iter().map(|(role, name)| (*role, name.as_str()))
    }
}
