//! What is wrong with an input file: which file, which bytes, which words would have been right.
//!
//! Every file that people write for us (scenarios, deployments, variants, baselines) is refused through this one type, so
//! that each complaint shows the place and the valid words. It prints nothing; the command line renders it.

use std::ops::Range;
use std::path::{Path, PathBuf};

/// One thing that is wrong with one input file.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{path}:{line}: {message}", path = path.display())]
pub struct Complaint {
    /// The file, as it was named by the user or as it stands in the repository.
    pub path: PathBuf,
    /// Line of the first offending byte, from 1.
    pub line: usize,
    /// Byte range in `text`; empty where the whole file is meant.
    pub span: Range<usize>,
    /// The whole text of the file, so that a renderer can show the line.
    pub text: String,
    /// What is wrong, as a lower-case fragment.
    pub message: String,
    /// What to do: the valid words, or the nearest one.
    pub help: Option<String>,
}

impl Complaint {
    /// A complaint about the bytes `span` of `text`.
    pub fn at(path: &Path, text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let line = text
            .get(..span.start)
            .map_or(1, |head| head.matches('\n').count() + 1);
        Self {
            path: path.to_path_buf(),
            line,
            span,
            text: text.to_owned(),
            message: message.into(),
            help: None,
        }
    }

    /// A complaint about a file as a whole (it cannot be read, say).
    pub fn whole(path: &Path, message: impl Into<String>) -> Self {
        Self::at(path, "", 0..0, message)
    }

    /// The same complaint with the way out.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A TOML or type error, with "did you mean" where serde names the words that it would have taken.
    pub fn toml(path: &Path, text: &str, error: &toml::de::Error) -> Self {
        let message = error.message().to_owned();
        let complaint = Self::at(path, text, error.span().unwrap_or(0..0), message.clone());
        match did_you_mean_from_serde(&message) {
            Some(help) => complaint.with_help(help),
            None => complaint,
        }
    }
}

/// More words than this are not listed: the nearest are.
const MOST_LISTED: usize = 30;

/// `did you mean …?` for a word that is not among `valid`, and the valid words: all of them, or the nearest of many.
pub fn did_you_mean<'a>(word: &str, valid: impl IntoIterator<Item = &'a str>) -> String {
    let valid: Vec<&str> = valid.into_iter().collect();
    let mut near: Vec<(usize, &str)> = valid
        .iter()
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), *candidate))
        .collect();
    near.sort_unstable();
    let list = if valid.len() <= MOST_LISTED {
        format!("valid: {}", valid.join(", "))
    } else {
        let nearest: Vec<&str> = near.iter().take(5).map(|(_, candidate)| *candidate).collect();
        format!("the nearest of {}: {}", valid.len(), nearest.join(", "))
    };
    match near
        .first()
        .filter(|(distance, candidate)| *distance <= 1 + candidate.len() / 3)
    {
        Some((_, candidate)) => format!("did you mean `{candidate}`? {list}"),
        None => list,
    }
}

/// Serde says "unknown field `x`, expected one of `a`, `b`": the words stand between back-ticks.
pub(crate) fn did_you_mean_from_serde(message: &str) -> Option<String> {
    if !message.starts_with("unknown ") {
        return None;
    }
    let mut words = message.split('`').skip(1).step_by(2);
    let word = words.next()?;
    let valid: Vec<&str> = words.collect();
    if valid.is_empty() {
        None
    } else {
        Some(did_you_mean(word, valid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_word_is_named() {
        let help = did_you_mean("presnt", ["present", "request"]);
        assert!(help.starts_with("did you mean `present`?"), "{help}");
    }

    #[test]
    fn a_far_word_lists_all() {
        assert_eq!(
            did_you_mean("zzzzzzzz", ["present", "request"]),
            "valid: present, request"
        );
    }

    #[test]
    fn the_line_is_counted_from_one() {
        let complaint = Complaint::at(Path::new("x.toml"), "a\nb\nc", 2..3, "wrong");
        assert_eq!(complaint.to_string(), "x.toml:2: wrong");
    }
}
