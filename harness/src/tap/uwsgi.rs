//! The uwsgi protocol, as nginx (`uwsgi_pass`) and uWSGI's own routers speak it: one request a connection.
//!
//! A packet is a header of four octets (modifier1, length of the variables as little-endian u16, modifier2), the variables as
//! pairs of length-prefixed key and value, then the body. Source: the protocol's description in uWSGI's documentation.

use super::splitter::Piece;

/// Octets of the packet's header.
const HEADER: usize = 4;

/// Cuts one connection: the packet with its variables is the head, all after it the body.
#[derive(Debug, Default)]
pub(super) struct Packets {
    header: Vec<u8>,
    left: Option<usize>,
}

impl Packets {
    pub(super) fn feed(&mut self, bytes: &[u8], sink: &mut dyn FnMut(Piece<'_>)) {
        let mut rest = bytes;
        if rest.is_empty() {
            return;
        }
        if self.header.is_empty() && self.left.is_none() {
            sink(Piece::Begin);
        }
        if self.left.is_none() {
            let missing = (HEADER - self.header.len().min(HEADER)).min(rest.len());
            let (taken, after) = rest.split_at_checked(missing).unwrap_or((rest, &[]));
            self.header.extend_from_slice(taken);
            sink(Piece::Head(taken));
            rest = after;
            if let [_, low, high, _] = self.header.as_slice() {
                self.left = Some(usize::from(u16::from_le_bytes([*low, *high])));
            }
        }
        let left = self.left.unwrap_or(0).min(rest.len());
        let (variables, body) = rest.split_at_checked(left).unwrap_or((rest, &[]));
        if !variables.is_empty() {
            sink(Piece::Head(variables));
            self.left = self.left.map(|before| before - left);
        }
        if !body.is_empty() {
            sink(Piece::Body(body));
        }
    }
}

/// The variables of a recorded packet, in order. A packet that was cut short gives what is whole.
pub(super) fn variables(head: &[u8]) -> Vec<(String, String)> {
    let mut rest = head.get(HEADER..).unwrap_or_default();
    let mut found = Vec::new();
    while let Some((key, after)) = text(rest) {
        let Some((value, after)) = text(after) else { break };
        found.push((key, value));
        rest = after;
    }
    found
}

fn text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let (length, rest) = bytes.split_at_checked(2)?;
    let length = usize::from(u16::from_le_bytes(length.try_into().ok()?));
    let (text, rest) = rest.split_at_checked(length)?;
    Some((String::from_utf8_lossy(text).into_owned(), rest))
}

/// A packet as the head of the HTTP request that it stands for, for whoever looks for header lines in it. Other variables
/// come as lines of their own names.
pub(super) fn as_http(head: &[u8]) -> Vec<u8> {
    let variables = variables(head);
    let find = |name: &str| {
        variables
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    };
    let mut text = format!("{} {} HTTP/1.1\r\n", find("REQUEST_METHOD"), find("REQUEST_URI"));
    for (key, value) in &variables {
        let name = match key.strip_prefix("HTTP_") {
            Some(name) => name.replace('_', "-"),
            None => key.clone(),
        };
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    text.push_str("\r\n");
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(pairs: &[(&str, &str)]) -> Vec<u8> {
        let mut inner = Vec::new();
        for text in pairs.iter().flat_map(|(key, value)| [key, value]) {
            inner.extend_from_slice(&u16::try_from(text.len()).unwrap().to_le_bytes());
            inner.extend_from_slice(text.as_bytes());
        }
        let mut packet = vec![0];
        packet.extend_from_slice(&u16::try_from(inner.len()).unwrap().to_le_bytes());
        packet.push(0);
        packet.extend_from_slice(&inner);
        packet
    }

    #[test]
    fn variables_are_the_head_and_the_rest_is_the_body_however_it_is_cut() {
        let head = packet(&[("REQUEST_METHOD", "GET"), ("HTTP_X_A", "1")]);
        let whole = [head.as_slice(), b"body"].concat();
        for size in 1..whole.len() {
            let (mut packets, mut seen, mut body, mut begun) =
                (Packets::default(), Vec::new(), Vec::new(), 0);
            for chunk in whole.chunks(size) {
                packets.feed(chunk, &mut |piece| match piece {
                    Piece::Begin => begun += 1,
                    Piece::Head(bytes) => seen.extend_from_slice(bytes),
                    Piece::Body(bytes) => body.extend_from_slice(bytes),
                    Piece::End => {}
                });
            }
            assert_eq!(
                (seen.as_slice(), body.as_slice(), begun),
                (head.as_slice(), &b"body"[..], 1)
            );
        }
    }

    #[test]
    fn a_packet_reads_as_the_request_that_it_stands_for() {
        let head = packet(&[
            ("REQUEST_METHOD", "GET"),
            ("REQUEST_URI", "/x?n=1"),
            ("HTTP_X_PROBE", "p"),
            ("SSL_CLIENT_VERIFY", "SUCCESS"),
        ]);
        let text = String::from_utf8(as_http(&head)).unwrap();
        assert!(text.starts_with("GET /x?n=1 HTTP/1.1\r\n"), "{text}");
        assert!(text.contains("\r\nX-PROBE: p\r\n"), "{text}");
        assert!(text.contains("\r\nSSL_CLIENT_VERIFY: SUCCESS\r\n"), "{text}");
        assert_eq!(
            variables(head.get(..head.len() - 1).unwrap()).len(),
            3,
            "cut short"
        );
    }
}
