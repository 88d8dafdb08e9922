//! The responder of the revocation lab: OCSP (RFC 6960) and CRLs of a [`certs_gen::Pki`] over HTTP/1.1 on loopback, and
//! a handle that tells it at run time to lie, to stall and to fail, and that knows what it was asked.
//!
//! ```text
//! bind(address)? → Bound ─ocsp_url, crl_url→ PkiSpec → Pki
//!                    └─serve(pki)→ Handle: set_behaviour, set_behaviour_for, revoke, set_lists, requests
//!
//! POST /ocsp           GET /ocsp/BASE64           GET /crl/ISSUER           GET /crl/SET/ISSUER
//! ```
//!
//! A crate of its own, because `certs-gen` makes bytes from a seed and a time and opens no socket, and because whoever
//! wants the bytes only (the oracles, the fuzzers) should not build a server. Nothing here knows a scenario or a
//! verdict: what was asked is data, [`Seen`], from which others may conclude that nobody ever asked.
//!
//! Behaviours are for everybody or for one serial number. Where the revoked client's answers are spoilt and its
//! sibling's are not, a server that refuses the one and grants the other has looked.
//!
//! Everything read is bounded in size and by a deadline, connections are counted, and each carries one request.
//!
//! ```
//! use certs_gen::{Pki, PkiSpec};
//! use revocation_responder::bind;
//! let bound = bind("127.0.0.1:0".parse()?)?;
//! let pki = Pki::generate(&PkiSpec {
//!     ocsp_url: Some(bound.ocsp_url()),
//!     crl_url: Some(bound.crl_url()),
//!     ..PkiSpec::default()
//! })?;
//! let handle = bound.serve(pki)?;
//! handle.set_behaviour("stall:20".parse()?)?;
//! assert!(handle.requests().is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod behaviour; // what it can be told to do
mod record; // what it was asked
mod http; // bounded reading and writing
mod state; // what changes while it runs
mod connection; // one request, one answer
mod serve; // the listener and its handle

pub use behaviour::{BEHAVIOURS, Behaviour, BehaviourError, MAX_WAIT};
pub use record::{Method, Question, Seen};
pub use serve::{Bound, Handle, bind, serve};
pub use state::{FRESH, ResponderError};
