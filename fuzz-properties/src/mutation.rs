//! How inputs change, where bytes alone would seldom get through: DER by its tree, headers by their list.
//!
//! Pure but for the signing key: the same bytes and seed give the same bytes. `fallback` is libFuzzer's own mutation of a
//! piece; it also brings the dictionary in.

mod der;
mod headers;

pub(crate) use der::PKI;
pub use der::{der, der_after};
pub use headers::headers;

/// libFuzzer's own mutation: of the first `size` bytes of the buffer, giving the new size.
pub type Fallback = fn(&mut [u8], usize, usize) -> usize;

/// Numbers from a seed (SplitMix64): mutations need no more.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u32) -> Self {
        Self(u64::from(seed))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 below nothing.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        usize::try_from(self.next().checked_rem(limit).unwrap_or(0)).unwrap_or(0)
    }

    /// One of these.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let at = self.below(from.len());
        from.get(at)
    }
}

/// Puts `bytes` into the buffer, as far as libFuzzer allows; the new size.
fn put(data: &mut [u8], bytes: &[u8], most: usize) -> usize {
    let size = bytes.len().min(most).min(data.len());
    for (to, from) in data.iter_mut().zip(bytes.iter().take(size)) {
        *to = *from;
    }
    size
}

/// Lets libFuzzer change a piece by itself.
fn by_itself(piece: &[u8], fallback: Fallback) -> Vec<u8> {
    let mut buffer = piece.to_vec();
    buffer.resize(piece.len() + 64, 0);
    let size = fallback(&mut buffer, piece.len(), piece.len() + 64);
    buffer.truncate(size);
    buffer
}

#[cfg(test)]
mod tests {
    /// Stands in for libFuzzer: changes nothing.
    pub(super) fn keep(_: &mut [u8], size: usize, _: usize) -> usize {
        size
    }

    #[test]
    fn dice_repeat_themselves_and_stay_below() {
        let mut one = super::Dice::new(5);
        let mut other = super::Dice::new(5);
        for limit in 1..100 {
            let number = one.below(limit);
            assert!(number < limit && number == other.below(limit));
        }
        assert_eq!(one.below(0), 0);
    }
}
