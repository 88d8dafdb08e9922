//! HPACK (RFC 7541): an encoder that can say anything, and a decoder that believes nothing.
//!
//! The encoder writes literals without indexing and without Huffman coding, so that a name in upper case or a value with
//! CR LF reaches the server as it is. The decoder is whole, and bounded: one byte can name a table entry of 4 KiB, so
//! what it returns is limited too. Next: [`crate::http2::client`].

mod tables;

use std::collections::VecDeque;
use std::sync::LazyLock;

use tables::{CODE_LENGTHS, STATIC};

/// A header field: name and value.
pub type Field = (Vec<u8>, Vec<u8>);

/// The table size that we allow the server's encoder; HTTP/2's default.
pub const TABLE_SIZE: usize = 4096;
/// The bookkeeping size of an entry beyond its bytes (RFC 7541 section 4.1).
const ENTRY_OVERHEAD: usize = 32;

/// Encodes `fields` as literals without indexing (RFC 7541 section 6.2.2).
#[must_use]
pub fn encode(fields: &[Field]) -> Vec<u8> {
    let mut block = Vec::new();
    for (name, value) in fields {
        block.push(0);
        for text in [name, value] {
            integer(&mut block, text.len());
            block.extend_from_slice(text);
        }
    }
    block
}

/// A length in the seven bits of a string's first byte and as many more as it needs (section 5.1).
fn integer(block: &mut Vec<u8>, value: usize) {
    const PREFIX: usize = 0x7F;
    let low = |value: usize| u8::try_from(value & 0x7F).unwrap_or(0x7F);
    if value < PREFIX {
        block.push(low(value));
        return;
    }
    block.push(0x7F);
    let mut rest = value - PREFIX;
    while rest >= 128 {
        block.push(0x80 | low(rest));
        rest >>= 7;
    }
    block.push(low(rest));
}

/// Why a header block is not HPACK: the server's fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A Huffman string with an end-of-string symbol or wrong padding.
    #[error("broken Huffman code")]
    Huffman,
    /// An index that no table has.
    #[error("no such table entry")]
    Index,
    /// An integer beyond 28 bits.
    #[error("integer too large")]
    Integer,
    /// A table size above the one that we allow.
    #[error("table size too large")]
    TableSize,
    /// The block decodes to more than the limit.
    #[error("header list too large")]
    TooLarge,
    /// The block ends inside a field.
    #[error("truncated header block")]
    Truncated,
}

/// The decoder of one direction of one connection.
#[derive(Clone, Debug)]
pub struct Decoder {
    /// Newest entry first.
    table: VecDeque<Field>,
    used: usize,
    size: usize,
}

impl Default for Decoder {
    fn default() -> Self {
        Self {
            table: VecDeque::new(),
            used: 0,
            size: TABLE_SIZE,
        }
    }
}

impl Decoder {
    /// Decodes one header block to at most `limit` bytes, counted as HTTP/2 does, 32 more for each field.
    ///
    /// # Errors
    /// The block is malformed or too large; the connection's table is then out of step, and nothing later can be read.
    pub fn decode(&mut self, block: &[u8], limit: usize) -> Result<Vec<Field>, DecodeError> {
        let mut input = Input(block);
        let mut fields = Vec::new();
        let mut room = limit;
        while let Some(first) = input.0.first().copied() {
            let field = match first {
                0x80.. => self.entry(input.integer(7)?)?,
                0x40..0x80 => {
                    let field = self.literal(&mut input, 6)?;
                    self.insert(field.clone());
                    field
                }
                0x20..0x40 => {
                    let size = input.integer(5)?;
                    if size > TABLE_SIZE {
                        return Err(DecodeError::TableSize);
                    }
                    self.size = size;
                    self.evict(0);
                    continue;
                }
                0..0x20 => self.literal(&mut input, 4)?,
            };
            room = room.checked_sub(size_of(&field)).ok_or(DecodeError::TooLarge)?;
            fields.push(field);
        }
        Ok(fields)
    }

