//! DER by hand: a writer that can be told to lie, and the small reader that an operator's CA file needs.
//!
//! The writer makes canonical DER from its typed functions, and anything at all from [`tlv`] and [`raw_length`]: every
//! byte of a certificate is ours to spoil. It must not judge what it writes; what is wrong with the bytes is the
//! business of the fault that asks for them.

mod reader;
mod time;

pub use reader::{DerError, Reader};
pub use time::{Civil, DAY, MINUTE, YEAR, generalized_time, time, utc_time};

/// Tag of BOOLEAN.
pub const BOOLEAN: u8 = 0x01;
/// Tag of INTEGER.
pub const INTEGER: u8 = 0x02;
/// Tag of BIT STRING.
pub const BIT_STRING: u8 = 0x03;
/// Tag of OCTET STRING.
pub const OCTET_STRING: u8 = 0x04;
/// Tag of NULL.
pub const NULL: u8 = 0x05;
/// Tag of OBJECT IDENTIFIER.
pub const OBJECT_IDENTIFIER: u8 = 0x06;
/// Tag of ENUMERATED.
pub const ENUMERATED: u8 = 0x0a;
/// Tag of UTF8String.
pub const UTF8_STRING: u8 = 0x0c;
/// Tag of PrintableString.
pub const PRINTABLE_STRING: u8 = 0x13;
/// Tag of TeletexString (T61String).
pub const TELETEX_STRING: u8 = 0x14;
/// Tag of IA5String.
pub const IA5_STRING: u8 = 0x16;
/// Tag of UTCTime.
pub const UTC_TIME: u8 = 0x17;
/// Tag of GeneralizedTime.
pub const GENERALIZED_TIME: u8 = 0x18;
/// Tag of UniversalString.
pub const UNIVERSAL_STRING: u8 = 0x1c;
/// Tag of BMPString.
pub const BMP_STRING: u8 = 0x1e;
/// Tag of SEQUENCE (constructed).
pub const SEQUENCE: u8 = 0x30;
/// Tag of SET (constructed).
pub const SET: u8 = 0x31;

/// One element: tag, shortest definite length, content.
#[must_use]
pub fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut element = Vec::with_capacity(content.len() + 6);
    element.push(tag);
    element.extend(length(content.len()));
    element.extend_from_slice(content);
    element
}

/// The shortest definite length octets for `size` (X.690 10.1).
#[must_use]
pub fn length(size: usize) -> Vec<u8> {
    match u8::try_from(size) {
        Ok(short) if short < 0x80 => vec![short],
        _ => {
            let octets: Vec<u8> = size
                .to_be_bytes()
                .into_iter()
                .skip_while(|octet| *octet == 0)
                .collect();
            raw_length(&octets)
        }
    }
}

/// Long-form length octets from the digits given, which need be neither shortest nor true.
#[must_use]
pub fn raw_length(octets: &[u8]) -> Vec<u8> {
    let count = u8::try_from(octets.len().min(126)).unwrap_or(126);
    let mut field = vec![0x80 | count];
    field.extend_from_slice(octets);
    field
}

/// A SEQUENCE of already encoded elements.
#[must_use]
pub fn sequence(elements: &[&[u8]]) -> Vec<u8> {
    tlv(SEQUENCE, &elements.concat())
}

/// A SET OF already encoded elements, in the order given: sorting them is the caller's choice (X.690 11.6).
#[must_use]
pub fn set(elements: &[&[u8]]) -> Vec<u8> {
    tlv(SET, &elements.concat())
}

/// A non-negative INTEGER from big-endian magnitude octets, in the shortest form.
#[must_use]
pub fn unsigned(magnitude: &[u8]) -> Vec<u8> {
    let mut content: Vec<u8> = magnitude
        .iter()
        .copied()
        .skip_while(|octet| *octet == 0)
        .collect();
    if content.first().is_none_or(|first| first & 0x80 != 0) {
        content.insert(0, 0);
    }
    tlv(INTEGER, &content)
}

