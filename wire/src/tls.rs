//! TLS as an attacker speaks it.
//!
//! Two roads, on purpose: [`client`] completes handshakes, with any chain and any signature, through rustls; [`hello`]
//! asks for what no library offers any more and reads how far the server would go. Next: [`crate::channel`].

pub mod suites;

pub mod sign;

pub mod ticket;

mod attempt;

pub mod session;

pub mod client;

pub mod hello;
