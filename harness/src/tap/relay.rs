//! The sockets: accepts, connects onwards, and copies in both directions with two threads a connection.

use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use super::answer::Counter;
use super::splitter::Splitter;
use super::store::Store;
use super::{TapAddress, TapError};

/// Connections relayed at a time; more wait in the kernel's queue.
const CONNECTIONS: usize = 512;
/// Bytes read at a time.
const CHUNK: usize = 16 * 1024;
/// The copying threads need little more than their chunk.
const STACK: usize = 256 * 1024;
/// How long to wait where a connection cannot be taken: too many of them, or no file descriptor left.
const PAUSE: Duration = Duration::from_millis(5);

enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// A connected socket. It is shared, never duplicated, so that the last owner's drop really closes it.
#[derive(Debug)]
enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Stream {
    fn connect(address: &TapAddress) -> std::io::Result<Self> {
        match address {
            TapAddress::Tcp(address) => {
                let stream = TcpStream::connect(address)?;
                stream.set_nodelay(true)?;
                Ok(Self::Tcp(stream))
            }
            TapAddress::Unix(path) => Ok(Self::Unix(UnixStream::connect(path)?)),
        }
    }

    fn read(&self, buffer: &mut [u8]) -> std::io::Result<usize> {
        loop {
            let result = match self {
                Self::Tcp(stream) => (&mut &*stream).read(buffer),
                Self::Unix(stream) => (&mut &*stream).read(buffer),
            };
            match result {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                other => return other,
            }
        }
    }

    fn write_all(&self, bytes: &[u8]) -> std::io::Result<()> {
        match self {
            Self::Tcp(stream) => (&mut &*stream).write_all(bytes),
            Self::Unix(stream) => (&mut &*stream).write_all(bytes),
        }
    }

    fn shutdown(&self, how: Shutdown) {
        drop(match self {
            Self::Tcp(stream) => stream.shutdown(how),
            Self::Unix(stream) => stream.shutdown(how),
        });
    }

    /// The last close sends a reset instead of an orderly end. Unix sockets know no such thing.
    fn reset_at_close(&self) {
        if let Self::Tcp(stream) = self {
            drop(socket2::SockRef::from(stream).set_linger(Some(Duration::ZERO)));
        }
    }
}

/// One relayed connection.
#[derive(Debug)]
struct Pair {
    proxy: Stream,
    app: Stream,
    /// The app answered 101.
    switched: AtomicBool,
    /// One side was reset, so the other is to be.
    reset: AtomicBool,
    /// The app takes no more bytes.
    deaf: AtomicBool,
}

impl Pair {
    /// A read failed: both sides end with a reset. Closing the read halves wakes the other thread and sends nothing.
    fn reset(&self) {
        self.reset.store(true, Ordering::SeqCst);
        for stream in [&self.proxy, &self.app] {
            stream.reset_at_close();
            stream.shutdown(Shutdown::Read);
        }
    }

    fn requests(&self, store: &Store, connection: u64) {
        let mut page = store.page(connection);
        let mut splitter = Splitter::new(store.framing());
        let mut buffer = vec![0; CHUNK];
        loop {
            let count = match self.proxy.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(_) => return self.reset(),
            };
            // What a deaf app was not handed is read, so that its answer still gets out, but not recorded.
            if self.deaf.load(Ordering::SeqCst) {
                continue;
            }
            let bytes = buffer.get(..count).unwrap_or_default();
            splitter.feed(bytes, self.switched.load(Ordering::SeqCst), &mut |piece| {
                page.write(piece)
            });
            if self.app.write_all(bytes).is_err() {
                self.deaf.store(true, Ordering::SeqCst);
            }
        }
        if !self.reset.load(Ordering::SeqCst) {
            self.app.shutdown(Shutdown::Write);
        }
    }

    fn answers(&self, store: &Store, connection: u64) {
        let mut counter = Counter::default();
        let mut buffer = vec![0; CHUNK];
        loop {
            let count = match self.app.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(_) => return self.reset(),
            };
            let bytes = buffer.get(..count).unwrap_or_default();
            if bytes.starts_with(b"HTTP/1.1 101") || bytes.starts_with(b"HTTP/1.0 101") {
                self.switched.store(true, Ordering::SeqCst);
            }
            for _ in 0..counter.feed(bytes) {
                store.answered(connection);
            }
            if self.proxy.write_all(bytes).is_err() {
                // The proxy wants no more of the answer; the app learns it as it would without us.
                return self.reset();
            }
        }
        if !self.reset.load(Ordering::SeqCst) {
            self.proxy.shutdown(Shutdown::Write);
        }
        if self.deaf.load(Ordering::SeqCst) {
            self.proxy.shutdown(Shutdown::Read);
        }
    }
}

#[derive(Debug, Default)]
struct Connections {
    stopping: AtomicBool,
    next: AtomicU64,
    live: Mutex<HashMap<u64, Arc<Pair>>>,
}

impl Connections {
    fn count(&self) -> usize {
        self.live.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn forget(&self, number: u64) {
        self.live
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&number);
    }

    fn close_all(&self) {
        for pair in self.live.lock().unwrap_or_else(PoisonError::into_inner).values() {
            pair.proxy.shutdown(Shutdown::Both);
            pair.app.shutdown(Shutdown::Both);
        }
    }
}

/// The accepting thread and its connections.
#[derive(Debug)]
pub(super) struct Relay {
    /// Where it listens itself; none behind a TLS listener.
    address: Option<TapAddress>,
    to: TapAddress,
    store: Arc<Store>,
    connections: Arc<Connections>,
    thread: Option<JoinHandle<()>>,
}

