//! The in-process deployment: a TLS-terminating proxy and an app behind it.
//!
//! ```text
//! client ──TLS, client certificate──> proxy ──HTTP/1.1, identity headers──> app
//!           proxy.toml, [faults]                                app.toml, [faults]
//! ```
//!
//! Both are strict by default; each fault is one key of a `[faults]` table that makes one thing wrong. This crate knows
//! nothing of the harness that attacks it: it has native configuration files and real sockets like any other server.
//!
//! The modules in dependency order:
//! - `fault`: the macro that declares a table of faults.
//! - `error`: why a server could not be started.
//! - `log`: access, error and audit files.
//! - `listener`: sockets, the accept loop, [`Running`].
//! - `serve`: one HTTP connection with its limits.
//! - `raw`: HTTP/1 read by hand, for planted faults.
//! - `pki`: certificates, keys and CRLs read from files.
//! - `identity`: the `[identity]` table, which proxy and app share.
//! - [`proxy`], [`app`]: the two servers; the proxy holds the verifier of client certificates.

mod error;
#[macro_use]
mod fault;
pub mod app;
mod identity;
mod listener;
mod log;
mod pki;
pub mod proxy;
mod raw;
mod serve;
mod soundness;

pub use app::config::AppConfig;
pub use app::start_app;
pub use error::{ConfigError, ReloadError, StartError};
pub use identity::IdentityConfig;
pub use listener::{Address, Bound, Purpose, Running};
pub use log::LogConfig;
pub use proxy::config::ProxyConfig;
pub use proxy::start_proxy;
pub use serve::Limits;
