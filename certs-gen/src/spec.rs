//! What a [`crate::Pki`] is made from: seed, time and names. No clock and no randomness here or anywhere below.

use thiserror::Error;

use crate::authority::Role;
use crate::certificate::Extension;
use crate::der::DerError;
use crate::key::KeyError;
use crate::name::{GeneralName, Name, NameError};

/// Why a PKI or one of its credentials could not be made.
#[derive(Debug, Error)]
pub enum PkiError {
    /// A key could not be read or could not sign.
    #[error("use key of {of}: {source}")]
    Key {
        /// Whose key, or which file.
        of: String,
        /// Why.
        #[source]
        source: KeyError,
    },
    /// An operator's CA certificate could not be read.
    #[error("read CA certificate: {0}")]
    Certificate(#[from] DerError),
    /// An operator's CA file holds no certificate.
    #[error("no certificate in {0}")]
    NoCertificate(String),
    /// An operator's CA certificate and key do not belong together.
    #[error("the key of {0} is not the key of its certificate")]
    Mismatch(String),
    /// A subject or alternative name could not be read.
    #[error("read name: {0}")]
    Name(#[from] NameError),
    /// The fault or credential needs an authority that only the root's key can make, and the operator gave none.
    #[error("the authority `{}` needs the root's key", .0.slug())]
    NeedsRoot(Role),
    /// No credential, fault or server has this name.
    #[error("no credential is called `{0}`")]
    UnknownCredential(String),
    /// No user has this name.
    #[error("no user is called `{0}`")]
    UnknownUser(String),
    /// A serial number, name or other field that a fault needs is missing.
    #[error("{0}")]
    Unavailable(&'static str),
}

impl PkiError {
    pub(crate) fn key(of: impl Into<String>) -> impl FnOnce(KeyError) -> Self {
        move |source| Self::Key {
            of: of.into(),
            source,
        }
    }
}

/// A user who is enrolled in the deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserSpec {
    /// The short name: `alice`.
    pub name: String,
    /// RFC 4514 text in printed order: `CN=alice,OU=people,O=Example,C=NL`.
    pub subject: String,
    /// Alternative names: `email:..`, `uri:..`, `dns:..`, `ip:..`.
    pub san: Vec<String>,
}

impl UserSpec {
    /// A user of DESIGN's example organisation.
    #[must_use]
    pub fn example(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            subject: format!("CN={name},OU=people,O=Example,C=NL"),
            san: vec![format!("email:{name}@example.test")],
        }
    }
}

/// The inputs of a PKI: equal inputs make equal bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PkiSpec {
    /// All keys, serial numbers and salts come from it.
    pub seed: u64,
    /// Unix seconds of "now": honest credentials are valid from a day before to thirty days after.
    pub now: i64,
    /// The enrolled users. Faults are alice's unless asked otherwise, or the first user's when there is no alice.
    pub users: Vec<UserSpec>,
    /// DNS names and addresses of the server certificates.
    pub server_names: Vec<String>,
    /// The OCSP responder that client certificates and their intermediates name; none by default.
    pub ocsp_url: Option<String>,
    /// Where client certificates and their intermediates say that CRLs are: `URL/ISSUER`, the issuer by its
    /// [`Role::slug`]; nowhere by default.
    pub crl_url: Option<String>,
}

impl PkiSpec {
    /// The extensions that say where to ask whether a certificate of this issuer is revoked.
    pub(crate) fn revocation_pointers(&self, issuer: &str) -> Vec<Extension> {
        let responder = self.ocsp_url.as_deref().map(Extension::ocsp_responder);
        let list = self
            .crl_url
            .as_deref()
            .map(|url| Extension::crl_distribution_point(&format!("{url}/{issuer}")));
        responder.into_iter().chain(list).collect()
    }
}

impl Default for PkiSpec {
    fn default() -> Self {
        Self {
            seed: 1,
            now: 1_767_225_600, // 2026-01-01T00:00:00Z
            users: ["alice", "bob", "admin"].map(UserSpec::example).to_vec(),
            server_names: ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec(),
            ocsp_url: None,
            crl_url: None,
        }
    }
}

/// An operator's authority as PEM text.
#[derive(Clone)]
pub struct CaFiles {
    /// The certificate.
    pub cert_pem: String,
    /// The private key: PKCS #8, encrypted PKCS #8, PKCS #1 or SEC 1.
    pub key_pem: String,
    /// Opens an encrypted key.
    pub passphrase: Option<String>,
}

impl std::fmt::Debug for CaFiles {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("CaFiles")
            .field("cert_pem", &self.cert_pem)
            .finish_non_exhaustive()
    }
}

/// A user with parsed names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The short name.
    pub name: String,
    /// The subject.
    pub subject: Name,
    /// The alternative names.
    pub san: Vec<GeneralName>,
}

impl User {
    pub(crate) fn parse(spec: &UserSpec) -> Result<Self, NameError> {
        Ok(Self {
            name: spec.name.clone(),
            subject: Name::parse(&spec.subject)?,
            san: spec
                .san
                .iter()
                .map(|name| GeneralName::parse(name))
                .collect::<Result<_, _>>()?,
        })
    }
}
