//! What OpenSSL and BoringSSL make of an attribute when they read a certificate, before any style prints it.
//!
//! Reading fails for string types outside `B_ASN1_PRINTABLE` (crypto/x509/x_name.c, crypto/asn1/tasn_typ.c), and for strings
//! whose bytes are no characters, because a canonical form is made at once (`asn1_string_canon`). Seen on OpenSSL 3.0:
//! `tests/captured`, cases `visible-string`, `general-string`, `bmp-surrogates`, `cn-invalid-utf8`.

use std::borrow::Cow;

use crate::certificate::{Attribute, StringType};

/// Identifier octet of a BIT STRING.
const BIT_STRING: u8 = 3;

/// Whether a certificate with this attribute can be read.
pub(super) fn is_readable(attribute: &Attribute) -> bool {
    match attribute.string_type {
        StringType::Bmp | StringType::Universal | StringType::Utf8 => attribute.text().is_some(),
        // One octet a character: Latin-1.
        StringType::Ia5 | StringType::Numeric | StringType::Printable | StringType::T61 => true,
        StringType::General | StringType::Visible => false,
        // BIT STRING and SEQUENCE, and the universal tags that OpenSSL has no name for (`tag2bit`).
        StringType::Other(BIT_STRING) => matches!(attribute.raw.as_slice(), [0] | [0..=7, _, ..]),
        StringType::Other(identifier) => matches!(identifier, 0x30 | 7..=11 | 13..=15 | 29 | 31),
    }
}

/// The octets that OpenSSL keeps of a value: a BIT STRING loses the count of its unused bits, and those bits.
pub(super) fn kept_octets(attribute: &Attribute) -> Cow<'_, [u8]> {
    match (attribute.string_type, attribute.raw.as_slice()) {
        (StringType::Other(BIT_STRING), [unused, bits @ ..]) => {
            let mut bits = bits.to_vec();
            if let Some(last) = bits.last_mut() {
                *last &= 0xff_u8.checked_shl(u32::from(*unused)).unwrap_or(0);
            }
            Cow::Owned(bits)
        }
        (_, raw) => Cow::Borrowed(raw),
    }
}
