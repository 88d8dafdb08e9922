//! Distinguished names and general names: parsed from the text of a deployment file, or built wrong on purpose.

use std::net::IpAddr;

use thiserror::Error;

use crate::{der, oid};

/// Why the text of a name could not be read.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum NameError {
    /// An attribute has no `=`.
    #[error("`{0}` is not TYPE=value")]
    NoType(String),
    /// The attribute type is not one of this crate.
    #[error(
        "attribute type `{0}` is not known (known: CN, SN, serialNumber, C, L, ST, street, O, OU, title, GN, UID, DC, emailAddress)"
    )]
    UnknownType(String),
    /// A backslash is followed by nothing that RFC 4514 escapes.
    #[error("`{0}` ends in an unfinished escape")]
    Escape(String),
    /// An alternative name has no known kind in front.
    #[error("alternative name `{0}` does not begin with email:, dns:, uri: or ip:")]
    UnknownKind(String),
    /// An `ip:` name is not an address.
    #[error("`{0}` is not an IP address")]
    Address(String),
}

/// One attribute of a name: type, string tag and content octets, which need not fit the tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The attribute type's arcs.
    pub kind: &'static [u64],
    /// The tag of the string type.
    pub tag: u8,
    /// The content octets.
    pub value: Vec<u8>,
}

impl Attribute {
    /// The attribute in the string type that RFC 5280 4.1.2.4 prefers for its type.
    #[must_use]
    pub fn text(kind: &'static [u64], value: &str) -> Self {
        let tag = match kind {
            oid::COUNTRY | oid::SERIAL_NUMBER => der::PRINTABLE_STRING,
            oid::DOMAIN_COMPONENT | oid::EMAIL_ADDRESS => der::IA5_STRING,
            _ => der::UTF8_STRING,
        };
        Self {
            kind,
            tag,
            value: value.as_bytes().to_vec(),
        }
    }

    /// A common name with octets of any kind.
    #[must_use]
    pub fn common_name(tag: u8, value: &[u8]) -> Self {
        Self {
            kind: oid::COMMON_NAME,
            tag,
            value: value.to_vec(),
        }
    }

    fn to_der(&self) -> Vec<u8> {
        der::sequence(&[&der::oid(self.kind), &der::tlv(self.tag, &self.value)])
    }
}

/// A distinguished name: relative names from the root down, the order of the encoding, not of the print.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name(
    /// The relative names, each of one attribute or several.
    pub Vec<Vec<Attribute>>,
);

impl Name {
    /// Reads RFC 4514 text, which prints the last relative name first.
    ///
    /// # Errors
    /// [`NameError`] for unknown attribute types and broken escapes.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let mut relatives = Vec::new();
        for relative in split_unescaped(text, ',') {
            relatives.push(
                split_unescaped(relative, '+')
                    .into_iter()
                    .map(attribute)
                    .collect::<Result<_, _>>()?,
            );
        }
        relatives.reverse();
        Ok(Self(relatives))
    }

    /// The DER.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let relatives: Vec<u8> = self
            .0
            .iter()
            .flat_map(|relative| {
                let mut attributes: Vec<Vec<u8>> = relative.iter().map(Attribute::to_der).collect();
                attributes.sort();
                der::tlv(der::SET, &attributes.concat())
            })
            .collect();
        der::tlv(der::SEQUENCE, &relatives)
    }

    /// The first common name as text.
    #[must_use]
    pub fn common_name(&self) -> Option<String> {
        self.0
            .iter()
            .flatten()
            .find(|attribute| attribute.kind == oid::COMMON_NAME)
            .map(|attribute| String::from_utf8_lossy(&attribute.value).into_owned())
    }

    /// The same name with every common name replaced; appended when it has none.
    #[must_use]
    pub fn with_common_name(mut self, attribute: Attribute) -> Self {
        let mut found = false;
        for old in self
            .0
            .iter_mut()
            .flatten()
            .filter(|old| old.kind == oid::COMMON_NAME)
        {
            *old = attribute.clone();
            found = true;
        }
        if !found {
            self.0.push(vec![attribute]);
        }
        self
    }
}

fn split_unescaped(text: &str, separator: char) -> Vec<&str> {
    let mut escaped = false;
    text.split(|letter| {
        let here = letter == separator && !escaped;
        escaped = letter == '\\' && !escaped;
        here
    })
    .collect()
}

