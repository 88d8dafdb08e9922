//! Certificate serial numbers.

use std::fmt;

use crate::encoding::hexadecimal;

/// The longest accepted serial, in octets. RFC 5280, section 4.1.2.2, allows 20; hostile certificates have more, and
/// the decimal form takes quadratic time, hence a bound.
pub const MAX_SERIAL: usize = 256;

/// A serial number: an integer of any sign and size (RFC 5280 asks for positive ones).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Serial {
    negative: bool,
    /// Big-endian, no leading zero octet; `[0]` for zero.
    magnitude: Vec<u8>,
}

/// Why a serial number cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("read a serial number")]
pub struct SerialError;

impl Serial {
    /// Reads the content octets of a DER INTEGER (two's complement, big-endian).
    ///
    /// # Errors
    /// [`SerialError`] when empty or over [`MAX_SERIAL`] octets.
    pub fn from_content(content: &[u8]) -> Result<Self, SerialError> {
        let first = content.first().ok_or(SerialError)?;
        if content.len() > MAX_SERIAL {
            return Err(SerialError);
        }
        if first & 0x80 == 0 {
            return Ok(Self::new(false, content));
        }
        // The magnitude of a negative number is its complement plus one; it cannot overflow the same width.
        let mut magnitude: Vec<u8> = content.iter().map(|octet| !octet).collect();
        for octet in magnitude.iter_mut().rev() {
            let (sum, carry) = octet.overflowing_add(1);
            *octet = sum;
            if !carry {
                break;
            }
        }
        Ok(Self::new(true, &magnitude))
    }

    /// Reads upper-case hexadecimal as OpenSSL's `i2a_ASN1_INTEGER` prints it: whole octets, `-` before a negative one.
    ///
    /// # Errors
    /// [`SerialError`] for any other spelling.
    pub fn from_upper_hex(text: &str) -> Result<Self, SerialError> {
        let (negative, digits) = text
            .strip_prefix('-')
            .map_or((false, text), |digits| (true, digits));
        let serial = Self::from_digits(negative, digits)?;
        if serial.upper_hex() == text {
            Ok(serial)
        } else {
            Err(SerialError)
        }
    }

    /// Reads a decimal integer without leading zeros.
    ///
    /// # Errors
    /// [`SerialError`] for any other spelling, or over [`MAX_SERIAL`] octets.
    pub fn from_decimal(text: &str) -> Result<Self, SerialError> {
        let (negative, digits) = text
            .strip_prefix('-')
            .map_or((false, text), |digits| (true, digits));
        // 256 octets have at most 617 digits.
        if digits.is_empty() || digits.len() > 620 || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(SerialError);
        }
        let mut little_endian: Vec<u8> = Vec::new();
        for digit in digits.bytes() {
            let mut carry = u16::from(digit - b'0');
            for octet in &mut little_endian {
                let sum = u16::from(*octet) * 10 + carry;
                let [high, low] = sum.to_be_bytes();
                *octet = low;
                carry = u16::from(high);
            }
            if carry > 0 {
                little_endian.push(u8::try_from(carry).map_err(|_| SerialError)?);
            }
        }
        little_endian.reverse();
        if little_endian.len() > MAX_SERIAL {
            return Err(SerialError);
        }
        let serial = Self::new(negative, &little_endian);
        if serial.to_string() == text {
            Ok(serial)
        } else {
            Err(SerialError)
        }
    }

    /// Upper-case hexadecimal in whole octets, `-` before a negative one: nginx, HAProxy, Apache.
    #[must_use]
    pub fn upper_hex(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}", hexadecimal::upper(&self.magnitude))
    }

    /// Lower-case octets between colons: CloudFront.
    #[must_use]
    pub fn colon_hex(&self) -> String {
        let octets: Vec<String> = self
            .magnitude
            .iter()
            .map(|octet| hexadecimal::lower(&[*octet]))
            .collect();
        format!("{}{}", if self.negative { "-" } else { "" }, octets.join(":"))
    }

    /// Reads what [`Serial::colon_hex`] writes.
    ///
    /// # Errors
    /// [`SerialError`] for any other spelling.
    pub fn from_colon_hex(text: &str) -> Result<Self, SerialError> {
        let (negative, octets) = text
            .strip_prefix('-')
            .map_or((false, text), |octets| (true, octets));
        if octets.len() > 3 * MAX_SERIAL {
            return Err(SerialError);
        }
        let digits: String = octets.split(':').collect();
        let serial = Self::from_digits(negative, &digits)?;
        if serial.colon_hex() == text {
            Ok(serial)
        } else {
            Err(SerialError)
        }
    }

    /// Whether the number is below zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// The absolute value, big-endian, without leading zero octets.
    #[must_use]
    pub fn magnitude(&self) -> &[u8] {
        &self.magnitude
    }

    fn from_digits(negative: bool, digits: &str) -> Result<Self, SerialError> {
        if digits.is_empty() || digits.len() > 2 * MAX_SERIAL {
            return Err(SerialError);
        }
        let octets = hexadecimal::from_digits(digits.as_bytes()).map_err(|_| SerialError)?;
        Ok(Self::new(negative, &octets))
    }

    fn new(negative: bool, octets: &[u8]) -> Self {
        let mut magnitude: Vec<u8> = octets.iter().copied().skip_while(|octet| *octet == 0).collect();
        let is_zero = magnitude.is_empty();
        if is_zero {
            magnitude.push(0);
        }
        Self {
            negative: negative && !is_zero,
            magnitude,
        }
    }
}

