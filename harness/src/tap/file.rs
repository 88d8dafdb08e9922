//! Recorded requests as lines of JSON in a file that only its owner reads: they may hold secrets.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use super::store::Recorded;

/// A file of requests, one a line.
#[derive(Debug)]
pub(super) struct RecordFile {
    file: Mutex<File>,
}

#[derive(Serialize)]
struct Line<'a> {
    connection: u64,
    index: u32,
    truncated: bool,
    head: &'a str,
    head_base64: String,
    body_base64: String,
}

impl RecordFile {
    /// Makes the file; one that is there already is left alone and refused.
    pub(super) fn create(path: &Path) -> std::io::Result<Self> {
        let file = OpenOptions::new()
            .create_new(true)
            .append(true)
            .mode(0o600)
            .open(path)?;
        Ok(Self {
            file: Mutex::new(file),
        })
    }

    /// Appends a request. A full disk must not stop the traffic, so a failed write loses the line only.
    pub(super) fn write(&self, request: &Recorded) {
        let line = Line {
            connection: request.connection,
            index: request.index,
            truncated: request.truncated,
            head: &String::from_utf8_lossy(&request.head),
            head_base64: STANDARD.encode(&request.head),
            body_base64: STANDARD.encode(&request.body),
        };
        let Ok(mut text) = serde_json::to_vec(&line) else {
            return;
        };
        text.push(b'\n');
        drop(
            self.file
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .write_all(&text),
        );
    }
}
