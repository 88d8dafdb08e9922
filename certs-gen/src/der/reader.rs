//! Just enough reading for an operator's certificate and key: definite lengths, low tag numbers, no recursion.

use thiserror::Error;

/// Why some bytes could not be read as the expected DER.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum DerError {
    /// The element ends after the bytes do.
    #[error("element at offset {0} is cut short")]
    Truncated(usize),
    /// Another tag stands where one was expected.
    #[error("tag {found:#04x} at offset {offset} where {expected:#04x} is needed")]
    Tag {
        /// Where, from the start of this reader's bytes.
        offset: usize,
        /// The tag that was needed.
        expected: u8,
        /// The tag that was there.
        found: u8,
    },
}

/// A cursor over the elements of one constructed value.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    /// Reads from the first byte of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, offset: 0 }
    }

    /// Whether all bytes have been read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.offset >= self.bytes.len()
    }

    /// The tag of the next element, if there is one.
    #[must_use]
    pub fn peek(&self) -> Option<u8> {
        self.bytes.get(self.offset).copied()
    }

    /// The next element: tag, whole encoding, content.
    ///
    /// # Errors
    /// [`DerError::Truncated`] when the length runs over the end, is indefinite or takes more than four octets.
    pub fn any(&mut self) -> Result<(u8, &'a [u8], &'a [u8]), DerError> {
        let start = self.offset;
        let cut = DerError::Truncated(start);
        let rest = self.bytes.get(start..).ok_or(cut)?;
        let (tag, first) = match rest {
            [tag, first, ..] => (*tag, *first),
            _ => return Err(cut),
        };
        let (header, size) = if first < 0x80 {
            (2, usize::from(first))
        } else {
            let count = usize::from(first & 0x7f);
            let digits = rest
                .get(2..2 + count)
                .filter(|digits| (1..=4).contains(&digits.len()))
                .ok_or(cut)?;
            (
                2 + count,
                digits
                    .iter()
                    .fold(0, |size, digit| size << 8 | usize::from(*digit)),
            )
        };
        let whole = rest.get(..header + size).ok_or(cut)?;
        let content = whole.get(header..).ok_or(cut)?;
        self.offset = start + header + size;
        Ok((tag, whole, content))
    }

    /// The content of the next element, which must have this tag.
    ///
    /// # Errors
    /// [`DerError`] when it is cut short or has another tag.
    pub fn content(&mut self, expected: u8) -> Result<&'a [u8], DerError> {
        let offset = self.offset;
        match self.any()? {
            (found, _, content) if found == expected => Ok(content),
            (found, _, _) => Err(DerError::Tag {
                offset,
                expected,
                found,
            }),
        }
    }

    /// The whole encoding of the next element, which must have this tag.
    ///
    /// # Errors
    /// [`DerError`] when it is cut short or has another tag.
    pub fn whole(&mut self, expected: u8) -> Result<&'a [u8], DerError> {
        let offset = self.offset;
        match self.any()? {
            (found, whole, _) if found == expected => Ok(whole),
            (found, _, _) => Err(DerError::Tag {
                offset,
                expected,
                found,
            }),
        }
    }

    /// Skips an OPTIONAL element if the next one has this tag.
    ///
    /// # Errors
    /// [`DerError::Truncated`] when it is there and cut short.
    pub fn skip_if(&mut self, tag: u8) -> Result<Option<&'a [u8]>, DerError> {
        if self.peek() == Some(tag) {
            self.content(tag).map(Some)
        } else {
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_short_is_refused() {
        assert_eq!(
            Reader::new(&[0x30, 0x05, 0x00]).any(),
            Err(DerError::Truncated(0))
        );
        assert_eq!(
            Reader::new(&[0x30, 0x85, 1, 1, 1, 1, 1]).any(),
            Err(DerError::Truncated(0))
        );
        assert_eq!(Reader::new(&[0x30]).any(), Err(DerError::Truncated(0)));
        assert_eq!(
            Reader::new(&[0x30, 0x80, 0, 0]).any(),
            Err(DerError::Truncated(0))
        );
    }

    #[test]
    fn elements_follow_one_another() {
        let mut reader = Reader::new(&[2, 1, 7, 4, 0]);
        assert_eq!(reader.content(2), Ok(&[7][..]));
        assert_eq!(reader.skip_if(2), Ok(None));
        assert_eq!(reader.whole(4), Ok(&[4, 0][..]));
        assert!(reader.is_empty());
    }
}
