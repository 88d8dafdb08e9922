//! RFC 4514 as people write it in configuration files: the one style of our own, so reading is lenient.

use super::escaped::{self, Blanks, Value};
use super::{DnError, DnStyle, MAX_TEXT};
use crate::certificate::oid::{self, ATTRIBUTE_TYPES};
use crate::certificate::{Attribute, Name, Oid, Rdn, StringType};
use crate::encoding::hexadecimal;

pub(crate) fn print(name: &Name) -> String {
    let rdns = name.rdns.iter().rev().map(|rdn| {
        let attributes = rdn.attributes.iter().rev().map(print_attribute);
        attributes.collect::<Vec<_>>().join("+")
    });
    rdns.collect::<Vec<_>>().join(",")
}

fn print_attribute(attribute: &Attribute) -> String {
    // `UID` and `uid` are two types, and people write either in any letter case: the second stays dotted.
    let short_name = attribute.oid.short_name();
    let short_name = short_name.filter(|name| attribute_type(name).as_ref() == Some(&attribute.oid));
    let (Some(short_name), Some(value)) = (short_name, attribute.text()) else {
        return format!(
            "{}=#{}",
            attribute.oid,
            hexadecimal::upper(&attribute.value_der())
        );
    };
    let mut text = format!("{short_name}=");
    let last = value.chars().count().saturating_sub(1);
    for (position, character) in value.chars().enumerate() {
        match character {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => text.extend(['\\', character]),
            ' ' if position == 0 || position == last => text.push_str("\\ "),
            '#' if position == 0 => text.push_str("\\#"),
            control if control.is_ascii_control() => {
                let mut octet = [0];
                control.encode_utf8(&mut octet);
                text.push('\\');
                text.push_str(&hexadecimal::upper(&octet));
            }
            plain => text.push(plain),
        }
    }
    text
}

pub(crate) fn parse(text: &str) -> Result<Name, DnError> {
    if text.len() > MAX_TEXT {
        return Err(DnError::TooLong);
    }
    let malformed = || DnError::Malformed(DnStyle::Rfc2253);
    let entries = escaped::entries(text.as_bytes(), Blanks::Skipped).ok_or_else(malformed)?;
    let mut rdns: Vec<Rdn> = Vec::new();
    for entry in entries {
        let oid = attribute_type(entry.name).ok_or_else(|| DnError::UnknownType(entry.name.to_owned()))?;
        let attribute = match entry.value {
            Value::Text(raw) => {
                if std::str::from_utf8(&raw).is_err() {
                    return Err(malformed());
                }
                let string_type = conventional_type(&oid, &raw);
                Attribute {
                    oid,
                    string_type,
                    raw,
                }
            }
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

fn attribute_type(name: &str) -> Option<Oid> {
    let row = ATTRIBUTE_TYPES
        .iter()
        .find(|row| row.short_name.eq_ignore_ascii_case(name));
    match row {
        Some(row) => Some(Oid::known(row.content)),
        // The spelling of Java and Windows.
        None if name.eq_ignore_ascii_case("E") => Some(Oid::known(oid::EMAIL_ADDRESS)),
        None => name.parse().ok(),
    }
}

/// RFC 5280, appendix A: some types have one legal encoding.
fn conventional_type(oid: &Oid, raw: &[u8]) -> StringType {
    match oid.content() {
        oid::COUNTRY | oid::SERIAL_NUMBER if raw.is_ascii() => StringType::Printable,
        oid::EMAIL_ADDRESS | oid::DOMAIN_COMPONENT if raw.is_ascii() => StringType::Ia5,
        _ => StringType::Utf8,
    }
}