impl fmt::Display for Serial {
    /// Decimal: Caddy, Traefik.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut digits: Vec<u8> = Vec::new();
        for octet in &self.magnitude {
            let mut carry = u16::from(*octet);
            for digit in &mut digits {
                let sum = u16::from(*digit) * 256 + carry;
                *digit = u8::try_from(sum % 10).unwrap_or(0);
                carry = sum / 10;
            }
            while carry > 0 {
                digits.push(u8::try_from(carry % 10).unwrap_or(0));
                carry /= 10;
            }
        }
        if digits.is_empty() {
            digits.push(0);
        }
        let sign = if self.negative { "-" } else { "" };
        let text: String = digits
            .iter()
            .rev()
            .map(|digit| char::from(b'0' + digit))
            .collect();
        write!(formatter, "{sign}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_those_of_the_servers() {
        let serial = Serial::from_content(&[0x0a, 0xb0, 0xc0, 0xff, 0xee]).unwrap();
        assert_eq!(serial.upper_hex(), "0AB0C0FFEE");
        assert_eq!(serial.to_string(), "45915111406");
        assert_eq!(serial.colon_hex(), "0a:b0:c0:ff:ee");
        let negative = Serial::from_content(&[0xff, 0x00]).unwrap();
        assert_eq!(
            (negative.upper_hex().as_str(), negative.to_string().as_str()),
            ("-0100", "-256")
        );
        assert_eq!(Serial::from_content(&[0]).unwrap().upper_hex(), "00");
    }

    #[test]
    fn spellings_read_back_and_no_other_does() {
        for content in [
            &[0][..],
            &[1],
            &[0x7f],
            &[0x80],
            &[0xff; 20],
            &[0x00, 0xff, 0, 1],
            &[0x80; 21],
        ] {
            let serial = Serial::from_content(content).unwrap();
            assert_eq!(Serial::from_upper_hex(&serial.upper_hex()), Ok(serial.clone()));
            assert_eq!(Serial::from_decimal(&serial.to_string()), Ok(serial.clone()));
            assert_eq!(Serial::from_colon_hex(&serial.colon_hex()), Ok(serial));
        }
        for text in ["", "-", "0", "0001", "ab", "-00", "+1", "0x01"] {
            assert_eq!(Serial::from_upper_hex(text), Err(SerialError), "{text}");
        }
        for text in ["", "-0", "01", "+1", " 1", "1e3"] {
            assert_eq!(Serial::from_decimal(text), Err(SerialError), "{text}");
        }
        assert_eq!(Serial::from_content(&[1; MAX_SERIAL + 1]), Err(SerialError));
    }
}
