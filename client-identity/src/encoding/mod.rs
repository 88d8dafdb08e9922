//! Texts that carry bytes: base64, hexadecimal, percent-encoding and PEM, each as the servers write them.
//!
//! Decoders are strict: what the encoder of the same name cannot have written is refused, so that one certificate has
//! one spelling a dialect. Their work is linear and their result no longer than the text; how long that may be is the
//! caller's to say ([`crate::dialect::MAX_VALUE`] for headers).

pub mod hexadecimal;
pub mod pem;
pub mod percent;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Why a text does not carry the bytes that it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EncodingError {
    /// A character outside the base64 alphabet, wrong padding, or bits after the end (RFC 4648, section 3.5).
    #[error("read base64")]
    Base64,
    /// An odd number of hexadecimal digits, or another character.
    #[error("read hexadecimal digits")]
    Hexadecimal,
    /// The armour is not that of a certificate, or its lines are not as RFC 7468 has them.
    #[error("read PEM")]
    Pem,
    /// A percent sign without two hexadecimal digits, or a character that the sender would have encoded.
    #[error("read percent-encoding")]
    Percent,
}

/// The standard base64 of `bytes`, with padding, on one line.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// The bytes of standard base64 with padding.
///
/// # Errors
/// [`EncodingError::Base64`] unless `text` is exactly what [`base64()`] writes.
pub fn from_base64(text: &[u8]) -> Result<Vec<u8>, EncodingError> {
    STANDARD.decode(text).map_err(|_| EncodingError::Base64)
}
