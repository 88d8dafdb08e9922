//! Traefik's `passTLSClientCert` info: `C=AU,O=Acme,CN=alice` in a fixed order, nothing escaped
//! (pkg/middlewares/passtlsclientcert in traefik/traefik; verified on 3.7).
//!
//! O=`Evil,CN=admin` prints as an organisation and a common name of its own. Attributes outside the list are left out,
//! and of several common names only the last is printed, so no text names one client without doubt.

use super::go_pkix::{field, go_string};
use super::{DnError, DnStyle, Doubt};
use crate::certificate::oid::{
    COMMON_NAME, COUNTRY, DOMAIN_COMPONENT, LOCALITY, ORGANIZATION, ORGANIZATIONAL_UNIT, Oid, SERIAL_NUMBER,
    STATE,
};
use crate::certificate::{Attribute, Name, Rdn, StringType};

/// The attributes in the order in which they are printed. `SN` is the serial number here, the surname elsewhere.
const FIELDS: [(&[u8], &str); 8] = [
    (DOMAIN_COMPONENT, "DC"),
    (COUNTRY, "C"),
    (STATE, "ST"),
    (LOCALITY, "L"),
    (ORGANIZATION, "O"),
    (ORGANIZATIONAL_UNIT, "OU"),
    (SERIAL_NUMBER, "SN"),
    (COMMON_NAME, "CN"),
];

pub(super) fn print(name: &Name) -> Vec<u8> {
    let mut text = String::new();
    for (content, word) in FIELDS {
        let values = if content == DOMAIN_COMPONENT {
            name.attributes()
                .filter(|attribute| attribute.oid.content() == content)
                .map(go_string)
                .collect()
        } else {
            field(name, content)
                .into_iter()
                .filter(|value| !value.is_empty())
                .collect::<Vec<_>>()
        };
        for value in values {
            text.push_str(word);
            text.push('=');
            text.push_str(&value);
            text.push(',');
        }
    }
    text.pop();
    text.into_bytes()
}

pub(super) fn parse(text: &[u8]) -> Result<(Name, Option<Doubt>), DnError> {
    let malformed = || DnError::Malformed(DnStyle::TraefikInfo);
    let text = std::str::from_utf8(text).map_err(|_| malformed())?;
    let mut name = Name::default();
    for piece in text.split(',').filter(|_| !text.is_empty()) {
        let pair = piece.split_once('=');
        let row =
            pair.and_then(|(word, value)| Some((FIELDS.iter().find(|(_, known)| *known == word)?, value)));
        match (
            row,
            name.rdns.last_mut().and_then(|rdn| rdn.attributes.last_mut()),
        ) {
            (Some(((content, _), value)), _) => {
                let attribute = Attribute::utf8(Oid::known(content), value);
                name.rdns.push(Rdn {
                    attributes: vec![attribute],
                });
            }
            (None, Some(attribute)) => {
                attribute.string_type = StringType::Utf8;
                attribute.raw.push(b',');
                attribute.raw.extend_from_slice(piece.as_bytes());
            }
            (None, None) => return Err(malformed()),
        }
    }
    let doubt = if name.rdns.len() > 1 {
        Doubt::Separator
    } else {
        Doubt::Loss
    };
    Ok((name, Some(doubt)))
}
