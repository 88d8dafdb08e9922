//! HAProxy's `ssl_c_s_dn` without arguments: the encoding's order, `/TYPE=` before every attribute, nothing escaped.
//!
//! A value may hold `/CN=admin`, and a set looks like several relative names, so a text with more than one `/TYPE=` in
//! it is always ambiguous. Control characters but tab are percent-encoded on their way into a header while a percent
//! sign is not, so `%0A` is ambiguous too. Verified on HAProxy 2.6.

use super::openssl;
use super::slash::{attribute_type, type_prefix, type_text};
use super::{DnError, DnStyle, Doubt};
use crate::certificate::{Attribute, Name, Rdn, StringType};
use crate::encoding::hexadecimal;

pub(super) fn print(name: &Name) -> Vec<u8> {
    let mut text = Vec::new();
    for attribute in name.attributes() {
        text.push(b'/');
        text.extend_from_slice(type_text(attribute).as_bytes());
        text.push(b'=');
        for byte in openssl::kept_octets(attribute).iter() {
            if is_encoded(*byte) {
                text.push(b'%');
                text.extend(hexadecimal::upper_digits(*byte));
            } else {
                text.push(*byte);
            }
        }
    }
    text
}

pub(super) fn parse(text: &[u8]) -> Result<(Name, Option<Doubt>), DnError> {
    let mut name = Name::default();
    let mut doubt = None;
    let mut rest = text;
    while !rest.is_empty() {
        let after = rest.strip_prefix(b"/").and_then(type_prefix);
        let Some((word, after)) = after else {
            return Err(DnError::Malformed(DnStyle::HaproxySlash));
        };
        let oid = attribute_type(word).ok_or_else(|| DnError::UnknownType(word.to_owned()))?;
        let mut raw = Vec::new();
        rest = after;
        while let Some((first, after)) = rest.split_first() {
            match (*first, after) {
                (b'/', _) if type_prefix(after).is_some() => {
                    doubt = Some(Doubt::Separator);
                    // A word that we know ends the value; another stays in it.
                    if type_prefix(after)
                        .and_then(|(word, _)| attribute_type(word))
                        .is_some()
                    {
                        break;
                    }
                    raw.push(b'/');
                    rest = after;
                }
                (b'%', [high, low, far @ ..]) => match hexadecimal::byte(*high, *low) {
                    Some(byte) if is_encoded(byte) && hexadecimal::upper_digits(byte) == [*high, *low] => {
                        doubt = doubt.or(Some(Doubt::Escape));
                        raw.push(byte);
                        rest = far;
                    }
                    _ => {
                        raw.push(b'%');
                        rest = after;
                    }
                },
                (byte, _) => {
                    raw.push(byte);
                    rest = after;
                }
            }
        }
        let attribute = Attribute {
            oid,
            string_type: StringType::Utf8,
            raw,
        };
        name.rdns.push(Rdn {
            attributes: vec![attribute],
        });
    }
    Ok((name, doubt))
}

fn is_encoded(byte: u8) -> bool {
    byte.is_ascii_control() && byte != b'\t'
}
