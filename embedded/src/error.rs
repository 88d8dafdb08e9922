//! Why a server could not be started or reloaded. A client that misbehaves is never one of these.

use std::path::PathBuf;

use thiserror::Error;

/// A configuration file that is not understood.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The text is not TOML, holds an unknown key or a value that the key does not know.
    #[error("read the configuration: {0}")]
    Toml(#[from] toml::de::Error),
}

/// A server could not be started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// A listen address is neither `IP:port` nor `unix:/path`.
    #[error("understand the address {text:?}: expected \"IP:port\" or \"unix:/path\"")]
    Address {
        /// What the configuration says.
        text: String,
    },
    /// A socket could not be bound.
    #[error("listen on {address}")]
    Bind {
        /// The address.
        address: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A log file could not be opened for appending.
    #[error("open the log file {}", path.display())]
    Log {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A certificate, key, bundle or CRL file is missing or not what it should be.
    #[error("read {}: {what}", path.display())]
    Pki {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The TLS library refuses the combination of certificate, key and settings.
    #[error("set up TLS: {what}")]
    Tls {
        /// The library's message.
        what: String,
    },
    /// The `[identity]` table names a dialect, role or header that does not exist.
    #[error("understand the identity table: {what}")]
    Identity {
        /// What is wrong with it.
        what: String,
    },
    /// A value that is well-formed TOML but makes no sense, such as a proxy without vhosts.
    #[error("use the configuration: {what}")]
    Value {
        /// What is wrong.
        what: String,
    },
}

/// A running server could not read its certificate, CA or CRL files again. It goes on with the ones it has.
#[derive(Debug, Error)]
#[error("reload: {0}")]
pub struct ReloadError(#[from] pub StartError);
