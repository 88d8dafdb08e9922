//! The keys of `[launch]`: servers that the harness starts and stops itself, and of the variants beside it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// A value of a setting: what templates see, and what variants change.
pub type Setting = toml::Value;

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
    /// Values that templates see as `{{ set.NAME }}`, with what a hardened deployment has.
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub settings: BTreeMap<String, Setting>,
    /// Config files: written into the run's folder from the templates of the same name beside the deployment file.
    pub templates: Vec<String>,
    /// Servers, in the order of their start.
    pub process: Vec<ProcessFile>,
}

/// A program that must be there.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProgramFile {
    /// The name on the PATH.
    pub program: String,
    /// The package that brings it, for the message where it is missing.
    pub package: String,
    /// The arguments that print its version.
    #[serde(default)]
    pub version: Vec<String>,
}

/// The recording relay between proxy and app.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct TapFile {
    /// Where the proxy sends to: `127.0.0.1:{{ port.tap }}` or `unix:{{ dir }}/tap.sock`.
    pub listen: String,
    /// Where the app listens.
    pub to: String,
}

/// A server.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ProcessFile {
    /// For messages and log names.
    pub name: String,
    /// Program and arguments. `gauntlet` as the program is this very executable.
    #[serde(default)]
    pub command: Vec<String>,
    /// Run in this process instead: `proxy` or `app` of the embedded crate, with `config`.
    #[serde(default)]
    pub builtin: Option<Builtin>,
    /// The config file of a builtin.
    #[serde(default)]
    pub config: Option<String>,
    /// `address:port` or `unix:/path` that must accept connections before the next one starts.
    pub ready: String,
    /// Signal that stops it. Default `TERM`.
    #[serde(default)]
    pub stop: Option<StopSignal>,
    /// Signal that makes it read its files again.
    #[serde(default)]
    pub reload: Option<StopSignal>,
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
    pub set: BTreeMap<String, Setting>,
    /// The scenarios that it flips from pass to fail: exactly these.
    pub flips: Vec<String>,
    /// Scenarios that it makes impossible to try (with the reason as the value), if any.
    #[serde(default)]
    pub hides: BTreeMap<String, String>,
}
