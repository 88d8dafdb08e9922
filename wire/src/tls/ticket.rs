//! Session tickets that were received, to be resumed under any plan, on any connection.
//!
//! A cautious client files tickets by server name and offers them only there. An attacker carries the ticket of one
//! virtual host to another (CVE-2025-23419), so these know no name. Next: [`crate::tls::client`].

use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustls::NamedGroup;
use rustls::client::{ClientSessionStore, Tls12ClientSessionValue, Tls13ClientSessionValue};
use rustls_pki_types::ServerName;

/// How many tickets of one connection are kept; servers send two to four.
const TICKET_LIMIT: usize = 8;

/// One received session.
///
/// A TLS 1.2 session can be resumed any number of times. A TLS 1.3 ticket is given to the library by value and so can be
/// used once; to replay early data, send the recorded first flight again instead.
#[derive(Clone)]
pub struct Ticket(Arc<Mutex<Session>>);

enum Session {
    Tls12(Tls12ClientSessionValue),
    Tls13(Tls13ClientSessionValue),
    Used,
}

impl Ticket {
    fn new(session: Session) -> Self {
        Self(Arc::new(Mutex::new(session)))
    }

    /// The version of the session, `0x0303` or `0x0304`; `None` once a TLS 1.3 ticket was used.
    #[must_use]
    pub fn version(&self) -> Option<u16> {
        match &*lock(&self.0) {
            Session::Tls12(_) => Some(0x0303),
            Session::Tls13(_) => Some(0x0304),
            Session::Used => None,
        }
    }

    /// How many bytes of early data the server said it takes (RFC 8446 section 4.2.10); zero for none.
    #[must_use]
    pub fn early_data_limit(&self) -> u32 {
        match &*lock(&self.0) {
            Session::Tls13(session) => session.max_early_data_size(),
            Session::Tls12(_) | Session::Used => 0,
        }
    }
}

impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The session itself holds keys.
        f.debug_struct("Ticket")
            .field("version", &self.version())
            .finish_non_exhaustive()
    }
}

/// The session store of one handshake: offers at most one ticket and collects those received.
#[derive(Debug)]
pub(super) struct Jar {
    offered: Option<Ticket>,
    received: Mutex<Vec<Ticket>>,
}

impl Jar {
    pub(super) fn new(offered: Option<Ticket>) -> Self {
        Self {
            offered,
            received: Mutex::new(Vec::new()),
        }
    }

    pub(super) fn received(&self) -> Vec<Ticket> {
        lock(&self.received).clone()
    }

    fn keep(&self, session: Session) {
        let mut received = lock(&self.received);
        if received.len() < TICKET_LIMIT {
            received.push(Ticket::new(session));
        }
    }
}

impl ClientSessionStore for Jar {
    fn set_kx_hint(&self, _: ServerName<'static>, _: NamedGroup) {}

    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        None
    }

    fn set_tls12_session(&self, _: ServerName<'static>, session: Tls12ClientSessionValue) {
        self.keep(Session::Tls12(session));
    }

    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        match &*lock(&self.offered.as_ref()?.0) {
            Session::Tls12(session) => Some(session.clone()),
            Session::Tls13(_) | Session::Used => None,
        }
    }

    fn remove_tls12_session(&self, _: &ServerName<'static>) {}

    fn insert_tls13_ticket(&self, _: ServerName<'static>, session: Tls13ClientSessionValue) {
        self.keep(Session::Tls13(session));
    }

    fn take_tls13_ticket(&self, _: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        let mut session = lock(&self.offered.as_ref()?.0);
        match mem::replace(&mut *session, Session::Used) {
            Session::Tls13(ticket) => Some(ticket),
            other @ (Session::Tls12(_) | Session::Used) => {
                *session = other;
                None
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
