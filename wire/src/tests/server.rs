use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use rustls::crypto::aws_lc_rs;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{ClientCertVerifierBuilder, ServerConfig, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConnection};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::pki::PKI;
use crate::address::Address;
use crate::deadline::Deadline;
use crate::transport::{Stream, connect};

/// A deadline that only a broken test reaches.
pub(super) fn soon() -> Deadline {
    Deadline::after(Duration::from_secs(10))
}

/// A deadline for what is meant to time out.
pub(super) fn at_once() -> Deadline {
    Deadline::after(Duration::from_millis(60))
}

/// Runs `serve` on every connection to a fresh loopback port.
pub(super) fn listen(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = Address::Tcp(listener.local_addr().unwrap());
    let serve = Arc::new(serve);
    thread::spawn(move || {
        while let Ok((socket, _)) = listener.accept() {
            let serve = serve.clone();
            thread::spawn(move || serve(socket));
        }
    });
    address
}

pub(super) fn dial(address: &Address) -> Stream {
    connect(address, soon()).unwrap()
}

/// A rustls server's configuration that asks for client certificates of the test's CA; none is fine too.
pub(super) fn config() -> ServerConfig {
    config_with(trusting().allow_unauthenticated().build().unwrap())
}

/// The same, but with a certificate or not at all.
pub(super) fn strict() -> ServerConfig {
    config_with(trusting().build().unwrap())
}

fn trusting() -> ClientCertVerifierBuilder {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from(PKI.ca.certificate.as_slice()))
        .unwrap();
    let provider = Arc::new(aws_lc_rs::default_provider());
    WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
}

/// A rustls server's configuration with this judge of clients.
pub(super) fn config_with(verifier: Arc<dyn ClientCertVerifier>) -> ServerConfig {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let chain = vec![CertificateDer::from(PKI.server.certificate.clone())];
    let key = PrivateKeyDer::try_from(PKI.server.key.clone()).unwrap();
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .unwrap();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    config
}

/// Answers each read of application bytes with an HTTP response that repeats them, early data included.
pub(super) fn echo(config: ServerConfig) -> Address {
    let config = Arc::new(config);
    listen(move |mut socket| {
        let mut connection = ServerConnection::new(config.clone()).unwrap();
        let mut early = Vec::new();
        loop {
            // Nothing read and nothing written: the client has closed its direction.
            let ended =
                !matches!(connection.complete_io(&mut socket), Ok((read, written)) if read + written > 0);
            if let Some(mut data) = connection.early_data() {
                data.read_to_end(&mut early).unwrap();
            }
            let mut request = early.split_off(0);
            let mut piece = [0; 4096];
            while let Ok(count @ 1..) = connection.reader().read(&mut piece) {
                request.extend_from_slice(&piece[..count]);
            }
            if !request.is_empty() && !connection.is_handshaking() {
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", request.len());
                connection.writer().write_all(head.as_bytes()).unwrap();
                connection.writer().write_all(&request).unwrap();
            } else {
                early = request;
            }
            if ended {
                return;
            }
        }
    })
}

/// Reads once, writes `bytes`, closes its direction, and reads on: closing with unread bytes would reset the connection.
pub(super) fn script(bytes: Vec<u8>) -> Address {
    listen(move |mut socket| {
        // A client that has hung up shows in the client's own assertion.
        let _read = socket.read(&mut [0; 4096]);
        let _written = socket.write_all(&bytes);
        let _gone = socket.shutdown(Shutdown::Write);
        while socket.read(&mut [0; 4096]).is_ok_and(|count| count > 0) {}
    })
}
