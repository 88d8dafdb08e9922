//! Distinguished names: relative names in the order of the encoding, each a set of attributes with their exact bytes.

use super::CertificateError;
use super::oid::{self, Oid};
use crate::der;
use crate::dn::{self, DnError};

/// The longest accepted name, in DER octets. The longest that a proxy forwards fits well below.
pub const MAX_NAME: usize = 256 * 1024;
/// The most attributes that a name may have.
pub const MAX_ATTRIBUTES: usize = 4096;

/// A distinguished name (X.501).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Name {
    /// The relative names in the order of the encoding: usually the country first and the common name last.
    pub rdns: Vec<Rdn>,
}

/// A relative distinguished name: a set, nearly always of one attribute.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Rdn {
    /// The attributes in the order of the encoding; at least one.
    pub attributes: Vec<Attribute>,
}

/// One attribute of a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Attribute {
    /// The attribute type.
    pub oid: Oid,
    /// How the value is encoded.
    pub string_type: StringType,
    /// The content octets of the value, as they are in the certificate.
    pub raw: Vec<u8>,
}

/// The encoding of an attribute's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StringType {
    /// BMPString: two octets a character.
    Bmp,
    /// GeneralString.
    General,
    /// IA5String: ASCII.
    Ia5,
    /// NumericString: digits and space.
    Numeric,
    /// PrintableString: letters, digits and a few signs.
    Printable,
    /// T61String, in practice Latin-1.
    T61,
    /// UniversalString: four octets a character.
    Universal,
    /// UTF8String.
    Utf8,
    /// VisibleString: printable ASCII.
    Visible,
    /// Not a string: the identifier octet of whatever is there (tag numbers up to 30).
    Other(u8),
}

impl StringType {
    /// The type with this DER identifier octet.
    #[must_use]
    pub fn from_identifier(identifier: u8) -> Self {
        match identifier {
            12 => Self::Utf8,
            18 => Self::Numeric,
            19 => Self::Printable,
            20 => Self::T61,
            22 => Self::Ia5,
            26 => Self::Visible,
            27 => Self::General,
            28 => Self::Universal,
            30 => Self::Bmp,
            other => Self::Other(other),
        }
    }

    /// The DER identifier octet.
    #[must_use]
    pub fn identifier(self) -> u8 {
        match self {
            Self::Utf8 => 12,
            Self::Numeric => 18,
            Self::Printable => 19,
            Self::T61 => 20,
            Self::Ia5 => 22,
            Self::Visible => 26,
            Self::General => 27,
            Self::Universal => 28,
            Self::Bmp => 30,
            Self::Other(identifier) => identifier,
        }
    }
}

impl Attribute {
    /// An attribute with a UTF8String value.
    #[must_use]
    pub fn utf8(oid: Oid, text: &str) -> Self {
        Self {
            oid,
            string_type: StringType::Utf8,
            raw: text.as_bytes().to_vec(),
        }
    }

    /// The characters of the value; `None` if it is no string, or its bytes are not legal for its type. T61String is
    /// read as Latin-1, as all TLS libraries do; surrogates in a BMPString are not characters.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self.string_type {
            StringType::Utf8 => String::from_utf8(self.raw.clone()).ok(),
            StringType::Ia5
            | StringType::Numeric
            | StringType::Printable
            | StringType::Visible
            | StringType::General => self
                .raw
                .is_ascii()
                .then(|| self.raw.iter().copied().map(char::from).collect()),
            StringType::T61 => Some(self.raw.iter().copied().map(char::from).collect()),
            StringType::Bmp => wide_text(self.raw.chunks(2), 2),
            StringType::Universal => wide_text(self.raw.chunks(4), 4),
            StringType::Other(_) => None,
        }
    }

    /// The DER of the value: identifier, length, contents.
    #[must_use]
    pub fn value_der(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.raw.len() + 6);
        der::write(&mut out, self.string_type.identifier(), &self.raw);
        out
    }
}

fn wide_text<'a>(characters: impl Iterator<Item = &'a [u8]>, width: usize) -> Option<String> {
    characters
        .map(|octets| {
            let is_whole = octets.len() == width;
            let code = octets
                .iter()
                .fold(0_u32, |sum, octet| sum << 8 | u32::from(*octet));
            is_whole.then(|| char::from_u32(code)).flatten()
        })
        .collect()
}

