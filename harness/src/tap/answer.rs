//! Counts the final answers in the bytes from app to proxy, by their status lines.
//!
//! Where a body ends is not worked out: an app that writes status lines into its bodies is not the one under attack, and
//! what is wanted is how many requests *it* saw.

/// Length of `HTTP/1.1 200`.
const STATUS_LINE: usize = 12;

/// The counter of one connection.
#[derive(Debug, Default)]
pub(super) struct Counter {
    /// The last bytes, in which a status line may have begun.
    tail: Vec<u8>,
}

impl Counter {
    /// How many final answers (status 200 and above) begin in these bytes, together with what came before.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> usize {
        self.tail.extend_from_slice(bytes);
        let count = self
            .tail
            .windows(STATUS_LINE)
            .filter(|window| is_final(window))
            .count();
        let keep = self.tail.len().saturating_sub(STATUS_LINE - 1);
        self.tail.drain(..keep);
        count
    }
}

fn is_final(window: &[u8]) -> bool {
    matches!(
        window,
        [
            b'H',
            b'T',
            b'T',
            b'P',
            b'/',
            b'1',
            b'.',
            b'0'..=b'9',
            b' ',
            b'2'..=b'5',
            b'0'..=b'9',
            b'0'..=b'9'
        ]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn final_answers_are_counted_whatever_the_pieces() {
        let bytes =
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\nHTTP/1.0 404 x\r\n\r\nTRACE / HTTP/1.1\r\n";
        for step in [1, 5, 11, 12, 100] {
            let mut counter = Counter::default();
            let count: usize = bytes.chunks(step).map(|piece| counter.feed(piece)).sum();
            assert_eq!(count, 2, "in pieces of {step}");
        }
    }
}
