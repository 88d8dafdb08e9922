//! What OpenSSL and BoringSSL make of an attribute when they read a certificate, before any style prints it.
//!
//! Reading fails for string types outside `B_ASN1_PRINTABLE` (crypto/x509/x_name.c, crypto/asn1/tasn_typ.c), and for strings
//! whose bytes are no characters, because a canonical form is made at once (`asn1_string_canon`). Seen on OpenSSL 3.0:
//! `tests/captured`, cases `visible-string`, `general-string`, `bmp-surrogates`, `cn-invalid-utf8`.

use std::borrow::Cow;

use crate::certificate::{Attribute, StringType};

/// Identifier octet of a BIT STRING.
const BIT_STRING: u8 = 3;
/// Identifier octet of a SEQUENCE.
const SEQUENCE: u8 = 0x30;

/// Whether a certificate with this attribute can be read.
pub(super) fn is_readable(attribute: &Attribute) -> bool {
    match attribute.string_type {
        StringType::Bmp | StringType::Universal | StringType::Utf8 => attribute.text().is_some(),
        // One octet a character: Latin-1.
        StringType::Ia5 | StringType::Numeric | StringType::Printable | StringType::T61 => true,
        StringType::General | StringType::Visible => false,
        // BIT STRING and SEQUENCE, and the universal tags that OpenSSL has no name for (`tag2bit`).
        StringType::Other(BIT_STRING) => matches!(attribute.raw.as_slice(), [0] | [0..=7, _, ..]),
        StringType::Other(identifier) => matches!(identifier, SEQUENCE | 7..=11 | 13..=15 | 29 | 31),
    }
}

/// The octets that OpenSSL keeps of a value: a BIT STRING loses the count of its unused bits, and those bits; a SEQUENCE is
/// kept as a whole, with its identifier and length (`asn1_d2i_ex_primitive`).
pub(super) fn kept_octets(attribute: &Attribute) -> Cow<'_, [u8]> {
    match (attribute.string_type, attribute.raw.as_slice()) {
        (StringType::Other(BIT_STRING), [unused, bits @ ..]) => {
            let mut bits = bits.to_vec();
            if let Some(last) = bits.last_mut() {
                *last &= 0xff_u8.checked_shl(u32::from(*unused)).unwrap_or(0);
            }
            Cow::Owned(bits)
        }
        (StringType::Other(SEQUENCE), _) => Cow::Owned(attribute.value_der()),
        (_, raw) => Cow::Borrowed(raw),
    }
}

#[cfg(test)]
mod tests {
    use crate::DnStyle;
    use crate::certificate::{Attribute, Name, Oid, Rdn, StringType};

    fn country(string_type: StringType, raw: &[u8]) -> Name {
        let attribute = Attribute {
            oid: Oid::from_content(&[0x55, 4, 6]).unwrap(),
            string_type,
            raw: raw.to_vec(),
        };
        Name {
            rdns: vec![Rdn {
                attributes: vec![attribute],
            }],
        }
    }

    /// As `openssl x509 -nameopt compat` of OpenSSL 3.0 prints them.
    #[test]
    fn values_that_are_no_strings_are_printed_by_the_octets_that_openssl_keeps() {
        let sequence = country(StringType::Other(0x30), &[0x13, 1, b'A']);
        assert_eq!(DnStyle::OpensslOneline.print(&sequence), b"/C=0\\x03\\x13\\x01A");
        assert_eq!(DnStyle::HaproxySlash.print(&sequence), b"/C=0%03%13%01A");
        assert_eq!(DnStyle::Rfc2253.print(&sequence), b"C=#3003130141");
        let bits = country(StringType::Other(3), &[1, b'A']);
        assert_eq!(DnStyle::OpensslOneline.print(&bits), b"/C=@");
    }

    /// OpenSSL joins the segments and prints a text, so that a front with OpenSSL and every reader that holds to DER see
    /// different names. No header is made up for such a certificate, and so none is believed beside it.
    #[test]
    fn a_string_in_constructed_form_is_not_printed() {
        let constructed = country(StringType::Other(0x2c), &[0x0c, 1, b'A']);
        for style in [DnStyle::Rfc2253, DnStyle::OpensslOneline, DnStyle::HaproxySlash] {
            assert!(style.check(&constructed).is_err(), "{style:?}");
        }
    }
}
