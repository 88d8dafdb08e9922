//! A URI as Go's net/url prints it after parsing: Traefik does not send the bytes of the certificate.
//!
//! Modelled are scheme, opaque part, host, path, query and fragment. User information and addresses in brackets are taken as
//! they are.

use crate::encoding::hexadecimal;

/// The text that `url.Parse(text).String()` gives; `None` where parsing fails, and with it that of the certificate.
pub(super) fn reprint(text: &str) -> Option<String> {
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return None;
    }
    let (rest, fragment) = text
        .split_once('#')
        .map_or((text, ""), |(rest, fragment)| (rest, fragment));
    let (scheme, rest) = scheme(rest)?;
    let (rest, query) = rest
        .split_once('?')
        .map_or((rest, None), |(rest, query)| (rest, Some(query)));
    let mut out = String::with_capacity(text.len());
    if !scheme.is_empty() {
        out.push_str(&scheme.to_ascii_lowercase());
        out.push(':');
    }
    if rest.starts_with('/') || scheme.is_empty() {
        if scheme.is_empty()
            && rest
                .split('/')
                .next()
                .is_some_and(|segment| segment.contains(':'))
        {
            return None;
        }
        let (authority, path) = authority(rest, scheme.is_empty());
        if let Some(authority) = authority {
            if !is_authority(authority) {
                return None;
            }
            if !authority.is_empty() || !path.is_empty() {
                out.push_str("//");
            }
            out.push_str(authority);
        }
        out.push_str(&escaped(path, b"$&+,/:;=@")?);
    } else {
        out.push_str(rest);
    }
    if let Some(query) = query {
        out.push('?');
        out.push_str(query);
    }
    if !fragment.is_empty() {
        out.push('#');
        out.push_str(&escaped(fragment, b"$&+,/:;=?@!()*")?);
    }
    Some(out)
}

/// The scheme, empty if there is none, and what follows its colon.
fn scheme(text: &str) -> Option<(&str, &str)> {
    for (position, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if position > 0 => {}
            b':' if position == 0 => return None,
            b':' => return text.split_once(':'),
            _ => break,
        }
    }
    Some(("", text))
}

/// The part after `//`, if there is one, and the path.
fn authority(text: &str, has_no_scheme: bool) -> (Option<&str>, &str) {
    let rest = text
        .strip_prefix("//")
        .filter(|rest| !(has_no_scheme && rest.starts_with('/')));
    match rest {
        None => (None, text),
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            (Some(authority), path)
        }
    }
}

fn is_authority(text: &str) -> bool {
    let host = text.rsplit_once('@').map_or(text, |(_, host)| host);
    let has_port = host
        .rsplit_once(':')
        .is_none_or(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let is_legal = |byte: u8| is_unreserved(byte) || b"!$&'()*+,;=:[]<>\"".contains(&byte) || byte >= 0x80;
    host.bytes().all(is_legal) && (has_port || host.ends_with(']'))
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte)
}

/// The text itself if it is a legal encoding, else what it decodes to with all but `kept` encoded.
fn escaped(text: &str, kept: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut is_legal = true;
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        match (*first, after) {
            (b'%', [high, low, after @ ..]) => {
                bytes.push(hexadecimal::byte(*high, *low)?);
                rest = after;
            }
            (b'%', _) => return None,
            (byte, _) => {
                is_legal &=
                    is_unreserved(byte) || b"!$&'()*+,;=:@[]/".contains(&byte) || kept.contains(&byte);
                bytes.push(byte);
            }
        }
    }
    if is_legal {
        return Some(text.to_owned());
    }
    let mut out = String::with_capacity(bytes.len());
    for byte in bytes {
        if is_unreserved(byte) || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.extend(hexadecimal::upper_digits(byte).map(char::from));
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::reprint;

    #[test]
    fn uris_are_printed_as_go_does() {
        for (text, printed) in [
            (
                "spiffe://td/ns/a,b;c=\"d\"/sa/x",
                Some("spiffe://td/ns/a,b;c=%22d%22/sa/x"),
            ),
            (
                "HTTPS://alice.example.test/, email:admin",
                Some("https://alice.example.test/,%20email:admin"),
            ),
            ("urn:second part", Some("urn:second part")),
            ("https://a/%41 b", Some("https://a/A%20b")),
            ("https://a/%41b?c d#e f", Some("https://a/%41b?c d#e%20f")),
            ("https://a/%4", None),
            ("https://a b/", None),
            ("https://a\r\n/", None),
            (":a", None),
            ("a/b:c", Some("a/b:c")),
            ("1:b", None),
        ] {
            assert_eq!(reprint(text).as_deref(), printed, "{text}");
        }
    }
}