/// A small non-negative INTEGER.
#[must_use]
pub fn small(value: u64) -> Vec<u8> {
    unsigned(&value.to_be_bytes())
}

/// A BOOLEAN: DER's true is 0xff.
#[must_use]
pub fn boolean(value: bool) -> Vec<u8> {
    tlv(BOOLEAN, &[if value { 0xff } else { 0 }])
}

/// NULL.
#[must_use]
pub fn null() -> Vec<u8> {
    tlv(NULL, &[])
}

/// An OCTET STRING.
#[must_use]
pub fn octets(content: &[u8]) -> Vec<u8> {
    tlv(OCTET_STRING, content)
}

/// A BIT STRING of whole octets.
#[must_use]
pub fn bits(content: &[u8]) -> Vec<u8> {
    let mut with_unused = vec![0];
    with_unused.extend_from_slice(content);
    tlv(BIT_STRING, &with_unused)
}

/// A named-bit BIT STRING (X.690 11.2.2: trailing zero bits removed); bit 0 is the first, most significant one.
#[must_use]
pub fn named_bits(set: &[u8]) -> Vec<u8> {
    let Some(highest) = set.iter().copied().max() else {
        return tlv(BIT_STRING, &[0]);
    };
    let mut content = vec![0u8; usize::from(highest / 8) + 1];
    for bit in set {
        if let Some(octet) = content.get_mut(usize::from(bit / 8)) {
            *octet |= 0x80 >> (bit % 8);
        }
    }
    let mut with_unused = vec![7 - highest % 8];
    with_unused.extend(content);
    tlv(BIT_STRING, &with_unused)
}

/// An OBJECT IDENTIFIER from its arcs. The first two share one octet group (X.690 8.19.4).
#[must_use]
pub fn oid(arcs: &[u64]) -> Vec<u8> {
    let mut content = Vec::new();
    if let [first, second, rest @ ..] = arcs {
        content.extend(base128(first * 40 + second));
        for arc in rest {
            content.extend(base128(*arc));
        }
    }
    tlv(OBJECT_IDENTIFIER, &content)
}

fn base128(value: u64) -> Vec<u8> {
    let mut groups = vec![(value & 0x7f).to_be_bytes()[7]];
    let mut rest = value >> 7;
    while rest > 0 {
        groups.push(0x80 | (rest & 0x7f).to_be_bytes()[7]);
        rest >>= 7;
    }
    groups.reverse();
    groups
}

/// A context-specific constructed element `[number]`, as EXPLICIT tags and IMPLICIT sequences use it.
#[must_use]
pub fn context(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0xa0 | (number & 0x1f), content)
}

/// A context-specific primitive element `[number]`, as IMPLICIT strings use it.
#[must_use]
pub fn context_primitive(number: u8, content: &[u8]) -> Vec<u8> {
    tlv(0x80 | (number & 0x1f), content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_take_the_shortest_form() {
        assert_eq!(length(0x7f), [0x7f]);
        assert_eq!(length(0x80), [0x81, 0x80]);
        assert_eq!(length(0x0100), [0x82, 0x01, 0x00]);
    }

    #[test]
    fn integers_are_positive_and_shortest() {
        assert_eq!(unsigned(&[0, 0, 0x80]), [2, 2, 0, 0x80]);
        assert_eq!(unsigned(&[]), [2, 1, 0]);
        assert_eq!(small(5), [2, 1, 5]);
    }

    #[test]
    fn object_identifiers_pack_the_first_two_arcs() {
        assert_eq!(
            oid(&[1, 2, 840, 113_549]),
            [6, 6, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d]
        );
        assert_eq!(oid(&[2, 5, 29, 15]), [6, 3, 0x55, 0x1d, 0x0f]);
    }

    #[test]
    fn named_bits_drop_trailing_zeros() {
        assert_eq!(named_bits(&[0]), [3, 2, 7, 0x80]);
        assert_eq!(named_bits(&[5, 6]), [3, 2, 1, 0x06]);
        assert_eq!(named_bits(&[]), [3, 1, 0]);
    }
}
