//! Who is this client?
//!
//! A TLS-terminating proxy learns who the client is from its certificate, and hands that to the app in headers. This
//! crate reads and writes everything on that way, byte by byte as the real servers do:
//!
//! ```text
//! DER ──certificate──▶ Certificate ──dialect::encode──▶ headers ──dialect::decode──▶ Forwarded
//!                          │ Name ──dn::print──▶ text ──dn::parse──▶ Name, or "ambiguous"
//! ```
//!
//! - [`encoding`]: PEM, base64, percent and hexadecimal texts, with the strictness that each server shows;
//! - [`der`]: the few DER elements that the rest reads itself;
//! - [`certificate`]: what a certificate says: names, alternative names, serial, validity, usages, fingerprints;
//! - [`dn`]: distinguished names as text, one file a style;
//! - [`mod@dialect`]: forwarding conventions, one file and one row of [`dialect::DIALECTS`] each;
//! - [`spelling`]: how an attacker writes a header so that two parsers differ;
//! - [`well_known`]: the header names that an app may trust by mistake.
//!
//! Nothing here verifies a signature or decides whether a client is allowed: it says what the bytes mean, and says so
//! when they have no single meaning. Input is hostile: nothing panics, every size is bounded, work is linear.

pub mod certificate;
pub mod der;
pub mod dialect;
pub mod dn;
pub mod encoding;
pub mod spelling;
pub mod well_known;

pub use certificate::{
    Attribute, Certificate, CertificateError, GeneralName, Name, Oid, Rdn, Serial, StringType, Validity,
};
pub use dialect::{
    Client, ClientCopy, DIALECTS, DecodeError, Dialect, EncodeError, Evidence, Forwarded, Header,
    HeaderNames, HostileValue, Presence, Role, RoleSpec, Unknown, UnknownDialect, Verified, dialect,
};
pub use dn::{DnError, DnReading, DnStyle};
pub use spelling::Spelling;
