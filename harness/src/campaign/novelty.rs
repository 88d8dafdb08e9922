//! What a deployment's behaviour looks like from outside: the stand-in for coverage, which a black box does not tell.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::case::Case;
use crate::observation::Observation;

/// Most shapes that are remembered: a log full of random words must not eat the memory.
const MOST: usize = 200_000;
/// Longest line that is looked at, bytes.
const LONGEST: usize = 2048;

/// All behaviours seen so far.
#[derive(Debug, Default)]
pub(super) struct Novelty {
    seen: BTreeSet<[u8; 16]>,
}

impl Novelty {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.seen.len()
    }

    /// Notes a behaviour; true where it is new.
    pub(super) fn note(&mut self, kind: &str, shape: &str) -> bool {
        if self.seen.len() >= MOST {
            return false;
        }
        let digest = Sha256::new()
            .chain_update(kind.as_bytes())
            .chain_update([0])
            .chain_update(shape.as_bytes())
            .finalize();
        let mut short = [0; 16];
        short.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        self.seen.insert(short)
    }
}

/// How an exchange ended, and the names of the headers that reached the app.
pub(super) fn shape(case: &Case, observation: &Observation) -> String {
    let presented = if case.present == "none" {
        "nobody"
    } else {
        "somebody"
    };
    let negotiated = observation.negotiated.as_ref();
    let versions = negotiated.map_or_else(String::new, |negotiated| {
        format!("{} {:?}", negotiated.version, negotiated.alpn)
    });
    let names: Vec<String> = observation
        .forwarded
        .iter()
        .map(|head| header_names(head))
        .collect();
    format!(
        "{presented}|{versions}|{}|{:?}|{}",
        observation.summary(),
        observation.presentation,
        names.join("|")
    )
}

fn header_names(head: &[u8]) -> String {
    let lines = head.split(|byte| *byte == b'\n').skip(1);
    let names = lines.map(|line| {
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
        String::from_utf8_lossy(name).trim().to_ascii_lowercase()
    });
    names.collect::<Vec<_>>().join(",")
}

/// The shapes of log lines: numbers, hexadecimal runs and quoted texts masked, so that only what the server says by itself
/// is left.
pub(super) fn line_shapes(bytes: &[u8]) -> impl Iterator<Item = String> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| masked(&String::from_utf8_lossy(line.get(..LONGEST).unwrap_or(line))))
}

fn masked(line: &str) -> String {
    let mut shape = String::new();
    let mut quoted = false;
    for word in line.split_inclusive(|letter: char| !letter.is_ascii_alphanumeric()) {
        let (bare, end) = match word.char_indices().next_back() {
            Some((at, last)) if !last.is_ascii_alphanumeric() => word.split_at(at),
            Some(_) | None => (word, ""),
        };
        if !quoted {
            shape.push_str(
                if bare.bytes().any(|byte| byte.is_ascii_digit()) || bare.len() > 24 {
                    "#"
                } else {
                    bare
                },
            );
            shape.push_str(end);
        }
        if end == "\"" || end == "'" {
            quoted = !quoted;
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_nonces_and_quotes_do_not_make_a_line_new() {
        let one = masked("2026/01/01 12:00:00 [info] 17#17: *5 client sent \"GET /a\" nab12cd34");
        let other = masked("2026/01/02 13:01:09 [info] 18#18: *99 client sent \"POST /b\" nff00ee11");
        assert_eq!(one, other);
        assert_ne!(
            one,
            masked("2026/01/02 13:01:09 [crit] 18#18: *99 client sent \"POST /b\" nff00")
        );
    }

    #[test]
    fn a_behaviour_is_new_once() {
        let mut novelty = Novelty::default();
        assert!(novelty.note("end", "http 400"));
        assert!(!novelty.note("end", "http 400"));
        assert!(novelty.note("log", "http 400"));
        assert_eq!(novelty.count(), 2);
    }
}
