//! Text inside XML and HTML: what a peer wrote must neither end an element nor begin one, nor break the document.

use super::harmless;

/// `text` for character data and for attribute values in either quote, of XML 1.0 and HTML. Control characters are escaped as
/// for a terminal, because XML 1.0 (section 2.2) has no way to write most of them; so are the two noncharacters that it bans.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in harmless(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => out.extend(character.escape_unicode()),
            _ => out.push(character),
        }
    }
    out
}

/// As [`escaped`], on one line: a line feed in an attribute value would be read back as a space.
pub(super) fn escaped_line(text: &str) -> String {
    escaped(&text.replace('\n', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_an_element_an_attribute_or_a_cdata_section() {
        assert_eq!(
            escaped("</x a=\"b\" c='d'>]]>&\n"),
            "&lt;/x a=&quot;b&quot; c=&#39;d&#39;&gt;]]&gt;&amp;\n"
        );
    }

    #[test]
    fn what_xml_cannot_hold_is_written_as_an_escape() {
        assert_eq!(escaped("\0\x1b\u{fffe}"), "\\u{0}\\u{1b}\\u{fffe}");
    }

    #[test]
    fn a_line_stays_a_line() {
        assert_eq!(escaped_line("a\nb<"), "a b&lt;");
    }
}
