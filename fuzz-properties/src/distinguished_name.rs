//! Names as text, in every style: what is printed reads back as itself, or as doubtful.

use arbitrary::Unstructured;
use client_identity::certificate::{Attribute, Name, Rdn, StringType};
use client_identity::{DnError, DnStyle, Oid};

use crate::effort::linear;
use crate::finding;
use crate::input;

/// A value without its string type: its characters, or its bytes where it has none.
type Meaning = Result<String, Vec<u8>>;

/// A value as the configuration form keeps it.
fn plain(attribute: &Attribute) -> Meaning {
    attribute.text().ok_or_else(|| attribute.raw.clone())
}

/// A value as OpenSSL takes it: every type of one octet a character is Latin-1, legal or not.
fn as_openssl(attribute: &Attribute) -> Meaning {
    match attribute.string_type {
        StringType::General
        | StringType::Ia5
        | StringType::Numeric
        | StringType::Printable
        | StringType::T61
        | StringType::Visible => Ok(attribute.raw.iter().copied().map(char::from).collect()),
        StringType::Bmp | StringType::Other(_) | StringType::Universal | StringType::Utf8 => plain(attribute),
    }
}

/// A name by what its values mean.
fn meanings(name: &Name, of: fn(&Attribute) -> Meaning) -> Vec<Vec<(Oid, Meaning)>> {
    let pairs = |rdn: &Rdn| {
        let pair = |attribute: &Attribute| (attribute.oid.clone(), of(attribute));
        rdn.attributes.iter().map(pair).collect()
    };
    name.rdns.iter().map(pairs).collect()
}

/// The types and bytes of a name's attributes in order: what the slash styles keep. Of a BIT STRING OpenSSL keeps the bits
/// that are used, of a SEQUENCE all of it; what is read of a text has neither type.
fn kept(name: &Name) -> Vec<(Oid, Vec<u8>)> {
    let octets = |attribute: &Attribute| match (attribute.string_type.identifier(), attribute.raw.as_slice())
    {
        (0x03, [unused, bits @ .., last]) => [bits, &[last >> unused.min(&7) << unused.min(&7)]].concat(),
        (0x03, _) => Vec::new(),
        (0x30, _) => attribute.value_der(),
        (_, raw) => raw.to_vec(),
    };
    let pair = |attribute: &Attribute| (attribute.oid.clone(), octets(attribute));
    name.attributes().map(pair).collect()
}

/// Whether `read`, which a text in `style` names for certain, is the `name` that was printed.
#[must_use]
pub fn is_same(style: DnStyle, read: &Name, name: &Name) -> bool {
    match style {
        DnStyle::Rfc2253 | DnStyle::Rfc2253Boringssl | DnStyle::Rfc2253RawUtf8 => {
            meanings(read, as_openssl) == meanings(name, as_openssl)
        }
        // Go sorts attributes into fixed fields; which are there is what it keeps.
        DnStyle::GoPkix | DnStyle::TraefikInfo => {
            let sorted = |name: &Name| {
                let mut pairs: Vec<_> = name
                    .attributes()
                    .map(|attribute| (attribute.oid.clone(), attribute.text()))
                    .collect();
                pairs.sort();
                pairs
            };
            sorted(read) == sorted(name)
        }
        DnStyle::HaproxySlash | DnStyle::OpensslOneline => kept(read) == kept(name),
    }
}

/// Typed input: whatever a style prints parses as the same name, or is said to be ambiguous.
///
/// # Panics
/// Where a text is read as another name, or not at all.
pub fn round_trip(bytes: &[u8]) {
    let Ok(name) = input::name(&mut Unstructured::new(bytes)) else {
        return;
    };
    let again = Name::from_der(&name.to_der());
    assert_eq!(again.as_ref(), Ok(&name), "a name's own DER reads as another");
    names_its_users(&name);
    for style in DnStyle::ALL {
        if style.check(&name).is_err() {
            continue;
        }
        let text = style.print(&name);
        match style.parse(&text) {
            Ok(read) => assert!(
                is_same(style, &read, &name),
                "{style:?}: {} is read as {read:?}, but was printed for {name:?}",
                text.escape_ascii()
            ),
            Err(DnError::Ambiguous { .. }) => assert!(
                !matches!(
                    style,
                    DnStyle::Rfc2253 | DnStyle::Rfc2253Boringssl | DnStyle::Rfc2253RawUtf8
                ),
                "{style:?} escapes everything, yet {} is called ambiguous",
                text.escape_ascii()
            ),
            Err(error) => finding(&format!(
                "{style:?} cannot read its own {}: {error}",
                text.escape_ascii()
            )),
        }
    }
    let text = name.to_rfc4514();
    let read = Name::parse_rfc4514(&text).map(|read| meanings(&read, plain));
    assert_eq!(
        read,
        Ok(meanings(&name, plain)),
        "{text:?} is read as another name"
    );
}

/// All common names, in their order: which of them counts is not for a reader to say.
pub(crate) fn names_its_users(name: &Name) {
    const COMMON_NAME: &[u8] = &[0x55, 4, 3];
    let users = name
        .rdns
        .iter()
        .flat_map(|rdn| &rdn.attributes)
        .filter(|attribute| attribute.oid.content() == COMMON_NAME)
        .filter_map(Attribute::text);
    let users: Vec<String> = users.collect();
    assert_eq!(name.common_names(), users, "other users than {name:?} names");
}

/// Free input, its first byte the style: what parses prints as it came.
///
/// # Panics
/// Where a text is read that its name does not print.
pub fn parse(bytes: &[u8]) {
    let Some((choice, text)) = bytes.split_first() else {
        return;
    };
    let choice = usize::from(*choice) % (DnStyle::ALL.len() + 1);
    let Some(style) = DnStyle::ALL.get(choice).copied() else {
        return configured(text);
    };
    match linear(text.len(), || style.parse(text)) {
        Ok(name) => {
            assert_eq!(
                style.print(&name).escape_ascii().to_string(),
                text.escape_ascii().to_string(),
                "{style:?} prints {name:?} otherwise"
            );
            assert_eq!(
                Name::from_der(&name.to_der()).as_ref(),
                Ok(&name),
                "the name has no DER of its own"
            );
        }
        // Traefik's naive reading may have another order; see `DnStyle::parse`.
        Err(DnError::Ambiguous { naive, .. }) if style != DnStyle::TraefikInfo => assert_eq!(
            style.print(&naive).escape_ascii().to_string(),
            text.escape_ascii().to_string(),
            "{style:?}: the naive reading prints otherwise"
        ),
        Err(_) => {}
    }
}

/// Names in configuration files: what is read and printed reads the same.
fn configured(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    if let Ok(name) = linear(text.len(), || Name::parse_rfc4514(text)) {
        let printed = name.to_rfc4514();
        let again = Name::parse_rfc4514(&printed).map(|again| meanings(&again, plain));
        assert_eq!(
            again,
            Ok(meanings(&name, plain)),
            "{printed:?} is read as another name"
        );
    }
}
