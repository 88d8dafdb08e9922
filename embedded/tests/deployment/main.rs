//! One binary: the strict deployment and the planted faults over real sockets, with a PKI from certs-gen.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "what only helps tests fails the test"
)]

mod boundary; // the planted faults at the boundary between proxy and app
mod handshake; // wrong handshakes that get through where one rule of TLS is not held
mod planted; // each fault shows in a request that the strict deployment answers otherwise
mod setup; // a deployment in a folder of its own, and a client for it
mod strict; // what the strict deployment promises
