//! TLS as an attacker speaks it.
//!
//! Three roads, on purpose: [`client`] completes handshakes, with any chain and any signature, through rustls; [`hello`]
//! asks for what no library offers any more and reads how far the server would go; [`rogue`] leaves messages out, sends them
//! unasked and renegotiates, which no library can be brought to do. Next: [`crate::channel`].

pub mod suites;

mod encoding;

pub mod sign;

pub mod ticket;

mod attempt;
mod trust;

pub mod session;

pub mod client;

pub mod hello;

pub mod rogue;

pub mod old_server;
