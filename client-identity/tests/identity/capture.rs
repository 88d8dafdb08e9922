//! What real servers forwarded for hostile certificates, as `tests/capture/capture.py` wrote it down.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use client_identity::encoding::{from_base64, hexadecimal};
use sha2::Digest as _;

/// One server and dialect.
pub(crate) struct Capture {
    /// Such as `nginx-1.22.1`.
    pub(crate) server: String,
    /// The dialect's name.
    pub(crate) dialect: String,
    /// What was forwarded in each case, by its name.
    pub(crate) cases: BTreeMap<String, Outcome>,
}

/// What became of one request.
pub(crate) enum Outcome {
    /// The app got these headers.
    Forwarded(Vec<(String, Value)>),
    /// The app got no request; what the client saw.
    Refused(String),
}

/// A header's value as it is kept.
pub(crate) enum Value {
    /// Length and SHA-256.
    Digest(usize, Vec<u8>),
    /// The bytes.
    Whole(Vec<u8>),
}

impl Value {
    pub(crate) fn is(&self, bytes: &[u8]) -> bool {
        match self {
            Self::Digest(length, hash) => {
                bytes.len() == *length && sha2::Sha256::digest(bytes)[..] == hash[..]
            }
            Self::Whole(whole) => bytes == whole,
        }
    }

    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Digest(length, _) => format!("{length} bytes"),
            Self::Whole(whole) => whole.escape_ascii().to_string(),
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/captured")
}

/// The chains that were shown, leaf first, by the case's name.
pub(crate) fn chains() -> BTreeMap<String, Vec<Vec<u8>>> {
    let text = fs::read_to_string(folder().join("certificates.txt")).unwrap();
    let mut certificates: Vec<Vec<u8>> = Vec::new();
    let mut chains = BTreeMap::new();
    for line in text.lines() {
        let (kind, rest) = line.split_once(' ').unwrap();
        if kind == "certificate" {
            certificates.push(from_base64(rest.as_bytes()).unwrap());
            continue;
        }
        let mut words = rest.split(' ');
        let name = words.next().unwrap().to_owned();
        let chain = words.map(|word| certificates.get(word.parse::<usize>().unwrap()).unwrap().clone());
        chains.insert(name, chain.collect());
    }
    chains
}

/// Every capture.
pub(crate) fn captures() -> Vec<Capture> {
    let mut files = Vec::new();
    for server in fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()) {
        if server.is_dir() {
            files.extend(fs::read_dir(server).unwrap().map(|entry| entry.unwrap().path()));
        }
    }
    files.sort();
    files.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Capture {
    let text = fs::read_to_string(path).unwrap();
    let (head, body) = text.split_once("\n\n").unwrap();
    let (server, dialect) = head.split_once('\n').unwrap();
    let capture = Capture {
        server: server.strip_prefix("server ").unwrap().to_owned(),
        dialect: dialect.strip_prefix("dialect ").unwrap().to_owned(),
        cases: BTreeMap::new(),
    };
    let cases = match body.strip_prefix("same ") {
        Some(other) => {
            let file = path.file_name().unwrap();
            read(&folder().join(other.trim_end()).join(file)).cases
        }
        None => body
            .split("\n\n")
            .filter(|block| !block.trim().is_empty())
            .map(case)
            .collect(),
    };
    Capture { cases, ..capture }
}

fn case(block: &str) -> (String, Outcome) {
    let mut lines = block
        .trim_start_matches('\n')
        .split('\n')
        .filter(|line| !line.is_empty());
    let name = lines
        .next()
        .and_then(|line| line.strip_prefix("case "))
        .unwrap()
        .to_owned();
    let mut headers = Vec::new();
    for line in lines {
        if let Some(answer) = line.strip_prefix("refused ") {
            return (name, Outcome::Refused(answer.to_owned()));
        }
        let (header, value) = match (line.split_once(": "), line.split_once("~ ")) {
            (Some((header, _)), Some((other, digest))) if other.len() < header.len() => {
                (other, self::digest(digest))
            }
            (None, Some((header, digest))) => (header, self::digest(digest)),
            (Some((header, value)), _) => (header, Value::Whole(unescaped(value))),
            (None, None) => (line.strip_suffix(':').unwrap(), Value::Whole(Vec::new())),
        };
        headers.push((header.to_owned(), value));
    }
    (name, Outcome::Forwarded(headers))
}

fn digest(text: &str) -> Value {
    let (length, hash) = text.split_once(' ').unwrap();
    Value::Digest(
        length.parse().unwrap(),
        hexadecimal::from_digits(hash.as_bytes()).unwrap(),
    )
}

fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        (rest, _) = match (first, after) {
            (b'\\', [b'\\', after @ ..]) => (after, bytes.push(b'\\')),
            (b'\\', [b'x', high, low, after @ ..]) => {
                (after, bytes.push(hexadecimal::byte(*high, *low).unwrap()))
            }
            (byte, after) => (after, bytes.push(*byte)),
        };
    }
    bytes
}