impl Relay {
    pub(super) fn start(listen: &TapAddress, to: &TapAddress, store: &Arc<Store>) -> Result<Self, TapError> {
        let failed = |source| TapError::Listen {
            address: listen.to_string(),
            source,
        };
        let (listener, address) = bind(listen).map_err(failed)?;
        let mut relay = Self::behind_tls(to, store);
        let (to, store, shared) = (to.clone(), Arc::clone(store), Arc::clone(&relay.connections));
        let thread = Builder::new()
            .name("tap".to_owned())
            .spawn(move || accept_loop(&listener, &to, &store, &shared))
            .map_err(TapError::Thread)?;
        (relay.address, relay.thread) = (Some(address), Some(thread));
        Ok(relay)
    }

    /// A relay that listens nowhere: connections are given to it.
    pub(super) fn behind_tls(to: &TapAddress, store: &Arc<Store>) -> Self {
        Self {
            address: None,
            to: to.clone(),
            store: Arc::clone(store),
            connections: Arc::default(),
            thread: None,
        }
    }

    /// Relays a connection that somebody else accepted. False where there are too many, or no thread is to be had.
    pub(super) fn adopt(&self, proxy: UnixStream) -> bool {
        if self.connections.count() >= CONNECTIONS || self.connections.stopping.load(Ordering::SeqCst) {
            return false;
        }
        spawn(
            Stream::Unix(proxy),
            self.to.clone(),
            &self.store,
            &self.connections,
        )
    }

    /// Ends every connection.
    pub(super) fn close_all(&self) {
        self.connections.close_all();
    }

    pub(super) fn address(&self) -> Option<&TapAddress> {
        self.address.as_ref()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.connections.stopping.store(true, Ordering::SeqCst);
        // Accepting is a blocking call: a connection of our own ends it.
        let woken = self
            .address
            .as_ref()
            .is_some_and(|address| Stream::connect(address).is_ok());
        if let Some(thread) = self.thread.take().filter(|_| woken) {
            drop(thread.join());
        }
        self.connections.close_all();
        if let Some(TapAddress::Unix(path)) = &self.address {
            drop(std::fs::remove_file(path));
        }
    }
}

fn bind(address: &TapAddress) -> std::io::Result<(Listener, TapAddress)> {
    match address {
        TapAddress::Tcp(wanted) => {
            let listener = TcpListener::bind(wanted)?;
            let taken = listener.local_addr()?;
            Ok((Listener::Tcp(listener), TapAddress::Tcp(taken)))
        }
        TapAddress::Unix(path) => {
            remove_stale(path)?;
            let listener = UnixListener::bind(path)?;
            // The proxy may run as another user; the folder around the socket says who gets this far.
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o666))?;
            Ok((Listener::Unix(listener), address.clone()))
        }
    }
}

/// A socket file without a listener behind it would make the bind fail for ever.
fn remove_stale(path: &PathBuf) -> std::io::Result<()> {
    use std::os::unix::fs::FileTypeExt as _;
    let is_socket = std::fs::symlink_metadata(path).is_ok_and(|data| data.file_type().is_socket());
    if is_socket && UnixStream::connect(path).is_err() {
        std::fs::remove_file(path)
    } else {
        Ok(())
    }
}

fn accept(listener: &Listener) -> std::io::Result<Stream> {
    match listener {
        Listener::Tcp(listener) => {
            let (stream, _) = listener.accept()?;
            stream.set_nodelay(true)?;
            Ok(Stream::Tcp(stream))
        }
        Listener::Unix(listener) => Ok(Stream::Unix(listener.accept()?.0)),
    }
}

fn accept_loop(listener: &Listener, to: &TapAddress, store: &Arc<Store>, connections: &Arc<Connections>) {
    loop {
        let accepted = accept(listener);
        if connections.stopping.load(Ordering::SeqCst) {
            return;
        }
        let Ok(proxy) = accepted else {
            std::thread::sleep(PAUSE);
            continue;
        };
        while connections.count() >= CONNECTIONS && !connections.stopping.load(Ordering::SeqCst) {
            std::thread::sleep(PAUSE);
        }
        if !spawn(proxy, to.clone(), store, connections) {
            std::thread::sleep(PAUSE);
        }
    }
}

/// Serves a connection in threads of its own. False where none is to be had.
fn spawn(proxy: Stream, to: TapAddress, store: &Arc<Store>, connections: &Arc<Connections>) -> bool {
    let number = connections.next.fetch_add(1, Ordering::SeqCst);
    let (store, shared) = (Arc::clone(store), Arc::clone(connections));
    let spawned = Builder::new()
        .name(format!("tap {number}"))
        .stack_size(STACK)
        .spawn(move || serve(proxy, &to, &store, &shared, number));
    spawned.is_ok()
}

fn serve(proxy: Stream, to: &TapAddress, store: &Store, connections: &Connections, number: u64) {
    let Ok(app) = Stream::connect(to) else {
        proxy.reset_at_close();
        return;
    };
    let (switched, reset, deaf) = (
        AtomicBool::new(false),
        AtomicBool::new(false),
        AtomicBool::new(false),
    );
    let pair = Arc::new(Pair {
        proxy,
        app,
        switched,
        reset,
        deaf,
    });
    connections
        .live
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .insert(number, Arc::clone(&pair));
    // Whoever stops the tap either finds the pair on the list or has set the flag before.
    if !connections.stopping.load(Ordering::SeqCst) {
        std::thread::scope(|scope| {
            let answers = Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, || pair.answers(store, number));
            if answers.is_ok() {
                pair.requests(store, number);
            } else {
                pair.reset();
            }
        });
    }
    connections.forget(number);
}
