//! Object identifiers, and the attribute types that have a short name.

use std::fmt::{self, Write as _};
use std::str::FromStr;

pub use super::attribute_types::{ATTRIBUTE_TYPES, AttributeType};

/// The longest accepted identifier, in content octets; OpenSSL and Go know none over 20.
pub const MAX_OID: usize = 128;

/// An object identifier, as its DER content octets.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Oid(Vec<u8>);

/// Why an object identifier cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("read an object identifier")]
pub struct OidError;

impl Oid {
    /// Reads DER content octets (X.690, section 8.19).
    ///
    /// # Errors
    /// [`OidError`] when empty, over [`MAX_OID`], cut, padded, or with an arc over 64 bits.
    pub fn from_content(content: &[u8]) -> Result<Self, OidError> {
        if content.is_empty() || content.len() > MAX_OID {
            return Err(OidError);
        }
        let oid = Self(content.to_vec());
        oid.arcs().ok_or(OidError)?;
        Ok(oid)
    }

    /// The DER content octets.
    #[must_use]
    pub fn content(&self) -> &[u8] {
        &self.0
    }

    /// The short name that OpenSSL prints for this attribute type, if it is one of [`ATTRIBUTE_TYPES`].
    #[must_use]
    pub fn short_name(&self) -> Option<&'static str> {
        ATTRIBUTE_TYPES
            .iter()
            .find(|row| row.content == self.content())
            .map(|row| row.short_name)
    }

    /// The short name that BoringSSL prints for this attribute type, if it has one.
    #[must_use]
    pub fn boringssl_name(&self) -> Option<&'static str> {
        ATTRIBUTE_TYPES
            .iter()
            .find(|row| row.content == self.content() && row.in_boringssl)
            .map(|row| row.short_name)
    }

    /// The attribute type that OpenSSL prints as `name` (exact case).
    #[must_use]
    pub fn from_short_name(name: &str) -> Option<Self> {
        ATTRIBUTE_TYPES
            .iter()
            .find(|row| row.short_name == name)
            .map(|row| Self(row.content.to_vec()))
    }

    /// An identifier of this crate's own tables.
    pub(crate) fn known(content: &'static [u8]) -> Self {
        Self(content.to_vec())
    }

    fn arcs(&self) -> Option<Vec<u64>> {
        let mut arcs = Vec::new();
        let mut arc: Option<u64> = None;
        for octet in &self.0 {
            if arc.is_none() && *octet == 0x80 {
                return None;
            }
            let sum = arc
                .unwrap_or(0)
                .checked_mul(128)?
                .checked_add(u64::from(octet & 0x7f))?;
            if octet & 0x80 != 0 {
                arc = Some(sum);
                continue;
            }
            arc = None;
            if arcs.is_empty() {
                let first = (sum / 40).min(2);
                arcs.push(first);
                arcs.push(sum - first * 40);
            } else {
                arcs.push(sum);
            }
        }
        if arc.is_some() { None } else { Some(arcs) }
    }
}

impl FromStr for Oid {
    type Err = OidError;

    /// Reads dotted decimal without leading zeros.
    fn from_str(text: &str) -> Result<Self, OidError> {
        if text.len() > 4 * MAX_OID {
            return Err(OidError);
        }
        let arcs = text
            .split('.')
            .map(|arc| {
                let plain =
                    arc == "0" || (!arc.starts_with('0') && arc.bytes().all(|byte| byte.is_ascii_digit()));
                if plain {
                    arc.parse::<u64>().map_err(|_| OidError)
                } else {
                    Err(OidError)
                }
            })
            .collect::<Result<Vec<u64>, OidError>>()?;
        let [first, second, rest @ ..] = arcs.as_slice() else {
            return Err(OidError);
        };
        if *first > 2 || (*first < 2 && *second > 39) {
            return Err(OidError);
        }
        let mut content = Vec::new();
        write_arc(&mut content, first * 40 + second.min(&(u64::MAX - 80)));
        for arc in rest {
            write_arc(&mut content, *arc);
        }
        Self::from_content(&content)
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, arc) in self.arcs().unwrap_or_default().iter().enumerate() {
            if position > 0 {
                formatter.write_char('.')?;
            }
            write!(formatter, "{arc}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Oid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Oid({self})")
    }
}

fn write_arc(content: &mut Vec<u8>, arc: u64) {
    let mut started = false;
    for shift in (0..10).rev().map(|group| group * 7) {
        let group = u8::try_from(arc >> shift & 0x7f).unwrap_or(0);
        if group != 0 || started || shift == 0 {
            started = true;
            content.push(if shift == 0 { group } else { group | 0x80 });
        }
    }
}

/// commonName (X.520).
pub const COMMON_NAME: &[u8] = &[0x55, 4, 3];
/// serialNumber (X.520): a device's number, not the certificate's.
pub const SERIAL_NUMBER: &[u8] = &[0x55, 4, 5];
/// countryName (X.520).
pub const COUNTRY: &[u8] = &[0x55, 4, 6];
/// localityName (X.520).
pub const LOCALITY: &[u8] = &[0x55, 4, 7];
/// stateOrProvinceName (X.520).
pub const STATE: &[u8] = &[0x55, 4, 8];
/// streetAddress (X.520).
pub const STREET: &[u8] = &[0x55, 4, 9];
/// organizationName (X.520).
pub const ORGANIZATION: &[u8] = &[0x55, 4, 10];
/// organizationalUnitName (X.520).
pub const ORGANIZATIONAL_UNIT: &[u8] = &[0x55, 4, 11];
/// postalCode (X.520).
pub const POSTAL_CODE: &[u8] = &[0x55, 4, 17];
/// emailAddress (PKCS #9).
pub const EMAIL_ADDRESS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1];
/// domainComponent (RFC 4519).
pub const DOMAIN_COMPONENT: &[u8] = &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25];
/// userId (RFC 4519).
pub const USER_ID: &[u8] = &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attribute_types_are_sorted_unique_and_documented() {
        let names: Vec<_> = ATTRIBUTE_TYPES.iter().map(|row| row.short_name).collect();
        assert!(names.is_sorted());
        for row in ATTRIBUTE_TYPES {
            assert!(!row.meaning.is_empty(), "{}", row.short_name);
            let oid = Oid::from_short_name(row.short_name).unwrap();
            assert_eq!(oid.short_name(), Some(row.short_name), "two rows share {oid}");
        }
    }

    #[test]
    fn dotted_text_reads_back() {
        for text in [
            "2.5.4.3",
            "1.3.6.1.4.1.99999.1",
            "0.9.2342.19200300.100.1.1",
            "2.999.18446744073709551615",
            "2.0",
        ] {
            assert_eq!(text.parse::<Oid>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "1",
            "1.",
            "3.1",
            "1.40",
            "1.02",
            "2.-1",
            "1.2.18446744073709551616",
        ] {
            assert_eq!(text.parse::<Oid>(), Err(OidError), "{text}");
        }
    }

    #[test]
    fn padded_or_cut_arcs_are_refused() {
        for content in [&[][..], &[0x80, 1], &[0x55, 0x84], &[0x55, 0x80, 3], &[0xff; 12]] {
            assert_eq!(Oid::from_content(content), Err(OidError));
        }
    }
}
