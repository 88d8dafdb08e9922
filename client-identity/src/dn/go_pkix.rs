//! Go's `pkix.Name.String` (crypto/x509/pkix), hence Caddy's `subject` and `issuer` placeholders.
//!
//! Go sorts the attributes that it knows into fields and prints the fields in a fixed order, values of one field joined
//! with `+`; of several common names or serial numbers only the last is kept, and an empty one is left out. What it does
//! not know comes last, as `OID=#` and lower-case DER. So no text of this style names one client without doubt: a name
//! with a further common name prints the same.

use super::escaped::{self, Blanks, Value};
use super::{DnError, DnStyle, Doubt};
use crate::certificate::oid::{
    COMMON_NAME, COUNTRY, LOCALITY, ORGANIZATION, ORGANIZATIONAL_UNIT, Oid, POSTAL_CODE, SERIAL_NUMBER,
    STATE, STREET,
};
use crate::certificate::{Attribute, Name, Rdn, StringType};
use crate::der;
use crate::encoding::hexadecimal;

/// The fields in the order in which they are printed, with Go's names.
const FIELDS: [(&[u8], &str); 9] = [
    (SERIAL_NUMBER, "SERIALNUMBER"),
    (COMMON_NAME, "CN"),
    (ORGANIZATIONAL_UNIT, "OU"),
    (ORGANIZATION, "O"),
    (POSTAL_CODE, "POSTALCODE"),
    (STREET, "STREET"),
    (LOCALITY, "L"),
    (STATE, "ST"),
    (COUNTRY, "C"),
];

/// Whether Go parses a certificate with such an attribute at all (`parseASN1String` in crypto/x509/parser.go).
pub(super) fn is_readable(attribute: &Attribute) -> bool {
    let all = |is_legal: fn(&u8) -> bool| attribute.raw.iter().all(is_legal);
    match attribute.string_type {
        StringType::Bmp | StringType::Ia5 | StringType::T61 | StringType::Utf8 => attribute.text().is_some(),
        StringType::Numeric => all(|byte| byte.is_ascii_digit() || *byte == b' '),
        // `*` and `&` are let in, because certificates have them.
        StringType::Printable => all(|byte| byte.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(byte)),
        StringType::General | StringType::Other(_) | StringType::Universal | StringType::Visible => false,
    }
}

/// The value as Go holds it.
pub(super) fn go_string(attribute: &Attribute) -> String {
    attribute
        .text()
        .unwrap_or_else(|| String::from_utf8_lossy(&attribute.raw).into_owned())
}

/// The values that Go keeps of a field: all, or only the last of a single-valued one.
pub(super) fn field(name: &Name, content: &[u8]) -> Vec<String> {
    let mut values = name
        .attributes()
        .filter(|attribute| attribute.oid.content() == content)
        .map(go_string);
    if content == COMMON_NAME || content == SERIAL_NUMBER {
        values
            .next_back()
            .filter(|value| !value.is_empty())
            .into_iter()
            .collect()
    } else {
        values.collect()
    }
}

pub(super) fn print(name: &Name) -> Vec<u8> {
    let mut rdns: Vec<String> = Vec::new();
    for (content, word) in FIELDS {
        let values = field(name, content);
        if !values.is_empty() {
            let pairs: Vec<String> = values
                .iter()
                .map(|value| format!("{word}={}", escape(value)))
                .collect();
            rdns.push(pairs.join("+"));
        }
    }
    let others = name.attributes().filter(|attribute| {
        FIELDS
            .iter()
            .all(|(content, _)| attribute.oid.content() != *content)
    });
    for attribute in others.rev() {
        rdns.push(format!(
            "{}=#{}",
            attribute.oid,
            hexadecimal::lower(&marshal(&go_string(attribute)))
        ));
    }
    rdns.join(",").into_bytes()
}

fn escape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for (position, character) in value.char_indices() {
        let is_special = match character {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => true,
            ' ' => position == 0 || position + 1 == value.len(),
            '#' => position == 0,
            _ => false,
        };
        if is_special {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

/// Go's `asn1.Marshal` of a string: a PrintableString if it can be one, without `*` and `&`, else a UTF8String.
fn marshal(value: &str) -> Vec<u8> {
    let is_printable = value
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte));
    let string_type = if is_printable {
        StringType::Printable
    } else {
        StringType::Utf8
    };
    let mut out = Vec::new();
    der::write(&mut out, string_type.identifier(), value.as_bytes());
    out
}

pub(super) fn parse(text: &[u8]) -> Result<(Name, Option<Doubt>), DnError> {
    let malformed = || DnError::Malformed(DnStyle::GoPkix);
    let mut rdns = Vec::new();
    for entry in escaped::entries(text, Blanks::Kept)
        .ok_or_else(malformed)?
        .into_iter()
        .rev()
    {
        let attribute = match entry.value {
            Value::Text(raw) => {
                let row = FIELDS.iter().find(|(_, word)| *word == entry.name);
                let (content, _) = row.ok_or_else(|| DnError::UnknownType(entry.name.to_owned()))?;
                Attribute {
                    oid: Oid::known(content),
                    string_type: StringType::Utf8,
                    raw,
                }
            }
            Value::Der(identifier, raw) => Attribute {
                oid: entry
                    .name
                    .parse()
                    .map_err(|_| DnError::UnknownType(entry.name.to_owned()))?,
                string_type: StringType::from_identifier(identifier),
                raw,
            },
        };
        if attribute.text().is_none() {
            return Err(malformed());
        }
        rdns.push(Rdn {
            attributes: vec![attribute],
        });
    }
    // Values of one field are printed in order while the fields are printed last to first: turn each run back.
    for run in rdns.chunk_by_mut(is_same_field) {
        run.reverse();
    }
    Ok((Name { rdns }, Some(Doubt::Loss)))
}

fn is_same_field(first: &Rdn, second: &Rdn) -> bool {
    let content = |rdn: &Rdn| rdn.attributes.first().map(|attribute| attribute.oid.clone());
    let (first, second) = (content(first), content(second));
    first == second && first.is_some_and(|oid| FIELDS.iter().any(|(content, _)| oid.content() == *content))
}
