//! Reading HTTP/1 by hand, as servers that are fooled do: for planted faults only.
//!
//! A connection is looked at before hyper gets it. Where its first head holds what the fault is about, the connection is
//! served by hand from then on; otherwise hyper reads it from its first byte, as if nobody had looked.

use std::io::Cursor;

use tokio::io::{AsyncRead, AsyncReadExt};

use crate::listener::Stream;

/// Longest head that is read by hand, in octets.
pub(crate) const LONGEST_HEAD: usize = 64 * 1024;

/// A head and what was read beyond it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Head {
    /// The request line, without its end.
    pub(crate) line: Vec<u8>,
    /// The field lines, without their ends.
    pub(crate) fields: Vec<Vec<u8>>,
}

impl Head {
    /// Cuts a head into lines. `bare_lf`: a line feed alone ends a line, too.
    pub(crate) fn parse(bytes: &[u8], bare_lf: bool) -> Self {
        let mut lines: Vec<Vec<u8>> = vec![Vec::new()];
        let mut rest = bytes;
        while let Some((first, after)) = rest.split_first() {
            let end = match (first, after.first()) {
                (b'\r', Some(b'\n')) => 2,
                (b'\n', _) if bare_lf => 1,
                _ => 0,
            };
            if end > 0 {
                lines.push(Vec::new());
            } else if let Some(line) = lines.last_mut() {
                line.push(*first);
            }
            rest = rest.get(end.max(1)..).unwrap_or_default();
        }
        lines.retain(|line| !line.is_empty());
        if lines.is_empty() {
            return Self::default();
        }
        let fields = lines.split_off(1);
        Self {
            line: lines.pop().unwrap_or_default(),
            fields,
        }
    }

    /// Values of the fields of this name, blanks around names and values cut off.
    pub(crate) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a [u8]> {
        self.fields
            .iter()
            .filter_map(|line| split(line))
            .filter(move |(other, _)| other.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value.trim_ascii())
    }
}

/// Name and value of a field line, exactly as they stand.
pub(crate) fn split(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    Some((line.get(..colon)?, line.get(colon + 1..)?))
}

/// Octets of a connection that were read but not yet understood.
pub(crate) struct Reader<R> {
    stream: R,
    /// What was read and not taken.
    pub(crate) buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Reader<R> {
    pub(crate) fn new(stream: R) -> Self {
        Self {
            stream,
            buffer: Vec::new(),
        }
    }

    /// The stream and what was read of it.
    pub(crate) fn into_parts(self) -> (R, Vec<u8>) {
        (self.stream, self.buffer)
    }

    /// Reads more; `None` at the end or when the buffer is full.
    pub(crate) async fn more(&mut self) -> Option<()> {
        if self.buffer.len() > LONGEST_HEAD {
            return None;
        }
        match self.stream.read_buf(&mut self.buffer).await {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(()),
        }
    }

    /// Where the head at the beginning of the buffer ends, the empty line included. With `bare_lf` two line feeds end it.
    pub(crate) async fn head_end(&mut self, bare_lf: bool) -> Option<usize> {
        loop {
            let strict = find(&self.buffer, b"\r\n\r\n").map(|at| at + 4);
            let lenient = find(&self.buffer, b"\n\n").map(|at| at + 2);
            let mixed = find(&self.buffer, b"\n\r\n").map(|at| at + 3);
            let end = if bare_lf {
                [strict, lenient, mixed].into_iter().flatten().min()
            } else {
                strict
            };
            if end.is_some() {
                return end;
            }
            self.more().await?;
        }
    }

    /// Takes `count` octets, once they are there.
    pub(crate) async fn take(&mut self, count: usize) -> Option<Vec<u8>> {
        while self.buffer.len() < count {
            self.more().await?;
        }
        let rest = self.buffer.split_off(count);
        Some(std::mem::replace(&mut self.buffer, rest))
    }

    /// Takes a line with its end: CR LF, or with `bare_lf` a line feed alone.
    pub(crate) async fn line(&mut self, bare_lf: bool) -> Option<Vec<u8>> {
        loop {
            let end = if bare_lf {
                find(&self.buffer, b"\n").map(|at| at + 1)
            } else {
                find(&self.buffer, b"\r\n").map(|at| at + 2)
            };
            if let Some(end) = end {
                return self.take(end).await;
            }
            self.more().await?;
        }
    }

    /// Takes a chunked body (RFC 9112 7.1): all its octets as they are, and its content. `size` reads a size line.
    pub(crate) async fn chunks(
        &mut self,
        bare_lf: bool,
        size: fn(&[u8]) -> Option<usize>,
    ) -> Option<(Vec<u8>, Vec<u8>)> {
        let (mut raw, mut content) = (Vec::new(), Vec::new());
        loop {
            let line = self.line(bare_lf).await?;
            let length = size(line.trim_ascii_end())?;
            raw.extend_from_slice(&line);
            if length == 0 {
                loop {
                    let trailer = self.line(bare_lf).await?;
                    raw.extend_from_slice(&trailer);
                    if trailer.trim_ascii().is_empty() {
                        return Some((raw, content));
                    }
                }
            }
            if length > LONGEST_HEAD {
                return None;
            }
            let data = self.take(length + 2).await?;
            raw.extend_from_slice(&data);
            content.extend_from_slice(data.get(..length)?);
        }
    }
}

/// A stream that begins with octets that were read before.
pub(crate) fn rewound(read: Vec<u8>, stream: Stream) -> Stream {
    let (reader, writer) = tokio::io::split(stream);
    Box::new(tokio::io::join(
        AsyncReadExt::chain(Cursor::new(read), reader),
        writer,
    ))
}

/// Where `needle` first stands.
pub(crate) fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len().max(1))
        .position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_line_feed_ends_a_line_only_for_the_careless() {
        let bytes = b"GET / HTTP/1.1\r\nA: 1\nB: 2\r\n\r\n";
        assert_eq!(Head::parse(bytes, false).fields, [b"A: 1\nB: 2".to_vec()]);
        assert_eq!(
            Head::parse(bytes, true).fields,
            [b"A: 1".to_vec(), b"B: 2".to_vec()]
        );
    }

    #[tokio::test]
    async fn chunks_are_kept_as_they_are() {
        let bytes = b"3;a=b\r\nabc\r\n0\r\nT: 1\r\n\r\nGET";
        let mut reader = Reader::new(&bytes[..]);
        let size = |line: &[u8]| {
            let text = std::str::from_utf8(line.split(|byte| *byte == b';').next()?).ok()?;
            usize::from_str_radix(text, 16).ok()
        };
        let (raw, content) = reader.chunks(false, size).await.unwrap();
        assert_eq!((raw.len(), content), (bytes.len() - 3, b"abc".to_vec()));
        assert_eq!(reader.take(3).await.unwrap(), b"GET");
    }
}
