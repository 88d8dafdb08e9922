//! What the two slash styles share: `/TYPE=value`, the type a short name or dotted.

use crate::certificate::{Attribute, Oid};

/// The text of an attribute type.
pub(super) fn type_text(attribute: &Attribute) -> String {
    attribute
        .oid
        .short_name()
        .map_or_else(|| attribute.oid.to_string(), str::to_owned)
}

/// If `text` starts with something like `TYPE=`: that type and what follows the equals sign. Any word counts, since
/// OpenSSL has more short names than we know.
pub(super) fn type_prefix(text: &[u8]) -> Option<(&str, &[u8])> {
    let end = text
        .iter()
        .position(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'.' | b'-'))?;
    let (word, rest) = text.split_at_checked(end)?;
    let rest = rest.strip_prefix(b"=")?;
    if word.is_empty() {
        None
    } else {
        Some((std::str::from_utf8(word).ok()?, rest))
    }
}

/// The attribute type that a text of [`type_text`] names.
pub(super) fn attribute_type(word: &str) -> Option<Oid> {
    Oid::from_short_name(word).or_else(|| {
        let oid: Oid = word.parse().ok()?;
        if oid.short_name().is_none() {
            Some(oid)
        } else {
            None
        }
    })
}
