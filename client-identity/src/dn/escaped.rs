//! The reading that all styles with backslashes share: `TYPE=value`, separated by `,` and `+`.

use crate::der;
use crate::encoding::hexadecimal;

/// One attribute as it is written.
pub(super) struct Entry<'a> {
    /// Whether a `+` binds it to the entry before.
    pub(super) is_joined: bool,
    /// The attribute type: a short name or a dotted identifier.
    pub(super) name: &'a str,
    /// The value.
    pub(super) value: Value,
}

/// A value as it is written.
pub(super) enum Value {
    /// Characters, their escapes undone.
    Text(Vec<u8>),
    /// `#` and hexadecimal DER: the identifier octet and the contents.
    Der(u8, Vec<u8>),
}

/// Whether blanks around separators are skipped (RFC 4514, section 3 has none; people write them).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Blanks {
    /// They are part of the value.
    Kept,
    /// They are skipped.
    Skipped,
}

/// The entries of `text`, in its order; `None` if it does not follow the grammar.
pub(super) fn entries(text: &[u8], blanks: Blanks) -> Option<Vec<Entry<'_>>> {
    let mut entries = Vec::new();
    let mut rest = text;
    let mut is_joined = false;
    if trimmed(rest, blanks).is_empty() {
        return Some(entries);
    }
    loop {
        rest = trimmed(rest, blanks);
        let equals = rest
            .iter()
            .position(|byte| matches!(byte, b'=' | b',' | b'+' | b'\\'))?;
        let (name, after) = rest.split_at_checked(equals)?;
        let after = after.strip_prefix(b"=")?;
        let name = std::str::from_utf8(name).ok()?;
        let name = if blanks == Blanks::Skipped {
            name.trim_end_matches(' ')
        } else {
            name
        };
        let (value, separator, after) = value(trimmed(after, blanks), blanks)?;
        entries.push(Entry {
            is_joined,
            name,
            value,
        });
        match separator {
            None => return Some(entries),
            Some(byte) => is_joined = byte == b'+',
        }
        rest = after;
    }
}

fn trimmed(text: &[u8], blanks: Blanks) -> &[u8] {
    match blanks {
        Blanks::Kept => text,
        Blanks::Skipped => text.trim_ascii_start(),
    }
}

/// Takes one value: the value, the separator after it (`None` at the end), and what follows.
fn value(text: &[u8], blanks: Blanks) -> Option<(Value, Option<u8>, &[u8])> {
    let mut bytes = Vec::new();
    // Bytes up to here are meant, even if they are blanks.
    let mut meant = 0;
    let is_hexadecimal = text.starts_with(b"#");
    let mut rest = text;
    let mut separator = None;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (*first, after) {
            (b',' | b'+', _) => {
                separator = Some(*first);
                break;
            }
            (b'\\', [special, after @ ..]) if b",+\"\\<>;# =".contains(special) => {
                bytes.push(*special);
                (meant, rest) = (bytes.len(), after);
            }
            (b'\\', [high, low, after @ ..]) => {
                bytes.push(hexadecimal::byte(*high, *low)?);
                (meant, rest) = (bytes.len(), after);
            }
            (b'\\', _) => return None,
            (byte, _) => bytes.push(byte),
        }
    }
    if blanks == Blanks::Skipped {
        while bytes.len() > meant && bytes.last() == Some(&b' ') {
            bytes.pop();
        }
    }
    // OpenSSL leaves a value that is only `#` unescaped; no DER has zero octets, so that is no hexadecimal value.
    let value = match bytes.strip_prefix(b"#") {
        Some(digits) if is_hexadecimal && !digits.is_empty() => {
            let der = hexadecimal::from_digits(digits).ok()?;
            let (identifier, contents, end) = der::element(&der).ok()?;
            if !end.is_empty() {
                return None;
            }
            Value::Der(identifier, contents.to_vec())
        }
        _ => Value::Text(bytes),
    };
    Some((value, separator, rest))
}
