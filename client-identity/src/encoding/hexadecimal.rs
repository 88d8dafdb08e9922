//! Hexadecimal digits.

use super::EncodingError;

const LOWER: &[u8; 16] = b"0123456789abcdef";
const UPPER: &[u8; 16] = b"0123456789ABCDEF";

/// The two upper-case digits of `byte`.
#[must_use]
pub fn upper_digits(byte: u8) -> [u8; 2] {
    [digit(UPPER, byte >> 4), digit(UPPER, byte & 15)]
}

/// The two lower-case digits of `byte`.
#[must_use]
pub fn lower_digits(byte: u8) -> [u8; 2] {
    [digit(LOWER, byte >> 4), digit(LOWER, byte & 15)]
}

/// `bytes` in upper-case digits.
#[must_use]
pub fn upper(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| upper_digits(*byte))
        .map(char::from)
        .collect()
}

/// `bytes` in lower-case digits.
#[must_use]
pub fn lower(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| lower_digits(*byte))
        .map(char::from)
        .collect()
}

/// The bytes that the digits in `text` name; digits of either case.
///
/// # Errors
/// [`EncodingError::Hexadecimal`] for an odd number of digits or another character.
pub fn from_digits(text: &[u8]) -> Result<Vec<u8>, EncodingError> {
    if !text.len().is_multiple_of(2) {
        return Err(EncodingError::Hexadecimal);
    }
    text.chunks_exact(2)
        .map(|pair| match pair {
            [high, low] => byte(*high, *low).ok_or(EncodingError::Hexadecimal),
            _ => Err(EncodingError::Hexadecimal),
        })
        .collect()
}

/// The byte that two digits of either case name.
#[must_use]
pub fn byte(high: u8, low: u8) -> Option<u8> {
    Some(value(high)? << 4 | value(low)?)
}

fn value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

fn digit(alphabet: &[u8; 16], nibble: u8) -> u8 {
    alphabet.get(usize::from(nibble)).copied().unwrap_or(b'0')
}
