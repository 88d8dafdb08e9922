//! The keys of `[launch]`: servers that the harness starts and stops itself, and of the variants beside it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::scenario::vocabulary::TlsVersion;

/// A value of a setting: what templates see, and what variants change.
pub type Setting = toml::Value;

/// Settings by name; tables nest.
pub type Settings = toml::Table;

/// `[launch]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct LaunchFile {
    /// Programs that must be there.
    pub needs: Vec<ProgramFile>,
    /// Names of free ports to find; templates and this file write `{{ port.NAME }}`.
    pub ports: Vec<String>,
    /// Between proxy and app: `listen` is what the proxy is told, `to` what the app listens on.
    pub tap: Option<TapFile>,
    /// Run an OCSP responder and CRL server for the run's PKI; templates see `{{ responder.ocsp }}` and `{{ responder.crl }}`,
    /// and the certificates name them. For fronts that ask it.
    pub responder: bool,
    /// Values that templates see as `{{ set.NAME }}`, with what a hardened deployment has.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub settings: Settings,
    /// Settings of included files that this deployment has otherwise, in the form of a variant's `set`.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub adjust: Settings,
    /// Config files: written into the run's folder from the templates that stand beside the deployment file, or in a shared
    /// folder (`../django/app.toml`), under the same file name.
    pub templates: Vec<String>,
    /// Folders that are copied into the run's folder as they are: the name there, and where they stand
    /// (`{ app = "../django/project" }`).
    pub folders: BTreeMap<String, String>,
    /// Python environments, made once and kept for later runs.
    pub environment: Vec<EnvironmentFile>,
    /// Commands that are run to their end before the first server starts, in order.
    pub prepare: Vec<PrepareFile>,
    /// Servers, in the order of their start.
    pub process: Vec<ProcessFile>,
}

/// A program that must be there.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProgramFile {
    /// The name on the PATH, or a path in an environment (`{{ env.NAME }}/bin/gunicorn`).
    pub program: String,
    /// The package that brings it, for the message where it is missing. Empty for what an environment brings.
    #[serde(default)]
    pub package: String,
    /// The arguments that print its version.
    #[serde(default)]
    pub version: Vec<String>,
}

/// A Python virtual environment with pinned packages. Its folder is `{{ env.NAME }}`. It is made once, under `target/`, and
/// used by every deployment whose requirements are the same.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct EnvironmentFile {
    /// The name by which templates know it.
    pub name: String,
    /// A pip requirements file beside the deployment file, every package pinned. It may write `{{ set.NAME }}`, so that a
    /// variant is another release of a server.
    pub requirements: String,
    /// The interpreter. Default `python3`: the first on the PATH that the servers' user may run.
    #[serde(default)]
    pub python: Option<String>,
}

/// A command that must end well before the servers start: a database is made, a config is checked.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PrepareFile {
    /// For messages and log names.
    pub name: String,
    /// Program and arguments. An argument that renders to nothing is left out.
    pub command: Vec<String>,
    /// Environment variables, beside PATH, HOME and LANG.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// The working folder. Default: the run's.
    #[serde(default)]
    pub folder: Option<String>,
}

/// The recording relay between proxy and app.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TapFile {
    /// Where the proxy sends to: `127.0.0.1:{{ port.tap }}` or `unix:{{ dir }}/tap.sock`.
    pub listen: String,
    /// Where the app listens.
    pub to: String,
    /// What they speak. Default `http`.
    #[serde(default)]
    pub framing: Option<Framing>,
    /// Speak TLS with the proxy, as the app would: with a certificate for the front's host and for localhost, of the CA
    /// `{{ pki.server_ca }}`. Between tap and app there is none.
    #[serde(default)]
    pub tls: bool,
    /// The proxy has a certificate of its own, `{{ pki.proxy_cert }}` with `{{ pki.proxy_key }}`, for an app that asks for one.
    /// Only with `tls`.
    #[serde(default)]
    pub mutual: bool,
}

/// A server.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProcessFile {
    /// For messages and log names.
    pub name: String,
    /// Program and arguments. `gauntlet` as the program is this very executable. An argument that renders to nothing is left
    /// out.
    #[serde(default)]
    pub command: Vec<String>,
    /// Environment variables, beside PATH, HOME and LANG.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// The working folder. Default: the run's.
    #[serde(default)]
    pub folder: Option<String>,
    /// Run in this process instead: `proxy` or `app` of the embedded crate, with `config`.
    #[serde(default)]
    pub builtin: Option<Builtin>,
    /// The config file of a builtin.
    #[serde(default)]
    pub config: Option<String>,
    /// `address:port` or `unix:/path` that must accept connections before the next one starts, or `http://address:port/path`
    /// that must answer a request, with any status, or `tls://address:port` that must answer a ClientHello in TLS.
    pub ready: String,
    /// Signal that stops it. Default `TERM`.
    #[serde(default)]
    pub stop: Option<StopSignal>,
    /// Signal that makes it read its files again.
    #[serde(default)]
    pub reload: Option<StopSignal>,
    /// Or the command that does, where it renders to any word.
    #[serde(default)]
    pub reload_command: Vec<String>,
}

impl ProcessFile {
    /// Can it be made to read its files again? Those of the embedded crate always can.
    pub fn is_reloadable(&self) -> bool {
        self.reload.is_some() || !self.reload_command.is_empty() || self.builtin.is_some()
    }
}

crate::word::words! {
    /// What proxy and app speak with each other.
    Framing {
        /// HTTP/1.1, or HTTP/2 after its preface.
        Http = "http",
        /// The uwsgi protocol.
        Uwsgi = "uwsgi",
    }
}

crate::word::words! {
    /// Servers of the embedded crate.
    Builtin {
        /// The TLS-terminating proxy.
        Proxy = "proxy",
        /// The app.
        App = "app",
    }
}

crate::word::words! {
    /// Signals that servers understand.
    StopSignal {
        /// SIGHUP.
        Hup = "HUP",
        /// SIGINT.
        Int = "INT",
        /// SIGQUIT.
        Quit = "QUIT",
        /// SIGTERM.
        Term = "TERM",
        /// SIGUSR1.
        Usr1 = "USR1",
        /// SIGUSR2.
        Usr2 = "USR2",
    }
}

/// `variants/NAME.toml`: one planted misconfiguration.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct VariantFile {
    /// What it gets wrong, in one sentence.
    pub says: String,
    /// Settings that differ from `[launch.settings]`.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub set: Settings,
    /// The TLS versions that its front speaks, where they are not those of `[front] tls-versions`.
    #[serde(default)]
    pub tls_versions: Option<Vec<TlsVersion>>,
    /// The scenarios that it flips from pass to fail: exactly these.
    pub flips: Vec<String>,
    /// Scenarios that it makes impossible to try (with the reason as the value), if any.
    #[serde(default)]
    pub hides: BTreeMap<String, String>,
}
