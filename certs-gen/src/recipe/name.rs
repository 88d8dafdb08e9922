//! Changes of the names in a certificate.

use std::fmt;

use super::{decode, encode};
use crate::name::{Attribute, GeneralName, Name};
use crate::{der, oid};

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// Every variant.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The word in a recipe.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            fn read(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|variant| variant.word() == word)
            }
        }
    };
}
pub(super) use words;

words! {
    /// What becomes of an attribute.
    Where {
        /// In front of all relative names.
        First = "first",
        /// Behind all relative names.
        Last = "last",
        /// In one relative name with the common name.
        Beside = "beside",
        /// Instead of every attribute of its type; behind all where there is none.
        Replace = "replace",
    }
}

words! {
    /// An attribute type.
    NameKind {
        /// commonName.
        CommonName = "cn",
        /// organizationName.
        Organization = "o",
        /// organizationalUnitName.
        OrganizationalUnit = "ou",
        /// userId.
        UserId = "uid",
        /// emailAddress.
        Email = "email",
        /// domainComponent.
        DomainComponent = "dc",
    }
}

words! {
    /// A string type.
    StringKind {
        /// UTF8String.
        Utf8 = "utf8",
        /// PrintableString, whatever the octets are.
        Printable = "printable",
        /// IA5String.
        Ia5 = "ia5",
        /// TeletexString.
        Teletex = "t61",
        /// BMPString: the text in UTF-16.
        Bmp = "bmp",
        /// UniversalString: the text in UTF-32.
        Universal = "universal",
    }
}

words! {
    /// A kind of alternative name.
    SanKind {
        /// rfc822Name.
        Email = "email",
        /// dNSName.
        Dns = "dns",
        /// uniformResourceIdentifier.
        Uri = "uri",
    }
}

/// One change of the subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameEdit {
    /// Where the attribute goes.
    pub place: Where,
    /// Its type.
    pub kind: NameKind,
    /// Its string type.
    pub string: StringKind,
    /// Its text; octets that are not UTF-8 stay as they are where the string type has one octet a letter.
    pub text: Vec<u8>,
}

/// One more alternative name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SanEdit {
    /// Its kind.
    pub kind: SanKind,
    /// Its text.
    pub text: Vec<u8>,
}

impl fmt::Display for NameEdit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = encode(&self.text);
        let (place, kind, string) = (self.place.word(), self.kind.word(), self.string.word());
        write!(formatter, "{place}/{kind}/{string}/{text}")
    }
}

impl fmt::Display for SanEdit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.kind.word(), encode(&self.text))
    }
}

impl NameEdit {
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut words = text.splitn(4, '/');
        Some(Self {
            place: Where::read(words.next()?)?,
            kind: NameKind::read(words.next()?)?,
            string: StringKind::read(words.next()?)?,
            text: decode(words.next()?).ok()?,
        })
    }

    fn attribute(&self) -> Attribute {
        let kind = match self.kind {
            NameKind::CommonName => oid::COMMON_NAME,
            NameKind::Organization => oid::ORGANIZATION,
            NameKind::OrganizationalUnit => oid::ORGANIZATIONAL_UNIT,
            NameKind::UserId => oid::USER_ID,
            NameKind::Email => oid::EMAIL_ADDRESS,
            NameKind::DomainComponent => oid::DOMAIN_COMPONENT,
        };
        let letters = || String::from_utf8_lossy(&self.text).into_owned();
        let (tag, value) = match self.string {
            StringKind::Utf8 => (der::UTF8_STRING, self.text.clone()),
            StringKind::Printable => (der::PRINTABLE_STRING, self.text.clone()),
            StringKind::Ia5 => (der::IA5_STRING, self.text.clone()),
            StringKind::Teletex => (der::TELETEX_STRING, self.text.clone()),
            StringKind::Bmp => {
                let units = letters().encode_utf16().flat_map(u16::to_be_bytes).collect();
                (der::BMP_STRING, units)
            }
            StringKind::Universal => {
                let letters = letters();
                let units = letters.chars().flat_map(|letter| u32::from(letter).to_be_bytes());
                (der::UNIVERSAL_STRING, units.collect())
            }
        };
        Attribute { kind, tag, value }
    }
}

impl SanEdit {
    pub(super) fn read(text: &str) -> Option<Self> {
        let (kind, text) = text.split_once('/')?;
        Some(Self {
            kind: SanKind::read(kind)?,
            text: decode(text).ok()?,
        })
    }
}

/// The subject with all changes, DER.
pub(super) fn subject(honest: &Name, edits: &[NameEdit]) -> Vec<u8> {
    let mut name = honest.clone();
    for edit in edits {
        let attribute = edit.attribute();
        match edit.place {
            Where::First => name.0.insert(0, vec![attribute]),
            Where::Last => name.0.push(vec![attribute]),
            Where::Beside => {
                let relative = name
                    .0
                    .iter_mut()
                    .find(|relative| relative.iter().any(|own| own.kind == oid::COMMON_NAME));
                match relative {
                    Some(relative) => relative.push(attribute),
                    None => name.0.push(vec![attribute]),
                }
            }
            Where::Replace => {
                let mut found = false;
                let all = name.0.iter_mut().flatten();
                for own in all.filter(|own| own.kind == attribute.kind) {
                    *own = attribute.clone();
                    found = true;
                }
                if !found {
                    name.0.push(vec![attribute]);
                }
            }
        }
    }
    name.to_der()
}

/// The honest alternative names and the further ones, each DER.
pub(super) fn alternative_names(honest: &[GeneralName], edits: &[SanEdit]) -> Vec<Vec<u8>> {
    let more = edits.iter().map(|edit| {
        let text = edit.text.clone();
        match edit.kind {
            SanKind::Email => GeneralName::Email(text),
            SanKind::Dns => GeneralName::Dns(text),
            SanKind::Uri => GeneralName::Uri(text),
        }
    });
    honest
        .iter()
        .cloned()
        .chain(more)
        .map(|name| name.to_der())
        .collect()
}
