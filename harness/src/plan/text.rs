//! Placeholders in the texts of a scenario: `{nonce}`, `{front}`, `{identity-headers}` and the like.

use std::collections::BTreeMap;

/// The words that may stand between braces, and what each becomes.
#[derive(Debug, Clone, Default)]
pub struct Words(BTreeMap<&'static str, Vec<u8>>);

impl Words {
    /// Adds a word.
    #[must_use]
    pub fn with(mut self, word: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        self.0.insert(word, bytes.into());
        self
    }

    /// Fills in `{word}` and the escapes `\r \n \t \0 \\ \xHH`; `{{` is a brace.
    ///
    /// # Errors
    /// The unknown word, with the valid ones.
    pub fn fill(&self, template: &str) -> Result<Vec<u8>, String> {
        let mut filled = Vec::with_capacity(template.len());
        let mut rest = template;
        while let Some(at) = rest.find(['{', '\\']) {
            let (before, special) = rest.split_at(at);
            filled.extend_from_slice(before.as_bytes());
            rest = if special.starts_with('\\') {
                escape(special, &mut filled)?
            } else {
                self.word(special, &mut filled)?
            };
        }
        filled.extend_from_slice(rest.as_bytes());
        Ok(filled)
    }

    fn word<'t>(&self, text: &'t str, filled: &mut Vec<u8>) -> Result<&'t str, String> {
        if let Some(rest) = text.strip_prefix("{{") {
            filled.push(b'{');
            return Ok(rest);
        }
        let Some((word, rest)) = text.strip_prefix('{').and_then(|inner| inner.split_once('}')) else {
            return Err("a `{` without its `}`; write `{{` for a brace".to_owned());
        };
        let Some(bytes) = self.0.get(word) else {
            return Err(format!(
                "unknown placeholder `{{{word}}}`, {}",
                crate::complaint::did_you_mean(word, self.0.keys().copied())
            ));
        };
        filled.extend_from_slice(bytes);
        Ok(rest)
    }
}

fn escape<'t>(text: &'t str, filled: &mut Vec<u8>) -> Result<&'t str, String> {
    for (written, byte) in [
        ("\\r", b'\r'),
        ("\\n", b'\n'),
        ("\\t", b'\t'),
        ("\\0", 0),
        ("\\\\", b'\\'),
    ] {
        if let Some(rest) = text.strip_prefix(written) {
            filled.push(byte);
            return Ok(rest);
        }
    }
    let hex = text.strip_prefix("\\x").and_then(|rest| rest.split_at_checked(2));
    match hex.and_then(|(digits, rest)| Some((u8::from_str_radix(digits, 16).ok()?, rest))) {
        Some((byte, rest)) => {
            filled.push(byte);
            Ok(rest)
        }
        None => Err("unknown escape; valid: \\r \\n \\t \\0 \\\\ \\xHH".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_escapes_are_filled() {
        let words = Words::default().with("nonce", "n1");
        assert_eq!(words.fill("a{nonce}{{\\r\\x00"), Ok(b"an1{\r\0".to_vec()));
    }

    #[test]
    fn an_unknown_word_names_the_valid_ones() {
        let error = Words::default().with("nonce", "n1").fill("{nonse}").unwrap_err();
        assert!(error.contains("did you mean `nonce`"), "{error}");
    }
}
