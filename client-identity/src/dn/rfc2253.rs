//! OpenSSL's `X509_NAME_print_ex` with `XN_FLAG_RFC2253` (RFC 2253, section 2, with OpenSSL's habits).
//!
//! The last relative name comes first, and so does the last attribute of a set. Attribute types that OpenSSL does not
//! know are dotted, their values `#` and upper-case DER. Strings are turned into UTF-8. Verified on nginx 1.22 and
//! 1.31, Envoy 1.40, HAProxy 2.6 and Apache 2.4 (`tests/captured`).

use super::escaped::{self, Blanks, Value};
use super::{DnError, DnStyle};
use crate::certificate::{Attribute, Name, Oid, Rdn, StringType};
use crate::encoding::hexadecimal;

/// In what the printers of this family differ.
#[derive(Clone, Copy)]
pub(super) struct Habits {
    /// Whether bytes over 0x7f are written as `\XX`.
    escapes_high_bytes: bool,
    /// Whether a value that is only `#` is escaped. OpenSSL tests the last character as a last one only.
    escapes_lone_hash: bool,
    /// The short name of an attribute type.
    short_name: fn(&Oid) -> Option<&'static str>,
}

impl Habits {
    /// mod_ssl clears `ASN1_STRFLGS_ESC_MSB`.
    pub(super) const APACHE: Self = Self {
        escapes_high_bytes: false,
        ..Self::OPENSSL
    };
    pub(super) const BORINGSSL: Self = Self {
        escapes_high_bytes: true,
        escapes_lone_hash: true,
        short_name: Oid::boringssl_name,
    };
    pub(super) const OPENSSL: Self = Self {
        escapes_high_bytes: true,
        escapes_lone_hash: false,
        short_name: Oid::short_name,
    };
}

/// The bytes that OpenSSL prints for a value before escaping; `None` if it prints DER. A UTF8String is not checked, and
/// one-octet strings are taken for Latin-1 (`tag2nbyte` in crypto/asn1/a_strex.c).
fn printed_bytes(attribute: &Attribute) -> Option<Vec<u8>> {
    match attribute.string_type {
        StringType::Utf8 => Some(attribute.raw.clone()),
        StringType::Bmp | StringType::Universal => Some(
            attribute
                .text()
                .map_or_else(|| attribute.raw.clone(), String::into_bytes),
        ),
        // 23 and 24 are the two kinds of time.
        StringType::Ia5
        | StringType::Numeric
        | StringType::Printable
        | StringType::T61
        | StringType::Visible
        | StringType::Other(23 | 24) => Some(
            attribute
                .raw
                .iter()
                .copied()
                .map(char::from)
                .collect::<String>()
                .into_bytes(),
        ),
        StringType::General | StringType::Other(_) => None,
    }
}

pub(super) fn print(name: &Name, habits: Habits) -> Vec<u8> {
    let mut text = Vec::new();
    for (position, rdn) in name.rdns.iter().rev().enumerate() {
        if position > 0 {
            text.push(b',');
        }
        for (position, attribute) in rdn.attributes.iter().rev().enumerate() {
            if position > 0 {
                text.push(b'+');
            }
            print_attribute(&mut text, attribute, habits);
        }
    }
    text
}

fn print_attribute(text: &mut Vec<u8>, attribute: &Attribute, habits: Habits) {
    let short_name = (habits.short_name)(&attribute.oid);
    match short_name {
        Some(short_name) => text.extend_from_slice(short_name.as_bytes()),
        None => text.extend_from_slice(attribute.oid.to_string().as_bytes()),
    }
    text.push(b'=');
    let Some(bytes) = short_name.and_then(|_| printed_bytes(attribute)) else {
        text.push(b'#');
        text.extend_from_slice(hexadecimal::upper(&attribute.value_der()).as_bytes());
        return;
    };
    let last = bytes.len().saturating_sub(1);
    for (position, byte) in bytes.iter().enumerate() {
        match byte {
            b',' | b'+' | b'"' | b'\\' | b'<' | b'>' | b';' => text.extend([b'\\', *byte]),
            b' ' if position == 0 || position == last => text.extend(b"\\ "),
            b'#' if position == 0 && (position != last || habits.escapes_lone_hash) => text.extend(b"\\#"),
            0x00..0x20 | 0x7f => escape(text, *byte),
            0x80.. if habits.escapes_high_bytes => escape(text, *byte),
            _ => text.push(*byte),
        }
    }
}

fn escape(text: &mut Vec<u8>, byte: u8) {
    text.push(b'\\');
    text.extend(hexadecimal::upper_digits(byte));
}

pub(super) fn parse(text: &[u8], style: DnStyle) -> Result<Name, DnError> {
    let entries = escaped::entries(text, Blanks::Kept).ok_or(DnError::Malformed(style))?;
    let mut rdns: Vec<Rdn> = Vec::new();
    for entry in entries {
        let oid = Oid::from_short_name(entry.name)
            .or_else(|| entry.name.parse().ok())
            .ok_or_else(|| DnError::UnknownType(entry.name.to_owned()))?;
        let attribute = match entry.value {
            Value::Text(raw) => Attribute {
                oid,
                string_type: StringType::Utf8,
                raw,
            },
            Value::Der(identifier, raw) => Attribute {
                oid,
                string_type: StringType::from_identifier(identifier),
                raw,
            },
        };
        match rdns.last_mut() {
            Some(rdn) if entry.is_joined => rdn.attributes.push(attribute),
            _ => rdns.push(Rdn {
                attributes: vec![attribute],
            }),
        }
    }
    for rdn in &mut rdns {
        rdn.attributes.reverse();
    }
    rdns.reverse();
    Ok(Name { rdns })
}