impl Name {
    /// Reads a DER `Name` (RFC 5280, section 4.1.2.4).
    ///
    /// # Errors
    /// [`CertificateError::Name`] when it is not DER, has an empty set, or exceeds [`MAX_NAME`] or [`MAX_ATTRIBUTES`].
    pub fn from_der(bytes: &[u8]) -> Result<Self, CertificateError> {
        if bytes.len() > MAX_NAME {
            return Err(CertificateError::Name);
        }
        Self::read(bytes).ok_or(CertificateError::Name)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = der::only(bytes, der::SEQUENCE).ok()?;
        let mut name = Self::default();
        let mut count = 0;
        while !rest.is_empty() {
            let (mut set, after) = der::expect(rest, der::SET).ok()?;
            rest = after;
            let mut attributes = Vec::new();
            while !set.is_empty() {
                let (pair, after) = der::expect(set, der::SEQUENCE).ok()?;
                set = after;
                count += 1;
                let (oid, value) = der::expect(pair, der::OBJECT_IDENTIFIER).ok()?;
                let (identifier, raw, end) = der::element(value).ok()?;
                if !end.is_empty() || count > MAX_ATTRIBUTES {
                    return None;
                }
                attributes.push(Attribute {
                    oid: Oid::from_content(oid).ok()?,
                    string_type: StringType::from_identifier(identifier),
                    raw: raw.to_vec(),
                });
            }
            if attributes.is_empty() {
                return None;
            }
            name.rdns.push(Rdn { attributes });
        }
        Some(name)
    }

    /// The DER `Name`, with the attributes of a set in the order that they have here.
    #[must_use]
    pub fn to_der(&self) -> Vec<u8> {
        let mut rdns = Vec::new();
        for rdn in &self.rdns {
            let mut set = Vec::new();
            for attribute in &rdn.attributes {
                let mut pair = Vec::new();
                der::write(&mut pair, der::OBJECT_IDENTIFIER, attribute.oid.content());
                der::write(&mut pair, attribute.string_type.identifier(), &attribute.raw);
                der::write(&mut set, der::SEQUENCE, &pair);
            }
            der::write(&mut rdns, der::SET, &set);
        }
        let mut out = Vec::new();
        der::write(&mut out, der::SEQUENCE, &rdns);
        out
    }

    /// Reads a name as people write it in configuration files (RFC 4514): `CN=alice,OU=people,O=Example,C=NL` has the
    /// country first in its encoding. Short names in any letter case, dotted identifiers, blanks around separators.
    /// Values become PrintableString for countries and serial numbers, IA5String for mail addresses and domain
    /// components, UTF8String for the rest (RFC 5280, appendix A).
    ///
    /// # Errors
    /// [`DnError`] when it does not follow RFC 4514, or has an attribute type without a known name.
    pub fn parse_rfc4514(text: &str) -> Result<Self, DnError> {
        dn::rfc4514::parse(text)
    }

    /// The name by RFC 4514, that [`Name::parse_rfc4514`] reads back: last relative name first, UTF-8 as it is, control
    /// characters and broken bytes as `\XX`.
    #[must_use]
    pub fn to_rfc4514(&self) -> String {
        dn::rfc4514::print(self)
    }

    /// All attributes in the order of the encoding.
    pub fn attributes(&self) -> impl DoubleEndedIterator<Item = &Attribute> {
        self.rdns.iter().flat_map(|rdn| &rdn.attributes)
    }

    /// The readable common names in the order of the encoding. More than one is legal, and servers disagree on which
    /// counts.
    #[must_use]
    pub fn common_names(&self) -> Vec<String> {
        self.texts(oid::COMMON_NAME)
    }

    /// The readable values of one attribute type (DER content octets of its identifier), in the order of the encoding.
    #[must_use]
    pub fn texts(&self, content: &[u8]) -> Vec<String> {
        self.attributes()
            .filter(|attribute| attribute.oid.content() == content)
            .filter_map(Attribute::text)
            .collect()
    }

    /// Whether there is no relative name at all. Legal for a subject whose identity is in the alternative names.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rdns.is_empty()
    }
}
