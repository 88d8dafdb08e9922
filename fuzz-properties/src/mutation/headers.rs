//! Mutations of header lists: the input of `dialect_decode` after its choices.

use super::{Dice, Fallback, by_itself, put};
use crate::dialect::{SEPARATOR, line, lines, names_of, value_of};
use crate::input::WORDS;

/// Mutates the header list of [`crate::dialect::decode`] after its two bytes of choices: drops, doubles, swaps and renames
/// headers, puts words of attackers into values, and changes escapes.
pub fn headers(data: &mut [u8], size: usize, most: usize, seed: u32, fallback: Fallback) -> usize {
    let mut dice = Dice::new(seed);
    let Some([choice, mask, list @ ..]) = data.get(..size) else {
        return fallback(data, size, most);
    };
    if dice.below(6) == 0 {
        return fallback(data, size, most);
    }
    let (choice, mask) = (*choice, *mask);
    let mut lines: Vec<Vec<u8>> = lines(list).into_iter().map(<[u8]>::to_vec).collect();
    let place = dice.below(lines.len());
    match dice.below(8) {
        0 if lines.len() > 1 => drop(lines.remove(place)),
        1 => lines.extend(lines.get(place).cloned()),
        2 => {
            let other = dice.below(lines.len());
            lines.swap(place, other);
        }
        3 => {
            let names = names_of(choice);
            if let (Some(old), Some(name)) = (lines.get_mut(place), dice.pick(&names)) {
                *old = line(name, value_of(old));
            }
        }
        4 => {
            let names = names_of(choice);
            if let Some(name) = dice.pick(&names) {
                let word = dice.pick(&WORDS).copied().unwrap_or_default();
                lines.push(line(name, word));
            }
        }
        5 => {
            if let Some(line) = lines.get_mut(place) {
                let at = dice.below(line.len() + 1).min(line.len());
                let word = dice.pick(&WORDS).copied().unwrap_or_default();
                line.splice(at..at, word.iter().copied());
            }
        }
        6 => {
            // Another letter case of one byte, or its percent-encoding.
            if let Some(line) = lines.get_mut(place) {
                let at = dice.below(line.len());
                if let Some(byte) = line.get(at).copied() {
                    let other = if dice.below(2) == 0 {
                        vec![byte ^ 0x20]
                    } else {
                        format!("%{byte:02X}").into_bytes()
                    };
                    line.splice(at..=at, other);
                }
            }
        }
        _ => {
            if let Some(line) = lines.get_mut(place) {
                *line = by_itself(line, fallback);
            }
        }
    }
    let mut bytes = vec![choice, mask];
    bytes.extend(lines.join(&SEPARATOR[..]));
    put(data, &bytes, most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mutation::tests::keep;

    #[test]
    fn a_list_stays_within_its_bounds_and_changes() {
        let list = [
            &[21, 0][..],
            b"X-SSL-Client-Verify\x1fSUCCESS\x1e\x1eX-SSL-Client-S-DN\x1fCN=alice",
        ]
        .concat();
        let mut changed = 0;
        for seed in 0..500 {
            let mut data = list.clone();
            data.resize(100, 0);
            let size = headers(&mut data, list.len(), 100, seed, keep);
            assert!(size <= 100);
            changed += usize::from(data[..size] != list);
        }
        assert!(changed > 300, "{changed}");
    }
}
