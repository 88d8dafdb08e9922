//! OpenSSL 3's `X509_NAME_oneline`: the encoding's order, `/` before a relative name, `+` before a further attribute of
//! the same set. Bytes are printed as they are in the encoding, so a BMPString shows as `\x00a`.
//!
//! A backslash in a value is not escaped, which makes two kinds of text ambiguous: `\x0A` is a line feed or those four
//! characters, and `\/CN=b` is part of a value or the end of one in a backslash and a new relative name.

use super::openssl;
use super::slash::{attribute_type, type_prefix, type_text};
use super::{DnError, DnStyle, Doubt};
use crate::certificate::{Attribute, Name, Rdn, StringType};
use crate::encoding::hexadecimal;

pub(super) fn print(name: &Name) -> Vec<u8> {
    let mut text = Vec::new();
    for rdn in &name.rdns {
        for (position, attribute) in rdn.attributes.iter().enumerate() {
            text.push(if position == 0 { b'/' } else { b'+' });
            text.extend_from_slice(type_text(attribute).as_bytes());
            text.push(b'=');
            for byte in openssl::kept_octets(attribute).iter() {
                match byte {
                    b'/' | b'+' => text.extend([b'\\', *byte]),
                    b' '..=b'~' => text.push(*byte),
                    other => {
                        text.extend(b"\\x");
                        text.extend(hexadecimal::upper_digits(*other));
                    }
                }
            }
        }
    }
    text
}

pub(super) fn parse(text: &[u8]) -> Result<(Name, Option<Doubt>), DnError> {
    let malformed = || DnError::Malformed(DnStyle::OpensslOneline);
    let mut name = Name::default();
    let mut doubt = None;
    let mut rest = text;
    while let Some((separator, after)) = rest.split_first() {
        let (word, after) = type_prefix(after).ok_or_else(malformed)?;
        let oid = attribute_type(word).ok_or_else(|| DnError::UnknownType(word.to_owned()))?;
        let (raw, value_doubt, after) = value(after);
        doubt = doubt.or(value_doubt);
        rest = after;
        let attribute = Attribute {
            oid,
            string_type: StringType::Utf8,
            raw,
        };
        match (separator, name.rdns.last_mut()) {
            (b'/', _) => name.rdns.push(Rdn {
                attributes: vec![attribute],
            }),
            (b'+', Some(rdn)) => rdn.attributes.push(attribute),
            _ => return Err(malformed()),
        }
    }
    Ok((name, doubt))
}

/// Takes a value up to the next separator that is not escaped.
fn value(text: &[u8]) -> (Vec<u8>, Option<Doubt>, &[u8]) {
    let mut raw = Vec::new();
    let mut doubt = None;
    let mut rest = text;
    while let Some((first, after)) = rest.split_first() {
        match (*first, after) {
            (b'/' | b'+', _) => break,
            (b'\\', [separator @ (b'/' | b'+'), after @ ..]) => {
                if type_prefix(after).is_some() {
                    doubt = Some(Doubt::Separator);
                }
                raw.push(*separator);
                rest = after;
            }
            (b'\\', [b'x', high, low, far @ ..]) => match hexadecimal::byte(*high, *low) {
                Some(byte) if is_escaped(byte) && hexadecimal::upper_digits(byte) == [*high, *low] => {
                    doubt = doubt.or(Some(Doubt::Escape));
                    raw.push(byte);
                    rest = far;
                }
                _ => {
                    raw.push(b'\\');
                    rest = after;
                }
            },
            (byte, _) => {
                raw.push(byte);
                rest = after;
            }
        }
    }
    (raw, doubt, rest)
}

fn is_escaped(byte: u8) -> bool {
    !(b' '..=b'~').contains(&byte)
}
