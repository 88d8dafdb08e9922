//! The vectors of the TLS presentation language (RFC 8446 section 3.4): read without trust, written with any content.
//!
//! Next: [`crate::tls::hello`] and [`crate::tls::rogue`], which write whole messages of them.

/// Reads fields off the front of a message.
pub(super) struct Cursor<'a>(pub(super) &'a [u8]);

impl<'a> Cursor<'a> {
    pub(super) fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(super) fn short(&mut self) -> Option<u16> {
        self.take(2)?
            .first_chunk()
            .map(|bytes| u16::from_be_bytes(*bytes))
    }

    pub(super) fn long(&mut self) -> Option<u32> {
        self.take(4)?
            .first_chunk()
            .map(|bytes| u32::from_be_bytes(*bytes))
    }

    pub(super) fn vector8(&mut self) -> Option<&'a [u8]> {
        let length = self.byte()?;
        self.take(usize::from(length))
    }

    pub(super) fn vector16(&mut self) -> Option<&'a [u8]> {
        let length = self.short()?;
        self.take(usize::from(length))
    }

    pub(super) fn vector24(&mut self) -> Option<&'a [u8]> {
        let high = self.byte()?;
        let low = self.short()?;
        self.take(usize::from(high) << 16 | usize::from(low))
    }
}

/// A list of code points, without its length.
pub(super) fn codes(list: impl Iterator<Item = u16>) -> Vec<u8> {
    list.flat_map(u16::to_be_bytes).collect()
}

/// A vector with a length of one byte. A longer one gets the length 255, which is then a lie.
pub(super) fn vector8(content: &[u8]) -> Vec<u8> {
    [&[u8::try_from(content.len()).unwrap_or(u8::MAX)], content].concat()
}

/// A vector with a length of two bytes; beyond 65535 the length is a lie.
pub(super) fn vector16(content: &[u8]) -> Vec<u8> {
    [
        &u16::try_from(content.len()).unwrap_or(u16::MAX).to_be_bytes()[..],
        content,
    ]
    .concat()
}

/// A vector with a length of three bytes; beyond 16 MiB the length is a lie.
pub(super) fn vector24(content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap_or(u32::MAX).to_be_bytes();
    [length.get(1..).unwrap_or_default(), content].concat()
}
