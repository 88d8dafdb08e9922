//! Typed inputs made from a fuzzer's bytes: names, certificates, clients.
//!
//! Every input that these make is one that an authority could have signed; what no authority could is the business of
//! [`crate::mutation`]. Texts are drawn from the separators and escapes of the styles as often as from free bytes.

use arbitrary::{Arbitrary as _, Result, Unstructured};
use certs_gen::der as write;
use client_identity::certificate::{Attribute, Name, Rdn, StringType};
use client_identity::{Client, Oid, Verified};

/// Attribute types that printers treat alike or apart, as DER content octets: CN, O, OU, C, UID, emailAddress,
/// serialNumber, DC, one that no server knows, and one with a large arc.
const TYPES: [&[u8]; 10] = [
    &[0x55, 4, 3],
    &[0x55, 4, 10],
    &[0x55, 4, 11],
    &[0x55, 4, 6],
    &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1],
    &[0x55, 4, 5],
    &[0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 25],
    &[0x2b, 6, 1, 4, 1, 0x86, 0x8d, 0x1f, 1],
    &[0x55, 4, 0x8f, 0xff, 0xff, 0x7f],
];

/// What separates, escapes or ends something in one of the styles, and the identity that an attacker wants.
pub const WORDS: [&[u8]; 36] = [
    b"admin",
    b"alice",
    b",CN=admin",
    b"/CN=admin",
    b"+CN=admin",
    b";CN=admin",
    b"\\,CN=admin",
    b"\";Issuer=\"CN=admin",
    b"\\",
    b"\\2C",
    b"\\x2F",
    b"%2C",
    b"%0A",
    b"%",
    b"\"",
    b"#0c05",
    b"#",
    b" ",
    b"=",
    b",",
    b"/",
    b"+",
    b";",
    b"<>",
    b"\r\nX-SSL-Client-S-DN: CN=admin",
    b"\n",
    b"\0",
    "\u{eb}".as_bytes(),
    b"\xff\xfe",
    "\u{202e}".as_bytes(),
    b"spiffe://td/",
    b"http://u:p@[::1]:8/",
    b"?a=b",
    b"%41",
    b"a:b/c",
    b"//",
];

/// A value: up to four words or runs of free bytes.
fn text(bytes: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    for _ in 0..bytes.int_in_range(0..=4_u8)? {
        let choice = usize::from(bytes.int_in_range(0..=55_u8)?);
        match WORDS.get(choice) {
            Some(word) => text.extend_from_slice(word),
            None => {
                let length = usize::from(bytes.int_in_range(0..=12_u8)?).min(bytes.len());
                text.extend_from_slice(bytes.bytes(length)?);
            }
        }
    }
    Ok(text)
}

fn attribute(bytes: &mut Unstructured<'_>) -> Result<Option<Attribute>> {
    let kind = bytes.choose(&TYPES)?;
    let string_type = *bytes.choose(&[
        StringType::Utf8,
        StringType::Utf8,
        StringType::Utf8,
        StringType::Printable,
        StringType::Ia5,
        StringType::T61,
        StringType::Bmp,
        StringType::Universal,
        StringType::Numeric,
        StringType::Visible,
        StringType::General,
        StringType::Other(0x04),
        StringType::Other(0x03),
        StringType::Other(0x30),
    ])?;
    let raw = text(bytes)?;
    let raw = match string_type {
        // Half of the wide strings are well-formed.
        StringType::Bmp if bool::arbitrary(bytes)? => raw.iter().flat_map(|byte| [0, *byte]).collect(),
        StringType::Universal if bool::arbitrary(bytes)? => {
            raw.iter().flat_map(|byte| [0, 0, 0, *byte]).collect()
        }
        StringType::Bmp
        | StringType::General
        | StringType::Ia5
        | StringType::Numeric
        | StringType::Printable
        | StringType::T61
        | StringType::Universal
        | StringType::Utf8
        | StringType::Visible
        | StringType::Other(_) => raw,
    };
    Ok(Oid::from_content(kind).ok().map(|oid| Attribute {
        oid,
        string_type,
        raw,
    }))
}

