//! Foreign judges of certs-gen: the `openssl` command (`verify`, `crl`, `ocsp`) and rustls-webpki.
//!
//! Neither shares code with the generator. Both are asked the same question, *may this chain authenticate a TLS client
//! at this time, every certificate of it checked against a CRL?*, and both answer in their own words.
//! [`revocation`] asks `openssl` about single lists and OCSP answers.

pub mod openssl;
pub mod revocation;
pub mod webpki;

/// The question.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The chain as sent, leaf first, DER.
    pub chain: &'a [Vec<u8>],
    /// The trusted roots, DER.
    pub anchors: &'a [Vec<u8>],
    /// The revocation lists, DER.
    pub crls: &'a [Vec<u8>],
    /// Unix seconds at which the chain must be valid.
    pub time: u64,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The chain is valid.
    Accepted,
    /// It is not; the judge's own words.
    Refused(String),
}
