//! Starts and stops deployments, and finds out where they are.
//!
//! A [`Target`] is all that an attack needs to know of one running deployment, whether we launched it or it was there
//! before. Everything that was started or written is stopped and removed when the target is dropped; [`registry`] does
//! the same for a program that ends by a signal. Nothing here attacks or judges. Next stage: `attack`.

mod credential;
mod environment;
mod folder;
mod lists;
mod live;
mod log_search;
mod pki_folder;
mod place;
mod ports;
mod process;
mod ready;
pub mod registry;
mod start;
mod target;
mod template;
mod values;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use credential::{CredentialError, CredentialStore, Presentable};
pub use log_search::{LogMark, LogSearch};
pub use place::{Backend, BackendAddress, FrontTarget};
pub use process::{DeadProcess, Reload};
pub use target::Target;

/// How a deployment is to be started.
#[derive(Debug, Clone, Default)]
pub struct LaunchOptions {
    /// All keys, serial numbers and secrets come from it.
    pub seed: u64,
    /// Unix seconds: the time around which honest certificates are valid.
    pub now: i64,
    /// Hosts beyond loopback that may be attacked, as the deployment file names them.
    pub authorized: Vec<String>,
    /// Leave the run's folder behind, for looking into it.
    pub keep_folder: bool,
}

/// Why there is no target.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// A needed program is not on the PATH.
    #[error("`{program}` is not installed: it comes with the package `{package}`")]
    MissingProgram {
        /// The program.
        program: String,
        /// The package that brings it.
        package: String,
    },
    /// A Python environment could not be made.
    #[error("make the Python environment `{name}`: {message}")]
    Environment {
        /// Its name in the deployment file.
        name: String,
        /// What venv or pip said.
        message: String,
    },
    /// A template or a text of the deployment file cannot be rendered.
    #[error("template {name}:{line}: {message}")]
    Template {
        /// The template's name, or the key of the deployment file.
        name: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong, a name that is not defined for one.
        message: String,
    },
    /// A file or folder of the run could not be made or read.
    #[error("use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The PKI could not be made.
    #[error("make the PKI: {0}")]
    Pki(String),
    /// A URL or address cannot be understood.
    #[error("understand {key} = {text:?}")]
    Address {
        /// The key of the deployment file.
        key: &'static str,
        /// Its text.
        text: String,
    },
    /// A host name has no address.
    #[error("resolve the host {host}: {message}")]
    Resolve {
        /// The host.
        host: String,
        /// What the resolver said.
        message: String,
    },
    /// The host is not this machine, and nobody said that it may be attacked.
    #[error(
        "attack {host}: not a loopback address; if you are allowed to attack it, say so with `--authorized {host}`"
    )]
    NotAuthorized {
        /// The host.
        host: String,
    },
    /// The relay could not be put in place.
    #[error(transparent)]
    Tap(#[from] crate::tap::TapError),
    /// A server could not be started at all.
    #[error("start `{name}`: {message}")]
    Start {
        /// The process's name in the deployment file.
        name: String,
        /// Why.
        message: String,
    },
    /// A server ended before it was ready.
    #[error("start `{}`: ended with {} before it was ready\n{}", .0.name, .0.status, .0.last_lines.join("\n"))]
    Died(DeadProcess),
    /// A server runs but does not accept connections.
    #[error("start `{name}`: not ready at {ready} after {seconds} s\n{}", last_lines.join("\n"))]
    NotReady {
        /// The process's name in the deployment file.
        name: String,
        /// The address that was tried.
        ready: String,
        /// How long.
        seconds: u64,
        /// The end of its output.
        last_lines: Vec<String>,
    },
    /// The OCSP responder could not be started.
    #[error("start the responder: {0}")]
    Responder(#[from] revocation_responder::ResponderError),
    /// A server could not be told to read its files again.
    #[error("reload `{name}`: {message}")]
    Reload {
        /// The process's name in the deployment file.
        name: String,
        /// Why.
        message: String,
    },
}

impl LaunchError {
    fn file(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
