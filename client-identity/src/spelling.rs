//! How an attacker writes a header so that two parsers differ on its name or its value.

use std::fmt;
use std::str::FromStr;

/// A way to write a header. [`Spelling::write`] gives raw bytes, which need not be legal HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Spelling {
    /// As the standard has it.
    Canonical,
    /// A carriage return within the value: Envoy deletes it.
    BareCr,
    /// A line feed alone ends a harmless line before, and starts this header in servers that take it for a line end.
    BareLf,
    /// `.` for `-`: some frameworks map both to `_`.
    Dot,
    /// No name before the colon.
    EmptyName,
    /// A space before the name: a continuation of the line before, or a header.
    LeadingSpace,
    /// Letters in alternating case.
    MixedCase,
    /// The value on a continuation line (RFC 9112, section 5.2).
    ObsFold,
    /// A byte over 0x7f at the end of the name.
    NonAscii,
    /// A NUL at the end of the value.
    Nul,
    /// A space before the colon (RFC 9112, section 5.1).
    TrailingSpace,
    /// A tab before the colon.
    TrailingTab,
    /// `_` for `-`: CGI-style environs cannot tell them apart.
    Underscore,
    /// Upper case throughout.
    Upper,
}

impl Spelling {
    /// All spellings, the canonical one first.
    pub const ALL: [Self; 14] = [
        Self::Canonical,
        Self::BareCr,
        Self::BareLf,
        Self::Dot,
        Self::EmptyName,
        Self::LeadingSpace,
        Self::MixedCase,
        Self::NonAscii,
        Self::Nul,
        Self::ObsFold,
        Self::TrailingSpace,
        Self::TrailingTab,
        Self::Underscore,
        Self::Upper,
    ];

    /// The word that scenario files use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Canonical => "canonical",
            Self::BareCr => "bare-cr",
            Self::BareLf => "bare-lf",
            Self::Dot => "dot",
            Self::EmptyName => "empty-name",
            Self::LeadingSpace => "leading-space",
            Self::MixedCase => "mixed-case",
            Self::NonAscii => "non-ascii",
            Self::Nul => "nul",
            Self::ObsFold => "obs-fold",
            Self::TrailingSpace => "trailing-space",
            Self::TrailingTab => "trailing-tab",
            Self::Underscore => "underscore",
            Self::Upper => "upper",
        }
    }

    /// The raw HTTP/1.1 lines, the last CRLF included.
    #[must_use]
    pub fn write(self, name: &str, value: &[u8]) -> Vec<u8> {
        let (name, value) = self.pair(name, value);
        let mut line = match self {
            Self::BareLf => b"X-Harmless: 1\n".to_vec(),
            Self::LeadingSpace => b" ".to_vec(),
            Self::Canonical
            | Self::BareCr
            | Self::Dot
            | Self::EmptyName
            | Self::MixedCase
            | Self::NonAscii
            | Self::Nul
            | Self::ObsFold
            | Self::TrailingSpace
            | Self::TrailingTab
            | Self::Underscore
            | Self::Upper => Vec::new(),
        };
        line.extend(name);
        line.extend_from_slice(match self {
            Self::ObsFold => b":\r\n ",
            Self::TrailingSpace => b" : ",
            Self::TrailingTab => b"\t: ",
            Self::Canonical
            | Self::BareCr
            | Self::BareLf
            | Self::Dot
            | Self::EmptyName
            | Self::LeadingSpace
            | Self::MixedCase
            | Self::NonAscii
            | Self::Nul
            | Self::Underscore
            | Self::Upper => b": ",
        });
        line.extend(value);
        line.extend(b"\r\n");
        line
    }

    /// Name and value of an HTTP/2 field; `None` where only the lines of HTTP/1.1 can be spelt so. HTTP/2 names are in
    /// lower case (RFC 9113, section 8.2), which the letter-case spellings break.
    #[must_use]
    pub fn http2(self, name: &str, value: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
        let lower = name.to_ascii_lowercase();
        match self {
            Self::BareLf | Self::ObsFold => None,
            Self::LeadingSpace => Some((format!(" {lower}").into_bytes(), value.to_vec())),
            Self::TrailingSpace => Some((format!("{lower} ").into_bytes(), value.to_vec())),
            Self::TrailingTab => Some((format!("{lower}\t").into_bytes(), value.to_vec())),
            Self::Canonical
            | Self::BareCr
            | Self::Dot
            | Self::EmptyName
            | Self::MixedCase
            | Self::NonAscii
            | Self::Nul
            | Self::Underscore
            | Self::Upper => Some(self.pair(&lower, value)),
        }
    }

    fn pair(self, name: &str, value: &[u8]) -> (Vec<u8>, Vec<u8>) {
        let mut value = value.to_vec();
        let mut name = name.as_bytes().to_vec();
        match self {
            Self::Dot => name
                .iter_mut()
                .filter(|byte| **byte == b'-')
                .for_each(|byte| *byte = b'.'),
            Self::Underscore => name
                .iter_mut()
                .filter(|byte| **byte == b'-')
                .for_each(|byte| *byte = b'_'),
            Self::EmptyName => name.clear(),
            Self::MixedCase => {
                name.make_ascii_lowercase();
                name.iter_mut().step_by(2).for_each(u8::make_ascii_uppercase);
            }
            Self::Upper => name.make_ascii_uppercase(),
            Self::NonAscii => name.push(0xe9),
            Self::Nul => value.push(0),
            Self::BareCr => value.insert(value.len().min(1), b'\r'),
            Self::Canonical
            | Self::BareLf
            | Self::LeadingSpace
            | Self::ObsFold
            | Self::TrailingSpace
            | Self::TrailingTab => {}
        }
        (name, value)
    }
}

impl fmt::Display for Spelling {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// A word that is no spelling.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("find the spelling `{word}`: valid are {}", Spelling::ALL.map(Spelling::word).join(", "))]
pub struct UnknownSpelling {
    /// The word.
    pub word: String,
}

impl FromStr for Spelling {
    type Err = UnknownSpelling;

    fn from_str(word: &str) -> Result<Self, UnknownSpelling> {
        let found = Self::ALL.into_iter().find(|spelling| spelling.word() == word);
        found.ok_or_else(|| UnknownSpelling {
            word: word.to_owned(),
        })
    }
}
