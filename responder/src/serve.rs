//! The listener, its thread, and the handle by which others tell it what to do.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use certs_gen::{Crl, Pki, Revocation, Target};

use crate::behaviour::Behaviour;
use crate::connection;
use crate::record::Seen;
use crate::state::{ResponderError, State, rehearse};

/// The most connections at a time; further ones are closed at once.
const MAX_CONNECTIONS: usize = 64;
/// How long the listener sleeps when nobody knocks.
const IDLE: Duration = Duration::from_millis(2);

/// What the threads share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) pki: Pki,
    pub(crate) state: Mutex<State>,
    pub(crate) stop: AtomicBool,
    // Absent while the port is closed.
    listener: Mutex<Option<TcpListener>>,
    connections: AtomicUsize,
}

/// An open port without a PKI: certificates name its address, so it must be known before they are made. Connections wait
/// until it serves.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

/// Opens a port of this machine; port 0 takes a free one.
///
/// # Errors
/// [`ResponderError::NotLoopback`], or [`ResponderError::Listen`] when the port is taken.
pub fn bind(address: SocketAddr) -> Result<Bound, ResponderError> {
    if !address.ip().is_loopback() {
        return Err(ResponderError::NotLoopback(address));
    }
    let listener = listen(address)?;
    let address = listener
        .local_addr()
        .map_err(|source| ResponderError::Listen { address, source })?;
    Ok(Bound { listener, address })
}

/// [`bind`] and [`Bound::serve`] in one, for a PKI whose certificates name no responder or know the address already.
///
/// # Errors
/// [`ResponderError`] of either.
pub fn serve(pki: Pki, address: SocketAddr) -> Result<Handle, ResponderError> {
    bind(address)?.serve(pki)
}

fn listen(address: SocketAddr) -> Result<TcpListener, ResponderError> {
    let open = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(listener)
    };
    open().map_err(|source| ResponderError::Listen { address, source })
}

fn ocsp_url(address: SocketAddr) -> String {
    format!("http://{address}/ocsp")
}

fn crl_url(address: SocketAddr) -> String {
    format!("http://{address}/crl")
}

impl Bound {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL for [`certs_gen::PkiSpec::ocsp_url`].
    #[must_use]
    pub fn ocsp_url(&self) -> String {
        ocsp_url(self.address)
    }

    /// The URL for [`certs_gen::PkiSpec::crl_url`].
    #[must_use]
    pub fn crl_url(&self) -> String {
        crl_url(self.address)
    }

    /// Answers for a PKI, honestly until told otherwise.
    ///
    /// # Errors
    /// [`ResponderError`] when a key cannot sign or no thread can be started.
    pub fn serve(self, pki: Pki) -> Result<Handle, ResponderError> {
        let shared = Arc::new(Shared {
            state: Mutex::new(State::new(&pki)?),
            pki,
            stop: AtomicBool::new(false),
            listener: Mutex::new(Some(self.listener)),
            connections: AtomicUsize::new(0),
        });
        let of_thread = shared.clone();
        let thread = thread::Builder::new()
            .name("responder".to_owned())
            .spawn(move || accept(&of_thread))
            .map_err(ResponderError::Thread)?;
        Ok(Handle {
            shared,
            address: self.address,
            thread: Some(thread),
        })
    }
}

fn accept(shared: &Arc<Shared>) {
    while !shared.stop.load(Ordering::Relaxed) {
        let accepted = {
            let listener = shared.listener.lock().unwrap_or_else(PoisonError::into_inner);
            listener.as_ref().and_then(|listener| listener.accept().ok())
        };
        match accepted {
            Some((stream, _)) => start(shared, stream),
            None => thread::sleep(IDLE),
        }
    }
    // Nobody shall wait in the queue of a port that is not served any more.
    drop(
        shared
            .listener
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take(),
    );
}

