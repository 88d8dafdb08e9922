//! The keys of a deployment file. What they mean together is `facts`; how servers are started is `launch`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::launch_file::LaunchFile;
use crate::scenario::vocabulary::TlsVersion;

/// A deployment file: what the harness knows of the system under test.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DeploymentFile {
    /// A short name for reports.
    pub name: String,
    /// Files whose tables belong to this one (`../django/app-facts.toml`): what several deployments share. Each begins with a
    /// table, and none may repeat a key that stands here.
    #[serde(default)]
    pub include: Vec<String>,
    /// One sentence for `gauntlet deployments`.
    #[serde(default)]
    pub says: String,
    /// Which `[mend]` texts fit, nearest first (`nginx`, `django`). The text for `any` is always shown where none fits.
    #[serde(default)]
    pub servers: Vec<String>,
    /// The TLS endpoint that clients use.
    pub front: FrontFile,
    /// The app's own listeners, which only the proxy should reach.
    #[serde(default)]
    pub backend: Option<BackendFile>,
    /// The app's routes.
    pub app: AppFile,
    /// Who is enrolled. `alice` is required.
    #[serde(default)]
    pub users: BTreeMap<String, UserFile>,
    /// How the proxy tells the app who the client is.
    #[serde(default)]
    pub identity: Option<IdentityFile>,
    /// Where certificates come from.
    pub pki: PkiFile,
    /// Log files.
    #[serde(default)]
    pub logs: Option<LogsFile>,
    /// Files at rest.
    #[serde(default)]
    pub storage: Option<StorageFile>,
    /// What these servers cannot do in any configuration: scenarios (`certificate/key-usage`) or rows of them
    /// (`certificate/bad-public-key#rsa-1024`, in all varieties of the row), each with the reason. They are skipped, and the
    /// reason is reported.
    #[serde(default)]
    pub limits: BTreeMap<String, String>,
    /// Servers that the harness starts and stops itself.
    #[serde(default)]
    pub launch: Option<LaunchFile>,
}

/// `[front]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FrontFile {
    /// `https://host:port`: the name is SNI and Host.
    pub url: String,
    /// Where it really is, `address:port`. Default: the URL's host, resolved.
    #[serde(default)]
    pub connect: Option<String>,
    /// PEM file with the CA of the server's certificate, or with that certificate itself where it signs itself. Default: the
    /// system's roots.
    #[serde(default)]
    pub server_ca: Option<String>,
    /// The plain-HTTP listener.
    #[serde(default)]
    pub plain: Option<String>,
    /// Virtual hosts on the same socket that ask for no client certificate.
    #[serde(default)]
    pub other_names: Vec<String>,
    /// The TLS versions that the front speaks. Default: 1.2 and 1.3. Attempts in another one are skipped.
    #[serde(default)]
    pub tls_versions: Option<Vec<TlsVersion>>,
    /// The front speaks HTTP/2. Default: found out by ALPN when the run begins.
    #[serde(default)]
    pub http2: Option<bool>,
}

/// `[backend]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BackendFile {
    /// `http://address:port`, `https://...` or `unix:/path`.
    #[serde(default)]
    pub url: Option<String>,
    /// Several of them.
    #[serde(default)]
    pub urls: Vec<String>,
    /// A firewall is meant to close it: that nothing answers is then the refusal that is expected.
    #[serde(default)]
    pub firewalled: bool,
}

/// `[app]`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct AppFile {
    /// Must be granted to alice, refused without a certificate.
    pub protected: RouteFile,
    /// Where the response says who the app thinks we are.
    #[serde(default)]
    pub identity: Option<ReadingFile>,
    /// Ties a response to its request.
    #[serde(default)]
    pub echo: Option<EchoFile>,
    /// A route for everybody.
    #[serde(default)]
    pub public: Option<RouteFile>,
    /// A route that ends in a 500.
    #[serde(default)]
    pub error: Option<RouteFile>,
    /// Paths that must refuse without a certificate.
    #[serde(default)]
    pub routes: Vec<String>,
    /// Needs a role that alice lacks.
    #[serde(default)]
    pub admin: Option<RouteFile>,
    /// One object of each user.
    #[serde(default)]
    pub owned: BTreeMap<String, RouteFile>,
    /// The objects that one may see.
    #[serde(default)]
    pub owned_list: Option<RouteFile>,
    /// A change of each user's object.
    #[serde(default)]
    pub owned_change: BTreeMap<String, RouteFile>,
    /// Something below each user's object, which only the owner may see.
    #[serde(default)]
    pub owned_nested: BTreeMap<String, RouteFile>,
    /// The list narrowed down to each user's objects; `contains` says what only a grant shows.
    #[serde(default)]
    pub owned_filter: BTreeMap<String, RouteFile>,
    /// Needs the certificate and the API key.
    #[serde(default)]
    pub second_factor: Option<RouteFile>,
    /// Changes state.
    #[serde(default)]
    pub change: Option<RouteFile>,
    /// Hands out CSRF tokens.
    #[serde(default)]
    pub csrf: Option<CsrfFile>,
    /// The app's other authentication.
    #[serde(default)]
    pub login: Option<LoginFile>,
    /// The header of API keys.
    #[serde(default)]
    pub api_key: Option<ApiKeyFile>,
}

