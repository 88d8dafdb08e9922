//! An attacker's transports: TCP and unix sockets, TLS and HTTP that can misbehave, and a record of what came back.
//!
//! This crate speaks; it never judges. It knows nothing of scenarios, deployments or verdicts. A peer that misbehaves is
//! data in a returned value; an `Err` means a mistake of our own, such as a cipher suite that the TLS library lacks.
//!
//! ```text
//! address ─connect→ Stream ─handshake→ TlsSession | RogueSession ─┐
//!                     └───────────────────────────────────────────┴→ Channel ─→ http1 | http2 ─→ what was answered
//!                     └─ hello (raw ClientHello, no TLS library) ─→ what the server would accept
//! ```
//!
//! Everything blocks, and everything is bounded by a [`Deadline`] and by byte limits. Modules are listed in dependency
//! order: each uses only those before it.

pub mod deadline;

pub mod address;

pub mod transport;

pub mod tls;

pub mod channel;

pub mod http1;

pub mod http2;

pub use address::Address;
pub use channel::Channel;
pub use deadline::Deadline;
pub use transport::{Received, Sent, Stream};

#[cfg(test)]
mod tests;
