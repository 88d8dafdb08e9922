//! A recording relay between proxy and app: the exact bytes of each forwarded request, so that a verdict can say what
//! the app was really handed.
//!
//! The relay changes nothing, holds nothing back and passes half-closes and resets on. A piece is recorded before it is
//! forwarded: whoever has read the app's answer finds the whole request here. What the bytes mean is not decided here;
//! next stage: `launch`, which puts the tap where the proxy sends to.

mod answer;
mod file;
mod relay;
mod splitter;
mod store;
mod uwsgi;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use crate::deployment::launch_file::Framing;
pub use attack_wire::Address as TapAddress;
use file::RecordFile;
use relay::Relay;
use store::Store;
pub use store::{BODY_LIMIT, BYTES_LIMIT, HEAD_LIMIT, REQUESTS_LIMIT, Recorded, Traffic};

/// Why a tap could not be put in place.
#[derive(Debug, thiserror::Error)]
pub enum TapError {
    /// The address where the proxy sends to is taken or not ours.
    #[error("tap: listen on {address}")]
    Listen {
        /// The address.
        address: String,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// The file to record into exists already or cannot be made.
    #[error("tap: create {}", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: std::io::Error,
    },
    /// No thread could be started.
    #[error("tap: start a thread")]
    Thread(#[source] std::io::Error),
}

/// A running relay. Dropping it closes the listener and every connection, and waits for its accepting thread.
#[derive(Debug)]
pub struct Tap {
    store: Arc<Store>,
    relay: Relay,
}

impl Tap {
    /// Listens on `listen` (port 0 asks for a free one) and relays every connection to `to`.
    ///
    /// # Errors
    /// [`TapError`] when the address cannot be listened on. That `to` does not answer is no error: each connection is
    /// then reset, as the missing app itself would do.
    pub fn start(listen: &TapAddress, to: &TapAddress) -> Result<Self, TapError> {
        Self::start_framed(listen, to, Framing::Http)
    }

    /// As [`Tap::start`], where proxy and app speak another protocol than HTTP.
    ///
    /// # Errors
    /// As [`Tap::start`].
    pub fn start_framed(listen: &TapAddress, to: &TapAddress, framing: Framing) -> Result<Self, TapError> {
        Self::with_store(listen, to, Store::new(None, framing))
    }

    /// As [`Tap::start`], and writes each request to a new file of mode 0600 when it is complete or its connection
    /// ends: one JSON line with `connection`, `index`, `truncated`, `head` (as text, bytes that are not UTF-8
    /// replaced), `head_base64` and `body_base64` (exact).
    ///
    /// # Errors
    /// As [`Tap::start`], and when the file exists or cannot be made.
    pub fn start_recording(listen: &TapAddress, to: &TapAddress, file: &Path) -> Result<Self, TapError> {
        let file = RecordFile::create(file).map_err(|source| TapError::Record {
            path: file.to_owned(),
            source,
        })?;
        Self::with_store(listen, to, Store::new(Some(file), Framing::Http))
    }

    fn with_store(listen: &TapAddress, to: &TapAddress, store: Store) -> Result<Self, TapError> {
        let store = Arc::new(store);
        let relay = Relay::start(listen, to, &store)?;
        Ok(Self { store, relay })
    }

    /// The recorded requests whose head or body holds `needle`, oldest first. An empty needle finds all.
    pub fn requests_with(&self, needle: &[u8]) -> Vec<Recorded> {
        self.store.requests_with(needle)
    }

    /// What went over a connection: whether the app saw more requests than were written tells only the app.
    pub fn traffic(&self, connection: u64) -> Traffic {
        self.store.traffic(connection)
    }

    /// Where it listens, with the port that it really got.
    pub fn listen_address(&self) -> &TapAddress {
        self.relay.address()
    }

    /// How many requests were dropped from memory, oldest first, to stay within the limits.
    pub fn dropped(&self) -> u64 {
        self.store.dropped()
    }

    /// Closes the listener and every connection.
    pub fn stop(self) {
        drop(self);
    }
}
