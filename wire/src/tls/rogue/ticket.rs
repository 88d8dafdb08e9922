//! Sessions that a rogue client received and can resume as often as it likes, on any connection, under any plan.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use super::link::Message;
use super::message::NewTicket;
use super::schedule::expand_label;
use super::suite::Suite;
use crate::tls::encoding::Cursor;

/// One received session. It knows no name and is never used up: the replay is the server's to notice.
#[derive(Clone)]
pub struct RogueTicket(pub(super) Arc<Kept>);

pub(super) enum Kept {
    Tls12(Kept12),
    Tls13(Kept13),
}

pub(super) struct Kept12 {
    pub(super) session_id: Vec<u8>,
    /// Empty if the server keeps the session and knows it by its id.
    pub(super) ticket: Vec<u8>,
    pub(super) master: Vec<u8>,
    pub(super) suite: Suite,
    pub(super) extended_master_secret: bool,
    pub(super) server_chain: Vec<Vec<u8>>,
}

pub(super) struct Kept13 {
    pub(super) ticket: Vec<u8>,
    pub(super) psk: Vec<u8>,
    pub(super) suite: Suite,
    pub(super) received: Instant,
    age_add: u32,
    early_data_limit: u32,
    pub(super) server_chain: Vec<Vec<u8>>,
}

impl Kept13 {
    /// `None` if the message is malformed.
    pub(super) fn new(message: &Message, suite: Suite, resumption: &[u8], chain: &[Vec<u8>]) -> Option<Self> {
        let new = NewTicket::read(message)?;
        Some(Self {
            psk: expand_label(suite.hash, resumption, "resumption", &new.nonce, suite.hash.len()),
            ticket: new.ticket,
            suite,
            received: Instant::now(),
            age_add: new.age_add,
            early_data_limit: new.early_data_limit,
            server_chain: chain.to_vec(),
        })
    }

    /// How old the ticket is, as it is told to the server (RFC 8446 section 4.2.11.1).
    pub(super) fn obfuscated_age(&self) -> u32 {
        u32::try_from(self.received.elapsed().as_millis())
            .unwrap_or(u32::MAX)
            .wrapping_add(self.age_add)
    }
}

/// The ticket in a NewSessionTicket of TLS 1.2 (RFC 5077 section 3.3).
pub(super) fn ticket12(message: &Message) -> Option<Vec<u8>> {
    let mut body = Cursor(message.body());
    body.long()?;
    body.vector16().map(<[u8]>::to_vec)
}

impl RogueTicket {
    pub(super) fn new(kept: Kept) -> Self {
        Self(Arc::new(kept))
    }

    /// The version of the session, `0x0303` or `0x0304`.
    #[must_use]
    pub fn version(&self) -> u16 {
        match *self.0 {
            Kept::Tls12(_) => 0x0303,
            Kept::Tls13(_) => 0x0304,
        }
    }

    /// How many bytes of early data the server said it takes (RFC 8446 section 4.2.10); zero for none.
    #[must_use]
    pub fn early_data_limit(&self) -> u32 {
        match &*self.0 {
            Kept::Tls12(_) => 0,
            Kept::Tls13(kept) => kept.early_data_limit,
        }
    }

    /// Whether the session is known to the server by its id, and not in a ticket.
    #[must_use]
    pub fn is_by_id(&self) -> bool {
        match &*self.0 {
            Kept::Tls12(kept) => kept.ticket.is_empty(),
            Kept::Tls13(_) => false,
        }
    }
}

impl fmt::Debug for RogueTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The session itself holds keys.
        f.debug_struct("RogueTicket")
            .field("version", &self.version())
            .field("by_id", &self.is_by_id())
            .finish_non_exhaustive()
    }
}
