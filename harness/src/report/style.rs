//! How text looks: colours, width, and the taming of what a peer wrote.

use std::fmt::Write as _;

/// What the place of output can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    /// ANSI colours.
    pub colour: bool,
    /// Columns; text is folded at it.
    pub width: usize,
}

impl Look {
    /// For files and pipes: no colours, 100 columns whatever the terminal is, so that two runs give the same bytes.
    pub const PLAIN: Self = Self {
        colour: false,
        width: 100,
    };

    /// Narrower than this is not folded any further: words would no longer fit.
    const NARROWEST: usize = 40;

    /// `text` in a colour, where there are colours.
    pub(super) fn paint(self, colour: Colour, text: &str) -> String {
        if self.colour {
            format!("\x1b[{}m{text}\x1b[0m", colour.code())
        } else {
            text.to_owned()
        }
    }

    /// Folds `text` between words into lines that begin with `indent` spaces. Words are never cut.
    pub(super) fn fold(self, indent: usize, text: &str) -> String {
        let width = self.width.max(Self::NARROWEST).saturating_sub(indent);
        let mut folded = String::new();
        for paragraph in harmless(text).lines() {
            let mut used = 0;
            for word in paragraph.split_whitespace() {
                let length = word.chars().count();
                if used == 0 {
                    folded.extend(std::iter::repeat_n(' ', indent));
                } else if used + 1 + length > width {
                    folded.push('\n');
                    folded.extend(std::iter::repeat_n(' ', indent));
                    used = 0;
                } else {
                    folded.push(' ');
                    used += 1;
                }
                folded.push_str(word);
                used += length;
            }
            folded.push('\n');
        }
        folded
    }
}

/// What a colour is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    /// A failure.
    Bad,
    /// A pass.
    Good,
    /// Of less weight.
    Quiet,
    /// A heading.
    Strong,
    /// Nothing proven.
    Unsure,
}

impl Colour {
    fn code(self) -> &'static str {
        match self {
            Self::Bad => "1;31",
            Self::Good => "32",
            Self::Quiet => "2",
            Self::Strong => "1",
            Self::Unsure => "33",
        }
    }
}

/// The text with control characters and direction marks written as escapes: what a hostile peer answered must not steer
/// the reader's terminal. Line feeds stay.
pub fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if steers(character) {
            // Writing to a String cannot fail.
            let _ = write!(out, "{}", character.escape_default());
        } else {
            out.push(character);
        }
    }
    out
}

/// JSON with the same characters written as escapes, which mean the same: a serialiser escapes those below a blank only, and
/// JSON too is looked at in a terminal. Line feeds stay, since none is inside a string.
pub(super) fn harmless_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        if steers(character) {
            // All of them have one unit in UTF-16. Writing to a String cannot fail.
            let _ = write!(out, "\\u{:04x}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out
}

/// Whether a terminal would obey the character. Line feeds are text.
fn steers(character: char) -> bool {
    let is_mark = matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    is_mark || character.is_control() && character != '\n'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_direction_marks_are_shown_not_obeyed() {
        assert_eq!(
            harmless("a\x1b[2Jb\r\u{202e}c\nd"),
            "a\\u{1b}[2Jb\\r\\u{202e}c\nd"
        );
    }

    #[test]
    fn json_with_escapes_means_the_same() {
        let text = "a\u{9b}2J\u{7f}\u{202e}\u{eb}\n";
        let json = serde_json::to_string_pretty(&[text]).unwrap();
        let shown = harmless_json(&json);
        assert!(shown.contains("a\\u009b2J\\u007f\\u202e\u{eb}"), "{shown}");
        assert_eq!(serde_json::from_str::<[String; 1]>(&shown).unwrap(), [text]);
    }

    #[test]
    fn text_folds_between_words_at_the_width() {
        let look = Look {
            colour: false,
            width: 40,
        };
        let text = "the quick brown fox jumps over the lazy dog and on and on";
        let folded = look.fold(4, text);
        assert!(
            folded
                .lines()
                .all(|line| line.starts_with("    ") && line.len() <= 40),
            "{folded}"
        );
        assert_eq!(folded.split_whitespace().collect::<Vec<_>>().join(" "), text);
    }

    #[test]
    fn a_long_word_is_not_cut() {
        let word = "x".repeat(200);
        assert_eq!(
            Look {
                colour: false,
                width: 40
            }
            .fold(2, &word),
            format!("  {word}\n")
        );
    }

    #[test]
    fn without_colours_there_are_no_escapes() {
        assert_eq!(Look::PLAIN.paint(Colour::Bad, "x"), "x");
        assert_eq!(
            Look {
                colour: true,
                width: 80
            }
            .paint(Colour::Good, "x"),
            "\x1b[32mx\x1b[0m"
        );
    }
}
