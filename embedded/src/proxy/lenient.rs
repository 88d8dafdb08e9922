//! FAULT handshake: TLS without one rule of the handshake, for clients that want no session.
//!
//! rustls refuses a handshake without CertificateVerify or Finished whatever its verifier says, so where such a rule is to be
//! missing the handshake is made by `attack-wire`'s lenient server. It has no sessions and no HTTP/2: clients that want
//! either, and all of them where no fault is planted, are rustls's as ever.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use attack_wire::tls::rogue::lenient::{Gate, Hello, Lapse, LenientServer};
use rustls::AlertDescription;
use rustls_pki_types::{CertificateDer, UnixTime};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf};

use super::fault::Handshake;
use super::tls::Tls;
use super::verifier::ClientVerifier;
use super::{Proxy, linger, request};
use crate::listener::Stream;
use crate::raw::rewound;
use crate::serve;

/// The head of a record.
const RECORD_HEAD: usize = 5;

/// What is held between the records and the requests, octets.
const BUFFER: usize = 64 * 1024;

/// Serves the connection where the fault is about its client; otherwise gives it back.
pub(super) async fn serve(
    proxy: &Arc<Proxy>,
    tls: &Arc<Tls>,
    mut stream: Stream,
    peer: &str,
) -> Option<Stream> {
    let Some(lapse) = lapse(proxy.config.faults.handshake) else {
        return Some(stream);
    };
    let mut first = Vec::new();
    let read = tokio::time::timeout(
        proxy.config.limits.handshake(),
        first_record(&mut stream, &mut first),
    );
    let whole = read.await.is_ok_and(|whole| whole);
    let chosen = Hello::of_record(&first)
        .filter(|hello| whole && hello.is_served())
        .and_then(|hello| match hello.server_name() {
            None => Some(0),
            Some(name) => tls.vhost(&name),
        });
    let verifier = chosen
        .and_then(|index| tls.vhosts.get(index))
        .and_then(|vhost| vhost.verifier.clone());
    let (Some(index), Some(verifier)) = (chosen, verifier) else {
        return Some(rewound(first, stream));
    };
    let server = LenientServer::new(tls.own.clone(), Arc::new(Verifying(verifier)), lapse);
    let connection = Connection {
        proxy,
        tls,
        index,
        peer,
        server,
    };
    connection.carry(stream, first).await;
    None
}

/// FAULT tls-client-auth = put-off: the stream from its start again, and whether its client would show a certificate later.
pub(super) async fn offers_post_handshake(mut stream: Stream) -> (Stream, bool) {
    let mut first = Vec::new();
    let is_whole = first_record(&mut stream, &mut first).await;
    let hello = Hello::of_record(&first).filter(|_| is_whole);
    let offers = hello.is_some_and(|hello| hello.offers_post_handshake());
    (rewound(first, stream), offers)
}

fn lapse(fault: Handshake) -> Option<Lapse> {
    Some(match fault {
        Handshake::Strict => return None,
        Handshake::CertificateAfterwards => Lapse::CertificateAfterwards,
        Handshake::CertificateOmitted => Lapse::CertificateOmitted,
        Handshake::CertificateVerifyOmitted => Lapse::CertificateVerifyOmitted,
        Handshake::EmptyCertificate => Lapse::EmptyCertificate,
        Handshake::FinishedOmitted => Lapse::FinishedOmitted,
        Handshake::LegacyScheme => Lapse::LegacyScheme,
        Handshake::Renegotiation => Lapse::Renegotiation,
        Handshake::ServerContext => Lapse::ServerContext,
        Handshake::TranscriptBeforeCertificate => Lapse::TranscriptBeforeCertificate,
        Handshake::WrongFinished => Lapse::WrongFinished,
    })
}

/// Reads one record; false where the stream ends before it does.
async fn first_record(stream: &mut Stream, record: &mut Vec<u8>) -> bool {
    let mut byte = [0; 1];
    loop {
        let length = match record.as_slice() {
            [_, _, _, high, low, ..] => usize::from(u16::from_be_bytes([*high, *low])),
            _ => 0,
        };
        if record.len() >= RECORD_HEAD && record.len() >= RECORD_HEAD + length {
            return true;
        }
        match stream.read(&mut byte).await {
            Ok(1) => record.extend_from_slice(&byte),
            Ok(_) | Err(_) => return false,
        }
    }
}

/// The vhost's own judge, who is as strict here as ever.
struct Verifying(Arc<ClientVerifier>);

