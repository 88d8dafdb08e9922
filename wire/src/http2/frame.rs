//! HTTP/2 frames (RFC 9113 section 4): any type, any flags, any payload, well-formed or not.

/// The bytes of a frame's header.
pub const HEADER: usize = 9;

/// Frame types (RFC 9113 section 6).
pub mod kind {
    /// Request or response body.
    pub const DATA: u8 = 0;
    /// Start of a header block.
    pub const HEADERS: u8 = 1;
    /// End of one stream.
    pub const RST_STREAM: u8 = 3;
    /// Settings.
    pub const SETTINGS: u8 = 4;
    /// Promise of a pushed response.
    pub const PUSH_PROMISE: u8 = 5;
    /// Liveness check.
    pub const PING: u8 = 6;
    /// End of the connection.
    pub const GOAWAY: u8 = 7;
    /// Flow control credit.
    pub const WINDOW_UPDATE: u8 = 8;
    /// Rest of a header block.
    pub const CONTINUATION: u8 = 9;
}

/// Frame flags.
pub mod flag {
    /// On SETTINGS and PING: this is the answer.
    pub const ACK: u8 = 1;
    /// On DATA and HEADERS: nothing follows on this stream.
    pub const END_STREAM: u8 = 1;
    /// On HEADERS and CONTINUATION: the header block is whole.
    pub const END_HEADERS: u8 = 4;
    /// On DATA and HEADERS: padded.
    pub const PADDED: u8 = 8;
    /// On HEADERS: five bytes of priority come first.
    pub const PRIORITY: u8 = 0x20;
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// The type, see [`kind`].
    pub kind: u8,
    /// The flags, see [`flag`].
    pub flags: u8,
    /// The stream, 31 bits; 0 is the connection.
    pub stream: u32,
    /// The payload, up to 16 MiB less one byte; a server takes 16 KiB unless it says more.
    pub payload: Vec<u8>,
}

impl Frame {
    /// A frame.
    #[must_use]
    pub fn new(kind: u8, flags: u8, stream: u32, payload: impl Into<Vec<u8>>) -> Self {
        Self {
            kind,
            flags,
            stream,
            payload: payload.into(),
        }
    }

    /// The bytes that go over the wire. The length of a payload beyond 24 bits would be a lie.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let [_, a, b, c] = u32::try_from(self.payload.len())
            .unwrap_or(u32::MAX)
            .to_be_bytes();
        [
            &[a, b, c, self.kind, self.flags][..],
            &self.stream.to_be_bytes(),
            &self.payload,
        ]
        .concat()
    }

    /// The first frame in `bytes` and how many bytes it takes; `None` if it is not whole yet.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<(Self, usize)> {
        let (head, rest) = bytes.split_first_chunk::<HEADER>()?;
        let [_, _, _, kind, flags, stream @ ..] = *head;
        let payload = rest.get(..payload_length(head))?.to_vec();
        let frame = Self {
            kind,
            flags,
            stream: u32::from_be_bytes(stream) & 0x7FFF_FFFF,
            payload,
        };
        let whole = HEADER + frame.payload.len();
        Some((frame, whole))
    }

    /// Whether `flag` is set.
    #[must_use]
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// The payload without padding and priority, as DATA and HEADERS may have them; `None` if they are broken.
    #[must_use]
    pub fn content(&self) -> Option<&[u8]> {
        let mut rest = self.payload.as_slice();
        if self.has(flag::PADDED) {
            let (padding, tail) = rest.split_first()?;
            rest = tail.get(..tail.len().checked_sub(usize::from(*padding))?)?;
        }
        if self.kind == kind::HEADERS && self.has(flag::PRIORITY) {
            rest = rest.get(5..)?;
        }
        Some(rest)
    }
}

/// The payload's length according to a frame header.
#[must_use]
pub fn payload_length(head: &[u8; HEADER]) -> usize {
    let [a, b, c, ..] = *head;
    usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_parses() {
        let frame = Frame::new(kind::DATA, flag::PADDED, 3, *b"\x02hi\0\0");
        let bytes = frame.to_bytes();
        assert_eq!(bytes[..9], [0, 0, 5, 0, 8, 0, 0, 0, 3]);
        assert_eq!(Frame::parse(&bytes), Some((frame.clone(), 14)));
        assert_eq!(Frame::parse(&bytes[..13]), None);
        assert_eq!(frame.content(), Some(&b"hi"[..]));
    }

    #[test]
    fn broken_padding_has_no_content() {
        assert_eq!(Frame::new(kind::DATA, flag::PADDED, 1, *b"\x02h").content(), None);
        assert_eq!(
            Frame::new(kind::HEADERS, flag::PRIORITY, 1, *b"1234").content(),
            None
        );
    }
}