/// A request of the app.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct RouteFile {
    /// Absolute path, with a query if it has one.
    pub path: String,
    /// Default `GET`.
    pub method: Option<String>,
    /// A JSON body.
    pub json: Option<String>,
    /// A form body.
    pub form: Option<String>,
    /// The status of a grant. Default: any 2xx.
    pub status: Option<u16>,
    /// A text that the body of a grant holds: a list that leaves the object out is no grant.
    pub contains: Option<String>,
}

/// Where a response holds a text: exactly one key.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct ReadingFile {
    /// A JSON pointer (RFC 6901) into the body.
    pub json: Option<String>,
    /// The name of a response header.
    pub header: Option<String>,
    /// The text between these two in the body.
    pub between: Option<(String, String)>,
}

/// How the app echoes a nonce.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EchoFile {
    /// The query parameter that carries the nonce.
    pub query: String,
    /// A JSON pointer to it in the response. Default: anywhere in the body.
    #[serde(default)]
    pub json: Option<String>,
}

/// How a CSRF token is had and sent.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CsrfFile {
    /// Absolute path of the route that hands it out.
    pub path: String,
    /// A JSON pointer to the token in the response.
    pub json: String,
    /// The header that carries it.
    pub header: String,
    /// The cookie that goes with it.
    pub cookie: String,
}

/// The app's other authentication.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LoginFile {
    /// Absolute path.
    pub path: String,
    /// Default `POST`.
    #[serde(default)]
    pub method: Option<String>,
    /// A form body; `{user}` and `{password}` are filled in.
    pub form: String,
    /// The session cookie's name.
    pub cookie: String,
}

/// The header of API keys.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ApiKeyFile {
    /// The header's name.
    pub header: String,
}

/// `[users.NAME]`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct UserFile {
    /// Subject as RFC 4514 text.
    pub subject: String,
    /// `email:...`, `dns:...`, `uri:...`, `ip:...`.
    #[serde(default)]
    pub san: Vec<String>,
    /// What the app may show as this user's identity, if it is not the name of the table.
    #[serde(default)]
    pub shown_as: Option<String>,
    /// A role that alice lacks.
    #[serde(default)]
    pub role: Option<String>,
    /// `password`, `api-key`: each `env:VARIABLE` or, in a lab, the text itself.
    #[serde(default)]
    pub secrets: BTreeMap<String, String>,
}

/// `[identity]`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct IdentityFile {
    /// A name from client-identity's table.
    pub dialect: String,
    /// Header names, by role.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// What the app looks users up by.
    #[serde(default)]
    pub mapping: Mapping,
    /// The header that authenticates the proxy to the app.
    #[serde(default)]
    pub secret: Option<String>,
}

crate::word::words! {
    /// What the app looks users up by.
    Mapping {
        /// The subject's distinguished name, with the issuer's.
        Subject = "subject",
        /// A subject alternative name.
        San = "san",
        /// Issuer and serial number.
        IssuerSerial = "issuer-serial",
        /// The certificate's fingerprint.
        Fingerprint = "fingerprint",
    }
}

#[expect(
    clippy::derivable_impls,
    reason = "the words! macro has no place for a default variant"
)]
impl Default for Mapping {
    fn default() -> Self {
        Self::Subject
    }
}

/// `[pki]`: one of three ways.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct PkiFile {
    /// Lab: all of it is made for this run.
    pub generate: bool,
    /// A test CA that the deployment trusts: certificates are minted under it.
    pub issuer: Option<CaFile>,
    /// The CA above it, for faults above the issuer.
    pub root: Option<CaFile>,
    /// Other CAs in the deployment's bundle.
    pub also_trusted: Vec<CaFile>,
    /// Credentials that exist already, by user.
    pub credentials: BTreeMap<String, CaFile>,
    /// Where the deployment reads its revocation list, and the command that makes it read again.
    pub crl: Option<CrlFile>,
}

/// A certificate file and its key.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CaFile {
    /// PEM; a credential's file may hold the chain, leaf first.
    pub cert: String,
    /// PEM: PKCS#8, PKCS#1, SEC1, or encrypted PKCS#8.
    pub key: String,
    /// `env:VARIABLE` with the passphrase of an encrypted key.
    #[serde(default)]
    pub passphrase: Option<String>,
}

/// The deployment's revocation list.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct CrlFile {
    /// The file.
    pub path: String,
    /// The command that makes the deployment read it again.
    pub reload: String,
}

/// `[logs]`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct LogsFile {
    /// Files, `*` in the last part of the path.
    #[serde(default)]
    pub files: Vec<String>,
    /// A command that prints the log.
    #[serde(default)]
    pub command: Option<String>,
    /// What the policy lets logs hold: words of the canaries (`common-name`, `serial`), or `subject` for all of the name.
    #[serde(default)]
    pub allow: Vec<String>,
}

/// `[storage]`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StorageFile {
    /// Private key files.
    pub private_keys: Vec<String>,
    /// Folders that the web server serves files from.
    #[serde(default)]
    pub web_roots: Vec<String>,
}
