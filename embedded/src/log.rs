//! Log files: one line an event, appended and flushed at once, everything that a client chose escaped.
//!
//! Never here, unless a fault says so: certificates, cookies, `Authorization`, API keys, bodies.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;

use crate::error::StartError;

/// Longest piece of client-chosen text in a line, in characters.
const LONGEST: usize = 1024;

/// Query keys whose values are replaced in the access log.
const SECRET_KEYS: [&str; 8] = [
    "api-key",
    "code",
    "csrf",
    "key",
    "password",
    "secret",
    "sessionid",
    "token",
];

/// The `[logs]` table: where the files are. A file that is not named is not written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LogConfig {
    /// A line for each request: time, peer, method, target, status, user.
    pub access: Option<PathBuf>,
    /// A line for each failure: handshakes, upstream, limits.
    pub error: Option<PathBuf>,
    /// A line for each refused certificate: which and why (the proxy only).
    pub audit: Option<PathBuf>,
}

/// One log file, or nothing.
#[derive(Debug)]
pub(crate) struct Log {
    file: Option<Mutex<File>>,
}

impl Log {
    /// Opens `path` for appending.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, StartError> {
        let file = match path {
            None => None,
            Some(path) => Some(Mutex::new(
                OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(path)
                    .map_err(|source| StartError::Log {
                        path: path.to_owned(),
                        source,
                    })?,
            )),
        };
        Ok(Self { file })
    }

    /// Appends `line` after the time. A full disk must not stop the service, so a failed write is dropped.
    pub(crate) fn line(&self, line: &str) {
        let Some(file) = &self.file else { return };
        let text = format!("{} {line}\n", jiff::Timestamp::now());
        let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
        drop(file.write_all(text.as_bytes()));
    }
}

/// `text` between quotes with control characters, quotes, backslashes and non-ASCII escaped, cut at a fixed length,
/// so that nothing a client sends can end a line or a field or move a terminal's cursor (CWE-117).
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len().min(LONGEST) + 2);
    quoted.push('"');
    for (count, letter) in text.chars().enumerate() {
        if count == LONGEST {
            quoted.push_str("...");
            break;
        }
        match letter {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(letter);
            }
            ' '..='~' => quoted.push(letter),
            _ => {
                let _ = write!(quoted, "\\u{{{:x}}}", u32::from(letter));
            }
        }
    }
    quoted.push('"');
    quoted
}

/// A request target for the log: the path and the query, with the values of secret keys replaced.
pub(crate) fn redact(target: &str) -> String {
    let Some((path, query)) = target.split_once('?') else {
        return target.to_owned();
    };
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if secret(key) => format!("{key}=-"),
            _ => pair.to_owned(),
        })
        .collect();
    format!("{path}?{}", pairs.join("&"))
}

/// Whether a query key names a secret, however it is spelled.
fn secret(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace('_', "-");
    SECRET_KEYS.iter().any(|word| key.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_line_or_a_field() {
        assert_eq!(
            quote("a\r\nb\"c\\\u{1b}[2J\u{202e}"),
            r#""a\u{d}\u{a}b\"c\\\u{1b}[2J\u{202e}""#
        );
    }

    #[test]
    fn long_text_is_cut() {
        assert!(quote(&"x".repeat(100_000)).len() < LONGEST + 10);
    }

    #[test]
    fn secrets_leave_the_query_and_a_nonce_stays() {
        assert_eq!(
            redact("/a?nonce=n1&API_KEY=s&token=t&b"),
            "/a?nonce=n1&API_KEY=-&token=-&b"
        );
        assert_eq!(redact("/a"), "/a");
    }
}