    fn literal(&self, input: &mut Input<'_>, prefix: u32) -> Result<Field, DecodeError> {
        let name = match input.integer(prefix)? {
            0 => input.string()?,
            index => self.entry(index)?.0,
        };
        Ok((name, input.string()?))
    }

    fn entry(&self, index: usize) -> Result<Field, DecodeError> {
        let at = index.checked_sub(1).ok_or(DecodeError::Index)?;
        if let Some((name, value)) = STATIC.get(at) {
            return Ok((name.as_bytes().to_vec(), value.as_bytes().to_vec()));
        }
        self.table
            .get(at - STATIC.len())
            .cloned()
            .ok_or(DecodeError::Index)
    }

    fn insert(&mut self, field: Field) {
        let size = size_of(&field);
        self.evict(size);
        if size <= self.size {
            self.used += size;
            self.table.push_front(field);
        }
    }

    /// Drops the oldest entries until `coming` more bytes fit, or nothing is left (section 4.4).
    fn evict(&mut self, coming: usize) {
        while self.used + coming > self.size {
            let Some(oldest) = self.table.pop_back() else {
                break;
            };
            self.used -= size_of(&oldest);
        }
    }
}

fn size_of((name, value): &Field) -> usize {
    name.len() + value.len() + ENTRY_OVERHEAD
}

struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn byte(&mut self) -> Result<u8, DecodeError> {
        let (first, rest) = self.0.split_first().ok_or(DecodeError::Truncated)?;
        self.0 = rest;
        Ok(*first)
    }

    fn integer(&mut self, prefix: u32) -> Result<usize, DecodeError> {
        let full = (1_usize << prefix) - 1;
        let mut value = usize::from(self.byte()?) & full;
        if value < full {
            return Ok(value);
        }
        for shift in [0, 7, 14, 21] {
            let byte = self.byte()?;
            value += usize::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Ok(value);
            }
        }
        Err(DecodeError::Integer)
    }

    fn string(&mut self) -> Result<Vec<u8>, DecodeError> {
        let huffman_coded = self.0.first().is_some_and(|byte| *byte >= 0x80);
        let length = self.integer(7)?;
        let (text, rest) = self.0.split_at_checked(length).ok_or(DecodeError::Truncated)?;
        self.0 = rest;
        if huffman_coded {
            huffman(text)
        } else {
            Ok(text.to_vec())
        }
    }
}

/// A canonical code: codes of one length are consecutive numbers, in the order of their symbols.
struct Code {
    /// The symbols by length of code, then by number.
    order: Vec<u16>,
    /// First code, number of codes and first position in `order`, by length.
    starts: [(u32, u32, usize); 31],
}

static CODE: LazyLock<Code> = LazyLock::new(|| {
    let mut order: Vec<u16> = (0..257).collect();
    order.sort_by_key(|symbol| CODE_LENGTHS.get(usize::from(*symbol)).copied());
    let mut starts = [(0, 0, 0); 31];
    let (mut code, mut position) = (0, 0);
    for (length, start) in (0_u8..).zip(starts.iter_mut()) {
        let count = CODE_LENGTHS.iter().filter(|own| **own == length).count();
        *start = (code, u32::try_from(count).unwrap_or(0), position);
        code = (code + start.1) << 1;
        position += count;
    }
    Code { order, starts }
});

