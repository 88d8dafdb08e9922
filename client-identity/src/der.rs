//! The few DER elements (X.690) that names and extensions need.
//!
//! x509-parser reads the frame of a certificate; names are read here, because their exact string types and raw bytes
//! are the point: a parser that normalises them hides what an attacker put there. Nothing is copied, and work is linear in
//! the bytes; [`crate::certificate::MAX_CERTIFICATE`] and [`crate::certificate::name::MAX_NAME`] bound them.

/// Why bytes are not the DER that they should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DerError {
    /// Bytes remain after the element.
    #[error("read DER: bytes after the end")]
    TrailingBytes,
    /// The length runs past the end, is indefinite, or is longer than it need be (X.690, section 10.1).
    #[error("read DER: bad length")]
    Length,
    /// The identifier is not the expected one, or has a tag number over 30.
    #[error("read DER: unexpected identifier")]
    Identifier,
}

/// Identifier octet of a SEQUENCE.
pub const SEQUENCE: u8 = 0x30;
/// Identifier octet of a SET.
pub const SET: u8 = 0x31;
/// Identifier octet of an OBJECT IDENTIFIER.
pub const OBJECT_IDENTIFIER: u8 = 0x06;

/// Takes one element off `bytes`: its identifier octet, its contents, and what follows.
///
/// # Errors
/// [`DerError`] for a tag number over 30, or a length that is not definite, minimal and within `bytes`.
pub fn element(bytes: &[u8]) -> Result<(u8, &[u8], &[u8]), DerError> {
    let (identifier, rest) = bytes.split_first().ok_or(DerError::Length)?;
    if identifier & 0x1f == 0x1f {
        return Err(DerError::Identifier);
    }
    let (first, rest) = rest.split_first().ok_or(DerError::Length)?;
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let count = usize::from(first & 0x7f);
        if count == 0 || count > 4 {
            return Err(DerError::Length);
        }
        let (octets, rest) = rest.split_at_checked(count).ok_or(DerError::Length)?;
        let length = octets
            .iter()
            .fold(0_u64, |sum, octet| sum << 8 | u64::from(*octet));
        if length < 0x80 || octets.first() == Some(&0) {
            return Err(DerError::Length);
        }
        (usize::try_from(length).map_err(|_| DerError::Length)?, rest)
    };
    let (contents, rest) = rest.split_at_checked(length).ok_or(DerError::Length)?;
    Ok((*identifier, contents, rest))
}

/// Deepest nesting that [`strict`] follows; certificates of this world stay below 20.
const MAX_DEPTH: usize = 64;

/// Holds a whole encoding to the distinguished rules that identity depends on: definite and minimal lengths, low tag
/// numbers, BOOLEAN 00 or FF, minimal INTEGERs (X.690, sections 10.1, 8.3.2, 11.1). Contents of strings are not looked at.
///
/// # Errors
/// [`DerError`] at the first element that another encoder could have written otherwise.
pub fn strict(bytes: &[u8]) -> Result<(), DerError> {
    let mut open = vec![(bytes, 0_usize)];
    while let Some((mut rest, depth)) = open.pop() {
        if depth > MAX_DEPTH {
            return Err(DerError::Length);
        }
        while !rest.is_empty() {
            let (identifier, contents, after) = element(rest)?;
            match (identifier, contents) {
                (0x01, [0x00 | 0xff]) => {}
                (0x01, _) => return Err(DerError::Identifier),
                (0x02, [] | [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..]) => {
                    return Err(DerError::Length);
                }
                _ if identifier & 0x20 != 0 => open.push((contents, depth + 1)),
                _ => {}
            }
            rest = after;
        }
    }
    Ok(())
}

/// The contents of the one element that `bytes` is, which must have this identifier.
///
/// # Errors
/// [`DerError`] as [`element`], for another identifier, or for bytes after the element.
pub fn only(bytes: &[u8], identifier: u8) -> Result<&[u8], DerError> {
    let (contents, rest) = expect(bytes, identifier)?;
    if rest.is_empty() {
        Ok(contents)
    } else {
        Err(DerError::TrailingBytes)
    }
}

/// Takes one element with this identifier off `bytes`: its contents and what follows.
///
/// # Errors
/// [`DerError`] as [`element`], or for another identifier.
pub fn expect(bytes: &[u8], identifier: u8) -> Result<(&[u8], &[u8]), DerError> {
    let (found, contents, rest) = element(bytes)?;
    if found == identifier {
        Ok((contents, rest))
    } else {
        Err(DerError::Identifier)
    }
}

/// Appends an element.
pub fn write(out: &mut Vec<u8>, identifier: u8, contents: &[u8]) {
    out.push(identifier);
    let length = contents.len().to_be_bytes();
    let significant: Vec<u8> = length.iter().copied().skip_while(|octet| *octet == 0).collect();
    match significant.as_slice() {
        [] => out.push(0),
        [short] if *short < 0x80 => out.push(*short),
        octets => {
            // A usize has at most eight octets, so the count fits the low bits.
            out.push(0x80 | u8::try_from(octets.len()).unwrap_or(0x7f));
            out.extend_from_slice(octets);
        }
    }
    out.extend_from_slice(contents);
}

#[cfg(test)]
mod strict_tests {
    use super::*;

    #[test]
    fn only_one_way_to_write_a_thing_is_strict() {
        assert_eq!(strict(&[0x30, 3, 0x02, 1, 5]), Ok(()));
        for wrong in [
            &[0x30, 0x81, 3, 0x02, 1, 5][..],
            &[0x30, 0x80, 0x02, 1, 5, 0, 0],
            &[0x30, 4, 0x02, 2, 0, 5],
            &[0x30, 3, 0x01, 1, 1],
            &[0x3f, 0x10, 0],
            &[0x30, 5, 0x02, 1, 5],
        ] {
            assert!(strict(wrong).is_err(), "{wrong:02x?}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let mut nested = Vec::new();
        for _ in 0..MAX_DEPTH + 2 {
            let length = u8::try_from(nested.len()).unwrap_or(0x7f);
            nested = if length < 0x80 && nested.len() < 0x80 {
                [vec![0x30, length], nested].concat()
            } else {
                [vec![0x30, 0x81, u8::try_from(nested.len()).unwrap()], nested].concat()
            };
        }
        assert!(strict(&nested).is_err());
    }
}