impl Gate for Verifying {
    fn certificate(&self, chain: &[Vec<u8>]) -> Result<(), u8> {
        let chain: Vec<CertificateDer<'_>> = chain
            .iter()
            .map(|one| CertificateDer::from(one.as_slice()))
            .collect();
        let (leaf, others) = chain
            .split_first()
            .ok_or(u8::from(AlertDescription::CertificateRequired))?;
        self.0.judge(leaf, others, now()).map_err(|refused| {
            self.0.note(leaf, &refused);
            AlertDescription::from(refused.error).into()
        })
    }

    fn signature(&self, leaf: &[u8], scheme: u16, content: &[u8], signature: &[u8]) -> bool {
        self.0
            .possessed(&CertificateDer::from(leaf), scheme, content, signature)
    }
}

fn now() -> UnixTime {
    UnixTime::since_unix_epoch(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

/// One connection under the lenient server.
struct Connection<'a> {
    proxy: &'a Arc<Proxy>,
    tls: &'a Arc<Tls>,
    index: usize,
    peer: &'a str,
    server: LenientServer,
}

impl Connection<'_> {
    /// Makes the handshake, and hands on the requests once the first of them begins: who the client is then counts.
    async fn carry(mut self, stream: Stream, first: Vec<u8>) {
        let (mut from_client, mut to_client) = tokio::io::split(stream);
        let limit = self.proxy.config.limits.handshake() + self.proxy.config.limits.idle();
        let shaken = self.shake(&mut from_client, &mut to_client, first);
        let Ok(Some(request)) = tokio::time::timeout(limit, shaken).await else {
            linger(from_client.unsplit(to_client)).await;
            return;
        };
        let presented: Vec<CertificateDer<'_>> = self
            .server
            .chain()
            .iter()
            .map(|one| CertificateDer::from(one.as_slice()))
            .collect();
        let mut session = self
            .proxy
            .session_of(self.tls, Some(self.index), &presented, false, self.peer);
        self.proxy.ask_responder(&mut session, &presented, false).await;
        drop(presented);
        let (proxy, session) = (Arc::clone(self.proxy), Arc::new(session));
        let limits = proxy.config.limits.clone();
        let (inner, outer) = tokio::io::duplex(BUFFER);
        let requests = serve::serve(Box::new(inner), false, &limits, move |request| {
            request::answer(Arc::clone(&proxy), Arc::clone(&session), request)
        });
        let relay = async {
            self.relay(&mut from_client, &mut to_client, outer, request).await;
            drop(to_client.shutdown().await);
        };
        tokio::join!(requests, relay);
    }

    /// Up to the client's first application bytes. `None` where the handshake fails.
    async fn shake<W: AsyncWriteExt + Unpin>(
        &mut self,
        from_client: &mut ReadHalf<Stream>,
        to_client: &mut W,
        first: Vec<u8>,
    ) -> Option<Vec<u8>> {
        let mut input = first;
        loop {
            let output = self.server.receive(&input);
            to_client.write_all(&output.send).await.ok()?;
            if !output.plaintext.is_empty() {
                return Some(output.plaintext);
            }
            if output.ended {
                return None;
            }
            let mut buffer = [0; 4096];
            let count = from_client.read(&mut buffer).await.ok()?;
            input = buffer.get(..count).filter(|read| !read.is_empty())?.to_vec();
        }
    }

    /// Carries requests in and answers out, until either side ends.
    async fn relay<W: AsyncWriteExt + Unpin>(
        &mut self,
        from_client: &mut ReadHalf<Stream>,
        to_client: &mut W,
        outer: DuplexStream,
        request: Vec<u8>,
    ) {
        let (mut answers, mut requests) = tokio::io::split(outer);
        if requests.write_all(&request).await.is_err() {
            return;
        }
        let (mut inbound, mut outbound) = ([0; 4096], [0; 16 * 1024]);
        loop {
            tokio::select! {
                read = from_client.read(&mut inbound) => {
                    let Some(bytes) = read.ok().and_then(|count| inbound.get(..count)) else { return };
                    let output = self.server.receive(bytes);
                    let sent = to_client.write_all(&output.send).await.is_ok()
                        && requests.write_all(&output.plaintext).await.is_ok();
                    if bytes.is_empty() || output.ended || !sent {
                        return;
                    }
                }
                read = answers.read(&mut outbound) => {
                    let Some(bytes) = read.ok().and_then(|count| outbound.get(..count)) else { return };
                    let ended = bytes.is_empty();
                    let records = if ended { self.server.close() } else { self.server.seal(bytes) };
                    if to_client.write_all(&records).await.is_err() || ended {
                        return;
                    }
                }
            }
        }
    }
}