fn huffman(coded: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let Code { order, starts } = &*CODE;
    let mut text = Vec::with_capacity(coded.len() * 8 / 5);
    let (mut code, mut length) = (0_u32, 0_usize);
    for byte in coded {
        for bit in (0..8).rev() {
            code = code << 1 | u32::from(byte >> bit & 1);
            length += 1;
            let (first, count, position) = starts.get(length).copied().ok_or(DecodeError::Huffman)?;
            let Some(offset) = code.checked_sub(first).filter(|offset| *offset < count) else {
                continue;
            };
            let at = position + usize::try_from(offset).unwrap_or(usize::MAX);
            let symbol = order.get(at).copied().unwrap_or(256);
            // Symbol 256, the end of string, does not fit a byte and must not be sent (section 5.2).
            text.push(u8::try_from(symbol).map_err(|_| DecodeError::Huffman)?);
            (code, length) = (0, 0);
        }
    }
    // The padding is at most seven bits, all ones.
    if length > 7 || code + 1 != 1 << length {
        return Err(DecodeError::Huffman);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let hex: Vec<u8> = hex.bytes().filter(|byte| *byte != b' ').collect();
        hex.chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    fn fields(list: &[(&str, &str)]) -> Vec<Field> {
        list.iter()
            .map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec()))
            .collect()
    }

    #[test]
    fn single_fields_of_appendix_c_2() {
        for (hex, name, value) in [
            (
                "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572",
                "custom-key",
                "custom-header",
            ),
            ("040c 2f73 616d 706c 652f 7061 7468", ":path", "/sample/path"),
            ("1008 7061 7373 776f 7264 0673 6563 7265 74", "password", "secret"),
            ("82", ":method", "GET"),
        ] {
            assert_eq!(
                Decoder::default().decode(&bytes(hex), 1000).unwrap(),
                fields(&[(name, value)])
            );
        }
    }

    #[test]
    fn requests_of_appendix_c_3_and_c_4_with_and_without_huffman() {
        let first = [
            (":method", "GET"),
            (":scheme", "http"),
            (":path", "/"),
            (":authority", "www.example.com"),
        ];
        let second = [&first[..], &[("cache-control", "no-cache")]].concat();
        let third = [
            (":method", "GET"),
            (":scheme", "https"),
            (":path", "/index.html"),
            (":authority", "www.example.com"),
            ("custom-key", "custom-value"),
        ];
        let plain = [
            "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
            "8286 84be 5808 6e6f 2d63 6163 6865",
            "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
        ];
        let coded = [
            "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff",
            "8286 84be 5886 a8eb 1064 9cbf",
            "8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf",
        ];
        for blocks in [plain, coded] {
            let mut decoder = Decoder::default();
            for (block, list) in blocks.iter().zip([&first[..], &second, &third]) {
                assert_eq!(decoder.decode(&bytes(block), 1000).unwrap(), fields(list));
            }
            assert_eq!(decoder.used, 164);
        }
    }

    #[test]
    fn what_is_encoded_is_decoded_whatever_it_is() {
        let odd = vec![
            (b"X-Upper".to_vec(), b"a\r\nb: c\0".to_vec()),
            (Vec::new(), vec![0xFF; 127]),
            (b":path".to_vec(), vec![b'/'; 70_000]),
        ];
        assert_eq!(Decoder::default().decode(&encode(&odd), 100_000).unwrap(), odd);
    }

    #[test]
    fn hostile_blocks_are_errors() {
        for (block, error) in [
            ("80", DecodeError::Index),
            ("be", DecodeError::Index),
            ("ffff ffff ffff ff", DecodeError::Integer),
            ("3fff 1f", DecodeError::TableSize),
            ("00 05 61", DecodeError::Truncated),
            ("00 84 ffff ffff", DecodeError::Huffman),
            ("00 81 00", DecodeError::Huffman),
        ] {
            assert_eq!(
                Decoder::default().decode(&bytes(block), 1000),
                Err(error),
                "{block}"
            );
        }
        // A bomb: one large entry, named again and again.
        let mut bomb = vec![0x40, 1, b'a', 0x7F, 0x80, 0x1E];
        bomb.resize(6 + 127 + 0x1E * 128, b'x');
        bomb.resize(bomb.len() + 10_000, 0xBE);
        assert_eq!(
            Decoder::default().decode(&bomb, 100_000),
            Err(DecodeError::TooLarge)
        );
    }
}
