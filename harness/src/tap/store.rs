//! What was recorded, within fixed limits: the oldest requests make room for the newest.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Framing;
use super::file::RecordFile;
use super::splitter::Piece;
use super::uwsgi;

/// Longest head that is kept, in bytes.
pub const HEAD_LIMIT: usize = 256 * 1024;
/// Longest body that is kept, in bytes.
pub const BODY_LIMIT: usize = 64 * 1024;
/// Most requests that are kept.
pub const REQUESTS_LIMIT: usize = 4096;
/// Most bytes that are kept, over all requests.
pub const BYTES_LIMIT: usize = 64 * 1024 * 1024;

/// One forwarded request, as it went over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The exact bytes up to and including the empty line; less where the connection ended before it.
    pub head: Vec<u8>,
    /// The exact bytes after it, chunk framing and trailers included. All that follows an HTTP/2 preface, a CONNECT, a
    /// 101 or broken chunk framing is one body.
    pub body: Vec<u8>,
    /// The connection that it came over, counted from 0.
    pub connection: u64,
    /// Its place on that connection, counted from 0.
    pub index: u32,
    /// Head or body were longer than what is kept.
    pub truncated: bool,
    /// What the bytes are.
    pub framing: Framing,
}

/// What went over one connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traffic {
    /// Requests, as a lenient reader counts them.
    pub requests: u32,
    /// Final answers of the app: what the app itself took for a request has one.
    pub answers: u32,
}

impl Recorded {
    /// The head as header lines: the exact bytes, or what a packet of another protocol stands for.
    pub fn header_lines(&self) -> Vec<u8> {
        match self.framing {
            Framing::Http => self.head.clone(),
            Framing::Uwsgi => uwsgi::as_http(&self.head),
        }
    }

    fn size(&self) -> usize {
        self.head.len() + self.body.len()
    }

    /// Appends what fits, and gives the number of bytes that did.
    fn append(&mut self, piece: Piece<'_>) -> usize {
        let (kept, limit, bytes) = match piece {
            Piece::Head(bytes) => (&mut self.head, HEAD_LIMIT, bytes),
            Piece::Body(bytes) => (&mut self.body, BODY_LIMIT, bytes),
            Piece::Begin | Piece::End => return 0,
        };
        let fits = bytes.len().min(limit - kept.len().min(limit));
        kept.extend_from_slice(bytes.get(..fits).unwrap_or_default());
        self.truncated |= fits < bytes.len();
        fits
    }
}

#[derive(Debug, Default)]
struct Shelf {
    /// Number of the first request on the shelf; the others follow without gaps.
    first: u64,
    requests: VecDeque<Recorded>,
    bytes: usize,
}

impl Shelf {
    fn at(&mut self, number: u64) -> Option<&mut Recorded> {
        let place = number.checked_sub(self.first)?;
        self.requests.get_mut(usize::try_from(place).ok()?)
    }

    fn shrink(&mut self) {
        while self.requests.len() > REQUESTS_LIMIT || self.bytes > BYTES_LIMIT {
            let Some(oldest) = self.requests.pop_front() else {
                return;
            };
            self.bytes = self.bytes.saturating_sub(oldest.size());
            self.first += 1;
        }
    }
}

/// All recorded requests of a tap.
#[derive(Debug)]
pub(super) struct Store {
    shelf: Mutex<Shelf>,
    /// Final answers of the app, by connection.
    answers: Mutex<BTreeMap<u64, u32>>,
    file: Option<RecordFile>,
    framing: Framing,
}

/// The place where one connection's requests are written.
#[derive(Debug)]
pub(super) struct Page<'a> {
    store: &'a Store,
    connection: u64,
    next_index: u32,
    open: Option<u64>,
}

impl Store {
    pub(super) fn new(file: Option<RecordFile>, framing: Framing) -> Self {
        Self {
            shelf: Mutex::default(),
            answers: Mutex::default(),
            file,
            framing,
        }
    }

    pub(super) fn framing(&self) -> Framing {
        self.framing
    }

    fn shelf(&self) -> MutexGuard<'_, Shelf> {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn requests_with(&self, needle: &[u8]) -> Vec<Recorded> {
        let finder = memchr::memmem::Finder::new(needle);
        let holds = |bytes: &[u8]| finder.find(bytes).is_some();
        self.shelf()
            .requests
            .iter()
            .filter(|request| holds(&request.head) || holds(&request.body))
            .cloned()
            .collect()
    }

    /// Counts one more final answer on a connection.
    pub(super) fn answered(&self, connection: u64) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        let count = answers.entry(connection).or_default();
        *count = count.saturating_add(1);
        while answers.len() > REQUESTS_LIMIT {
            answers.pop_first();
        }
    }

    pub(super) fn traffic(&self, connection: u64) -> Traffic {
        let shelf = self.shelf();
        let requests = shelf
            .requests
            .iter()
            .filter(|request| request.connection == connection);
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        Traffic {
            requests: requests.map(|request| request.index + 1).max().unwrap_or(0),
            answers: answers.get(&connection).copied().unwrap_or(0),
        }
    }

    pub(super) fn dropped(&self) -> u64 {
        self.shelf().first
    }

    pub(super) fn page(&self, connection: u64) -> Page<'_> {
        Page {
            store: self,
            connection,
            next_index: 0,
            open: None,
        }
    }
}

impl Page<'_> {
    /// Records one piece. Returns only when it can be found.
    pub(super) fn write(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Begin => self.begin(),
            Piece::Head(_) | Piece::Body(_) => {
                let Some(number) = self.open else { return };
                let mut shelf = self.store.shelf();
                let Some(request) = shelf.at(number) else { return };
                let added = request.append(piece);
                shelf.bytes += added;
                shelf.shrink();
            }
            Piece::End => self.end(),
        }
    }

    fn begin(&mut self) {
        self.end();
        let mut shelf = self.store.shelf();
        let (connection, index) = (self.connection, self.next_index);
        shelf.requests.push_back(Recorded {
            head: Vec::new(),
            body: Vec::new(),
            connection,
            index,
            truncated: false,
            framing: self.store.framing,
        });
        self.open = Some(shelf.first + u64::try_from(shelf.requests.len()).unwrap_or(u64::MAX) - 1);
        self.next_index = self.next_index.saturating_add(1);
        shelf.shrink();
    }

    fn end(&mut self) {
        let Some(number) = self.open.take() else { return };
        let Some(file) = &self.store.file else { return };
        let request = self.store.shelf().at(number).cloned();
        if let Some(request) = request {
            file.write(&request);
        }
    }
}

impl Drop for Page<'_> {
    fn drop(&mut self) {
        self.end();
    }
}