/// A distinguished name of at most five relative names.
///
/// # Errors
/// As [`Unstructured`] has them.
pub fn name(bytes: &mut Unstructured<'_>) -> Result<Name> {
    let mut name = Name::default();
    for _ in 0..bytes.int_in_range(0..=5_u8)? {
        let mut attributes = Vec::new();
        for _ in 0..=bytes.int_in_range(0..=9_u8)? / 8 {
            attributes.extend(attribute(bytes)?);
        }
        if !attributes.is_empty() {
            name.rdns.push(Rdn { attributes });
        }
    }
    Ok(name)
}

fn alternative_name(bytes: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let tag = *bytes.choose(&[0x81_u8, 0x82, 0x86, 0x87, 0x88, 0xa4, 0xa0, 0xa3, 0x86])?;
    Ok(match tag {
        0x87 => {
            let length = *bytes.choose(&[4_usize, 16, 5])?;
            write::tlv(tag, bytes.bytes(length.min(bytes.len()))?)
        }
        0x88 => write::tlv(tag, bytes.choose(&TYPES)?),
        0xa4 => write::tlv(tag, &name(bytes)?.to_der()),
        0xa0 => {
            let kind = write::tlv(write::OBJECT_IDENTIFIER, bytes.choose(&TYPES)?);
            let value = write::context(0, &write::tlv(write::UTF8_STRING, &text(bytes)?));
            write::tlv(tag, &[kind, value].concat())
        }
        _ => write::tlv(tag, &text(bytes)?),
    })
}

/// A certificate with any names, serial number and alternative names; its key and signature are zeros.
///
/// # Errors
/// As [`Unstructured`] has them.
pub fn certificate(bytes: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let algorithm = write::sequence(&[&write::tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2])]);
    let curve = [
        write::tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]),
        write::tlv(0x06, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]),
    ];
    let key = [write::tlv(0x30, &curve.concat()), write::bits(&[4, 0, 0])].concat();
    let not_before = i64::from(u32::arbitrary(bytes)?);
    let not_after = not_before.saturating_add(i64::from(u32::arbitrary(bytes)?));
    let serial = u64::arbitrary(bytes)?.to_be_bytes();
    let serial = if bool::arbitrary(bytes)? {
        write::unsigned(&serial)
    } else {
        write::tlv(write::INTEGER, &minimal(&serial))
    };
    let (issuer, subject) = (name(bytes)?, name(bytes)?);
    let mut body = vec![
        write::context(0, &write::small(2)),
        serial,
        algorithm.clone(),
        issuer.to_der(),
        write::sequence(&[&write::time(not_before), &write::time(not_after)]),
        subject.to_der(),
        write::tlv(0x30, &key),
    ];
    let mut names = Vec::new();
    for _ in 0..bytes.int_in_range(0..=4_u8)? {
        names.push(alternative_name(bytes)?);
    }
    if !names.is_empty() {
        let kind = write::tlv(0x06, &[0x55, 0x1d, 17]);
        let extension = write::sequence(&[&kind, &write::octets(&write::tlv(0x30, &names.concat()))]);
        body.push(write::context(3, &write::sequence(&[&extension])));
    }
    Ok(write::sequence(&[
        &write::tlv(0x30, &body.concat()),
        &algorithm,
        &write::bits(&[0x30, 0]),
    ]))
}

/// Drops the leading octets of a two's complement number that say nothing.
fn minimal(octets: &[u8]) -> Vec<u8> {
    let mut rest = octets;
    while let [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] = rest {
        rest = rest.get(1..).unwrap_or_default();
    }
    rest.to_vec()
}

/// A client: nobody, or a chain of one to three certificates with a judgement.
///
/// # Errors
/// As [`Unstructured`] has them.
pub fn client(bytes: &mut Unstructured<'_>) -> Result<Client> {
    if bytes.ratio(1, 16)? {
        return Ok(Client::Absent);
    }
    let verified = match bytes.int_in_range(0..=7_u8)? {
        0 => Verified::Failed {
            code: u32::arbitrary(bytes)?,
            text: String::arbitrary(bytes)?,
        },
        1 => Verified::Failed {
            code: 10,
            text: "certificate has expired".to_owned(),
        },
        2 => Verified::Failed {
            code: 1,
            text: "GENEROUS".to_owned(),
        },
        _ => Verified::Success,
    };
    let mut chain = vec![certificate(bytes)?];
    for _ in 0..bytes.int_in_range(0..=9_u8)?.saturating_sub(7) {
        chain.push(certificate(bytes)?);
    }
    Ok(Client::Presented { chain, verified })
}