/// Counts a connection as long as it lives.
struct Counted(Arc<Shared>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

fn start(shared: &Arc<Shared>, stream: TcpStream) {
    let counted = Counted(shared.clone());
    if shared.connections.fetch_add(1, Ordering::Relaxed) >= MAX_CONNECTIONS {
        return;
    }
    if stream.set_nonblocking(false).is_err() {
        return;
    }
    // Where no thread can be had, the closure is dropped, and with it the connection and its count.
    let _no_thread = thread::Builder::new()
        .name("responder connection".to_owned())
        .spawn(move || connection::serve(&counted.0, stream));
}

/// A running responder. Dropping it stops it.
#[derive(Debug)]
pub struct Handle {
    shared: Arc<Shared>,
    address: SocketAddr,
    thread: Option<JoinHandle<()>>,
}

impl Handle {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where it answers OCSP.
    #[must_use]
    pub fn ocsp_url(&self) -> String {
        ocsp_url(self.address)
    }

    /// Below which it serves CRLs: `/ISSUER` of the set in use, `/SET/ISSUER` of any.
    #[must_use]
    pub fn crl_url(&self) -> String {
        crl_url(self.address)
    }

    /// The PKI for which it answers.
    #[must_use]
    pub fn pki(&self) -> &Pki {
        &self.shared.pki
    }

    /// What everybody meets from now on who has no behaviour of his own. When it returns after
    /// [`Behaviour::Closed`] connections are refused, and after any other they are accepted again; those that are open
    /// go on as they began.
    ///
    /// # Errors
    /// [`ResponderError::Pki`] when the PKI cannot make the answer, [`ResponderError::Listen`] when somebody else took
    /// the port while it was closed. The behaviour is then the old one.
    pub fn set_behaviour(&self, behaviour: Behaviour) -> Result<(), ResponderError> {
        rehearse(&self.shared.pki, behaviour)?;
        self.open(behaviour != Behaviour::Closed)?;
        self.state().for_all = behaviour;
        Ok(())
    }

    /// What an OCSP request meets that is about this serial number (content octets), whatever the others meet.
    ///
    /// # Errors
    /// [`ResponderError::ClosedForOne`], or [`ResponderError::Pki`] when the PKI cannot make the answer.
    pub fn set_behaviour_for(&self, serial: &[u8], behaviour: Behaviour) -> Result<(), ResponderError> {
        if behaviour == Behaviour::Closed {
            return Err(ResponderError::ClosedForOne);
        }
        rehearse(&self.shared.pki, behaviour)?;
        self.state().set_for_one(serial, behaviour);
        Ok(())
    }

    /// Honest to everybody again, and what was revoked by [`Self::revoke`] is taken back: the state of the start. The
    /// record stays.
    ///
    /// # Errors
    /// [`ResponderError::Listen`] when somebody else took the port while it was closed, [`ResponderError::Pki`] when a
    /// key cannot sign.
    pub fn reset(&self) -> Result<(), ResponderError> {
        self.open(true)?;
        let mut state = self.state();
        state.forget_behaviours(Behaviour::honest()?);
        state.forget_revocations(&self.shared.pki)?;
        state.set_lists(&self.shared.pki, crate::state::FRESH)
    }

    /// Revokes as of `when` (Unix seconds): honest answers say so at once, and the fresh lists have it.
    ///
    /// # Errors
    /// [`ResponderError::Pki`] when there is no such certificate, or none of the PKI's authorities issued it.
    pub fn revoke(&self, target: Target<'_>, when: i64) -> Result<Revocation, ResponderError> {
        let revocation = self.shared.pki.revocation(target, when)?;
        self.state().revoke(&self.shared.pki, revocation.clone())?;
        Ok(revocation)
    }

    /// Serves the lists of a set of [`certs_gen::CRL_SETS`] under `/crl/ISSUER`, or [`crate::FRESH`] ones again.
    ///
    /// # Errors
    /// [`ResponderError::UnknownSet`], or [`ResponderError::Pki`] when the PKI cannot make the set.
    pub fn set_lists(&self, set: &str) -> Result<(), ResponderError> {
        self.state().set_lists(&self.shared.pki, set)
    }

    /// The lists that it serves: what a server's file must hold to say the same.
    #[must_use]
    pub fn lists(&self) -> Vec<Crl> {
        self.state().lists.clone()
    }

    /// The requests so far, in the order in which they were read; ten thousand at most, see [`Self::count`].
    #[must_use]
    pub fn requests(&self) -> Vec<Seen> {
        self.state().seen.clone()
    }

    /// How many requests there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.state().count
    }

    /// The requests since the last time, which are forgotten; the count goes on.
    #[must_use]
    pub fn take_requests(&self) -> Vec<Seen> {
        std::mem::take(&mut self.state().seen)
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        let mut state = self.state();
        state.seen.clear();
        state.count = 0;
    }

    /// Closes the port; whoever is made to wait is let go within a moment.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        self.shared.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // Its panic was printed, and there is nothing that a stop could do about it.
            let _panicked = thread.join();
        }
    }

    fn open(&self, open: bool) -> Result<(), ResponderError> {
        let mut listener = self
            .shared
            .listener
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if !open {
            *listener = None;
        } else if listener.is_none() {
            *listener = Some(listen(self.address)?);
        }
        Ok(())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.end();
    }
}
