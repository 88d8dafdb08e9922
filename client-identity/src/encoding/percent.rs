//! Percent-encoding (RFC 3986, section 2.1) in the sets and letter cases that servers use.

use super::{EncodingError, hexadecimal};

/// Which characters stay as they are, and how the digits of the others are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PercentSet {
    /// Apache's `escape:` function: also `$-_.+!*'(),:@&=/~` stay; lower-case digits. Only `+ / =` matter in PEM text.
    Apache,
    /// AWS: `+`, `=` and `/` stay; upper-case digits.
    Aws,
    /// Go's `url.QueryEscape`: unreserved characters stay, a space is `+`; upper-case digits.
    GoQuery,
    /// nginx and Envoy: only the unreserved characters of RFC 3986 stay; upper-case digits.
    Unreserved,
}

impl PercentSet {
    fn keeps(self, byte: u8) -> bool {
        let unreserved = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        match self {
            Self::Apache => unreserved || b"$+!*'(),:@&=/".contains(&byte),
            Self::Aws => unreserved || b"+=/".contains(&byte),
            Self::GoQuery | Self::Unreserved => unreserved,
        }
    }

    fn digits(self, byte: u8) -> [u8; 2] {
        match self {
            Self::Apache => hexadecimal::lower_digits(byte),
            Self::Aws | Self::GoQuery | Self::Unreserved => hexadecimal::upper_digits(byte),
        }
    }

    /// `bytes`, encoded.
    #[must_use]
    pub fn encode(self, bytes: &[u8]) -> Vec<u8> {
        let mut text = Vec::with_capacity(bytes.len() + bytes.len() / 8);
        for byte in bytes {
            if self.keeps(*byte) {
                text.push(*byte);
            } else if *byte == b' ' && self == Self::GoQuery {
                text.push(b'+');
            } else {
                text.push(b'%');
                text.extend(self.digits(*byte));
            }
        }
        text
    }

    /// The bytes that [`PercentSet::encode`] wrote as `text`.
    ///
    /// # Errors
    /// [`EncodingError::Percent`] when `text` is not exactly what the encoder writes: the other letter case, an
    /// encoded character that stays as it is, or a character that should be encoded.
    pub fn decode(self, text: &[u8]) -> Result<Vec<u8>, EncodingError> {
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some((first, after)) = rest.split_first() {
            match (*first, after) {
                (b'+', _) if self == Self::GoQuery => {
                    bytes.push(b' ');
                    rest = after;
                }
                (b'%', [high, low, after @ ..]) => {
                    let byte = hexadecimal::byte(*high, *low).ok_or(EncodingError::Percent)?;
                    let is_query_space = byte == b' ' && self == Self::GoQuery;
                    if self.keeps(byte) || is_query_space || self.digits(byte) != [*high, *low] {
                        return Err(EncodingError::Percent);
                    }
                    bytes.push(byte);
                    rest = after;
                }
                (byte, _) if self.keeps(byte) => {
                    bytes.push(byte);
                    rest = after;
                }
                _ => return Err(EncodingError::Percent),
            }
        }
        Ok(bytes)
    }
}
