//! The crate from outside.

#![expect(
    clippy::unwrap_used,
    reason = "the tests name files, dialects and types that exist"
)]

mod capture; // reads what the capture tool wrote
#[path = "../support/certificate.rs"]
mod certificate_der; // minimal certificates with any names
mod hostile_values; // no spelling is taken for the victim
mod properties; // of every dialect and style, over hostile names
mod servers; // encoders and decoders against the captured bytes
