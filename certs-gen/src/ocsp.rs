//! OCSP (RFC 6960): requests read, answers made, honest and with one thing wrong. No socket and no clock: the time and
//! the request come in, bytes go out.
//!
//! ```text
//! bytes ─Request::parse→ Request ─┐
//! Pki, now, revocations ──────────┴→ Asked ─Answer::make→ bytes
//! ```

pub mod answer; // the table of answers
pub mod request; // what was asked
pub mod response; // the structure of a response

pub use answer::{ANSWERS, Answer, Asked};
pub use request::{CertId, Request, RequestError};
