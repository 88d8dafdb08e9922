//! A recording relay between proxy and app: the exact bytes of each forwarded request, so that a verdict can say what
//! the app was really handed.
//!
//! The relay changes nothing, holds nothing back and passes half-closes and resets on. A piece is recorded before it is
//! forwarded: whoever has read the app's answer finds the whole request here. What the bytes mean is not decided here;
//! next stage: `launch`, which puts the tap where the proxy sends to.

mod answer;
mod face;
mod file;
#[doc(hidden)]
pub mod fuzzing;
mod old_version;
mod relay;
mod splitter;
mod store;
mod tampering;
mod uwsgi;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use crate::deployment::launch_file::Framing;
pub use attack_wire::Address as TapAddress;
use attack_wire::tls::old_server::Answer;
pub use face::{Face, Faces};
use file::RecordFile;
pub use old_version::SPOKEN_VERSION;
use relay::Relay;
use store::Store;
pub use store::{BODY_LIMIT, BYTES_LIMIT, HEAD_LIMIT, REQUESTS_LIMIT, Recorded, Traffic};
pub use tampering::Tampering;

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
    /// A certificate cannot be shown.
    #[error("tap: show the certificate `{name}`: {message}")]
    Face {
        /// Its name.
        name: String,
        /// Why.
        message: String,
    },
    /// No thread could be started.
    #[error("tap: start a thread")]
    Thread(#[source] std::io::Error),
}

/// A running relay. Dropping it closes the listener and every connection, and waits for its accepting thread.
#[derive(Debug)]
pub struct Tap {
    // The TLS listener ends before the relay behind it.
    front: Option<face::Front>,
    store: Arc<Store>,
    relay: Arc<Relay>,
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
        let relay = Arc::new(Relay::start(listen, to, &store)?);
        Ok(Self {
            front: None,
            store,
            relay,
        })
    }

    /// As [`Tap::start_framed`], and speaks TLS with the proxy: it shows the honest face of `faces` until told otherwise.
    ///
    /// # Errors
    /// As [`Tap::start`], and where a certificate cannot be shown.
    pub fn start_tls(
        listen: &TapAddress,
        to: &TapAddress,
        framing: Framing,
        faces: &Faces,
    ) -> Result<Self, TapError> {
        let store = Arc::new(Store::new(None, framing));
        let relay = Arc::new(Relay::behind_tls(to, &store));
        let front = face::Front::start(listen, faces, Arc::clone(&relay))?;
        Ok(Self {
            front: Some(front),
            store,
            relay,
        })
    }

    /// Shows the proxy another certificate, `None` for the honest one, and ends all connections. False where the tap speaks no
    /// TLS, or has no certificate of that name.
    #[must_use]
    pub fn show(&self, face: Option<&str>) -> bool {
        self.front.as_ref().is_some_and(|front| front.show(face))
    }

    /// How many times the proxy was shown the certificate since it was changed; 0 without TLS.
    pub fn met(&self) -> usize {
        self.front.as_ref().map(face::Front::met).unwrap_or_default()
    }

    /// What the proxy said to an old version since it is played (see [`Face::old`]); `None` while another face is shown.
    pub fn answers(&self) -> Option<Vec<Answer>> {
        self.front.as_ref().and_then(face::Front::answers)
    }

    /// How many answers were tampered with since the face is shown (see [`Face::tampers`]); `None` while one is shown that tampers
    /// with nothing.
    pub fn tampered(&self) -> Option<usize> {
        self.front.as_ref().and_then(face::Front::tampered)
    }

    /// What the proxy said of the certificate since it is shown.
    pub fn refusals(&self) -> Vec<String> {
        self.front.as_ref().map(face::Front::refusals).unwrap_or_default()
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
    pub fn listen_address(&self) -> Option<&TapAddress> {
        match &self.front {
            Some(front) => Some(front.address()),
            None => self.relay.address(),
        }
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