fn attribute(text: &str) -> Result<Attribute, NameError> {
    let (kind, value) = text
        .split_once('=')
        .ok_or_else(|| NameError::NoType(text.to_owned()))?;
    let kind = match kind.trim().to_ascii_uppercase().as_str() {
        "CN" => oid::COMMON_NAME,
        "SN" => oid::SURNAME,
        "SERIALNUMBER" => oid::SERIAL_NUMBER,
        "C" => oid::COUNTRY,
        "L" => oid::LOCALITY,
        "ST" => oid::STATE,
        "STREET" => oid::STREET,
        "O" => oid::ORGANIZATION,
        "OU" => oid::ORGANIZATIONAL_UNIT,
        "TITLE" => oid::TITLE,
        "GN" => oid::GIVEN_NAME,
        "UID" => oid::USER_ID,
        "DC" => oid::DOMAIN_COMPONENT,
        "EMAILADDRESS" | "E" | "EMAIL" => oid::EMAIL_ADDRESS,
        _ => return Err(NameError::UnknownType(kind.trim().to_owned())),
    };
    let unescaped = unescape(value.trim_start())?;
    let mut attribute = Attribute::text(kind, "");
    attribute.value = unescaped;
    Ok(attribute)
}

fn unescape(text: &str) -> Result<Vec<u8>, NameError> {
    let unfinished = || NameError::Escape(text.to_owned());
    let mut value = Vec::new();
    let mut octets = text.bytes();
    while let Some(octet) = octets.next() {
        if octet != b'\\' {
            value.push(octet);
            continue;
        }
        let first = octets.next().ok_or_else(unfinished)?;
        match char::from(first).to_digit(16) {
            Some(high) => {
                let low = octets
                    .next()
                    .and_then(|low| char::from(low).to_digit(16))
                    .ok_or_else(unfinished)?;
                value.push(u8::try_from(high * 16 + low).map_err(|_| unfinished())?);
            }
            None => value.push(first),
        }
    }
    Ok(value)
}

/// One entry of a subjectAltName.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GeneralName {
    /// rfc822Name.
    Email(Vec<u8>),
    /// dNSName.
    Dns(Vec<u8>),
    /// uniformResourceIdentifier.
    Uri(Vec<u8>),
    /// iPAddress: 4 or 16 octets, 8 or 32 in a constraint.
    Ip(Vec<u8>),
    /// directoryName.
    Directory(Name),
    /// otherName: type and its encoded value.
    Other(&'static [u64], Vec<u8>),
}

impl GeneralName {
    /// Reads `email:..`, `dns:..`, `uri:..` or `ip:..`.
    ///
    /// # Errors
    /// [`NameError`] for another kind or a bad address.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let (kind, value) = text
            .split_once(':')
            .ok_or_else(|| NameError::UnknownKind(text.to_owned()))?;
        match kind.to_ascii_lowercase().as_str() {
            "email" => Ok(Self::Email(value.as_bytes().to_vec())),
            "dns" => Ok(Self::Dns(value.as_bytes().to_vec())),
            "uri" => Ok(Self::Uri(value.as_bytes().to_vec())),
            "ip" => value
                .parse()
                .map(Self::address)
                .map_err(|_| NameError::Address(value.to_owned())),
            _ => Err(NameError::UnknownKind(text.to_owned())),
        }
    }

    /// An iPAddress.
    #[must_use]
    pub fn address(address: IpAddr) -> Self {
        Self::Ip(match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        })
    }

    /// A server's name: an iPAddress if it reads as one, else a dNSName.
    #[must_use]
    pub fn server(name: &str) -> Self {
        name.parse()
            .map_or_else(|_| Self::Dns(name.as_bytes().to_vec()), Self::address)
    }

    /// The DER.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        match self {
            Self::Email(text) => der::context_primitive(1, text),
            Self::Dns(text) => der::context_primitive(2, text),
            Self::Uri(text) => der::context_primitive(6, text),
            Self::Ip(octets) => der::context_primitive(7, octets),
            Self::Directory(name) => der::context(4, &name.to_der()),
            Self::Other(kind, value) => der::context(0, &[der::oid(kind), der::context(0, value)].concat()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_order_is_turned_round() {
        let name = Name::parse("CN=alice,OU=people,O=Example,C=NL").unwrap();
        assert_eq!(
            name.0.first().unwrap().first().unwrap(),
            &Attribute::text(oid::COUNTRY, "NL")
        );
        assert_eq!(name.common_name().as_deref(), Some("alice"));
    }

    #[test]
    fn escapes_and_multiple_values_are_read() {
        let name = Name::parse(r"CN=a\,b\2b\00+UID=x,O=y").unwrap();
        assert_eq!(name.0[1][0].value, b"a,b+\0");
        assert_eq!(name.0[1][1], Attribute::text(oid::USER_ID, "x"));
        assert_eq!(Name::parse("CN=a\\"), Err(NameError::Escape("a\\".to_owned())));
        assert_eq!(Name::parse("XY=a"), Err(NameError::UnknownType("XY".to_owned())));
    }
}
