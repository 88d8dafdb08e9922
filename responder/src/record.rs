//! What the responder was asked.

use std::time::SystemTime;

/// How an OCSP request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// In the path, as base64 (RFC 6960 A.1).
    Get,
    /// In the body.
    Post,
}

/// What one connection wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// A CRL, by the path below `/crl/`.
    Crl(String),
    /// The state of certificates.
    Ocsp {
        /// Content octets of their serial numbers, in the order of the request.
        serials: Vec<Vec<u8>>,
        /// Whether it had a nonce.
        nonce: bool,
        /// How it came.
        method: Method,
    },
    /// Something that cannot be answered, and why.
    Unreadable(String),
}

/// One request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// When it was read, before it was answered.
    pub at: SystemTime,
    /// What it wanted.
    pub question: Question,
    /// The name of the behaviour that it met.
    pub behaviour: String,
}

impl Seen {
    /// Whether it was an OCSP request about this serial number.
    #[must_use]
    pub fn is_about(&self, serial: &[u8]) -> bool {
        match &self.question {
            Question::Ocsp { serials, .. } => serials.iter().any(|asked| asked == serial),
            Question::Crl(_) | Question::Unreadable(_) => false,
        }
    }
}
