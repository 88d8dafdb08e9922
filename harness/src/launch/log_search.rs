//! Reads what logs gained since a mark, bounded.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// Where the log files and the log command of a deployment are.
#[derive(Debug, Clone, Default)]
pub struct LogSearch {
    patterns: Vec<String>,
    command: Option<String>,
    tellers: Arc<Mutex<Tellers>>,
}

/// The logs that told of honest exchanges so far, in this run.
#[derive(Debug, Default)]
struct Tellers {
    names: BTreeSet<String>,
    lessons: usize,
}

/// How long each log was at one moment.
#[derive(Debug, Clone, Default)]
pub struct LogMark {
    lengths: BTreeMap<PathBuf, u64>,
    output: u64,
}

impl LogSearch {
    pub(super) fn new(patterns: Vec<String>, command: Option<String>) -> Self {
        Self {
            patterns,
            command,
            tellers: Arc::default(),
        }
    }

    /// Learns which logs told of an honest exchange that was granted.
    pub fn learn(&self, told: &BTreeSet<String>) {
        let mut tellers = self.tellers.lock().unwrap_or_else(PoisonError::into_inner);
        tellers.names.extend(told.iter().cloned());
        tellers.lessons += 1;
    }

    /// The logs that told of honest exchanges, and from how many of these that is known.
    pub fn tellers(&self) -> (BTreeSet<String>, usize) {
        let tellers = self.tellers.lock().unwrap_or_else(PoisonError::into_inner);
        (tellers.names.clone(), tellers.lessons)
    }

    /// The present lengths.
    pub fn mark(&self) -> LogMark {
        let lengths = self
            .files()
            .into_iter()
            .filter_map(|path| Some((path.clone(), std::fs::metadata(&path).ok()?.len())));
        let output = self
            .command
            .as_ref()
            .map_or(0, |_| u64::try_from(self.output().len()).unwrap_or(u64::MAX));
        LogMark {
            lengths: lengths.collect(),
            output,
        }
    }

    /// What each file gained since `mark`, at most its last `limit` bytes. A file that is shorter now was rotated or is
    /// new, and is read whole. The command's output comes as the file `command`.
    pub fn since(&self, mark: &LogMark, limit: usize) -> Vec<(String, Vec<u8>)> {
        let mut found = Vec::new();
        for path in self.files() {
            let before = mark.lengths.get(&path).copied().unwrap_or(0);
            if let Some(bytes) = gained(&path, before, limit).filter(|bytes| !bytes.is_empty()) {
                found.push((path.display().to_string(), bytes));
            }
        }
        if self.command.is_some() {
            let output = self.output();
            let before = usize::try_from(mark.output).unwrap_or(usize::MAX);
            let news = output.get(before..).unwrap_or(&output);
            let tail = news.get(news.len().saturating_sub(limit)..).unwrap_or_default();
            if !tail.is_empty() {
                found.push(("command".to_owned(), tail.to_vec()));
            }
        }
        found
    }

    /// The files that the patterns name now, `*` in the last part of the path.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        for pattern in &self.patterns {
            let path = Path::new(pattern);
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                continue;
            };
            let (Some(parent), Ok(glob)) = (path.parent(), globset::Glob::new(name)) else {
                continue;
            };
            if !name.contains('*') {
                files.push(path.to_owned());
                continue;
            }
            let matcher = glob.compile_matcher();
            let entries = std::fs::read_dir(parent).into_iter().flatten().flatten();
            files.extend(
                entries
                    .filter(|entry| matcher.is_match(entry.file_name()))
                    .map(|entry| entry.path()),
            );
        }
        files.sort();
        files.dedup();
        files
    }

    fn output(&self) -> Vec<u8> {
        let Some(command) = &self.command else {
            return Vec::new();
        };
        let run = Command::new("sh")
            .args(["-c", command])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output();
        run.map(|output| output.stdout).unwrap_or_default()
    }
}

fn gained(path: &Path, before: u64, limit: usize) -> Option<Vec<u8>> {
    let mut file = std::fs::File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    let begin = if length < before { 0 } else { before };
    file.seek(SeekFrom::Start(begin.max(length.saturating_sub(limit))))
        .ok()?;
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}
