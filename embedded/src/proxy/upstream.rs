//! The connection to the app: one for each client connection, opened when first needed, never shared between clients.

use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Mutex;
use tokio_rustls::TlsConnector;

use super::config::UpstreamTlsConfig;
use super::fault::ProxyFaults;
use super::upstream_tls::connector;
use crate::error::StartError;
use crate::listener::{Address, Stream};

/// Longest response that the raw forwarding of a fault reads, in octets.
const RAW_RESPONSE: usize = 64 * 1024;

/// Where the app is, and how it is spoken to.
pub(super) struct Upstream {
    address: Address,
    tls: Option<(TlsConnector, ServerName<'static>)>,
    time: Duration,
}

/// One client connection's own connection to the app.
#[derive(Default)]
pub(super) struct Link {
    sender: Mutex<Option<SendRequest<Full<Bytes>>>>,
}

/// Why there is no response, for the error log, and the status for the client.
pub(super) struct Failure {
    pub(super) status: hyper::StatusCode,
    pub(super) reason: String,
}

impl Failure {
    fn gateway(reason: impl ToString) -> Self {
        Self {
            status: hyper::StatusCode::BAD_GATEWAY,
            reason: reason.to_string(),
        }
    }

    fn timeout() -> Self {
        Self {
            status: hyper::StatusCode::GATEWAY_TIMEOUT,
            reason: "the app took too long".to_owned(),
        }
    }
}

impl Upstream {
    /// Reads the CA of an https upstream.
    pub(super) fn new(
        address: &Address,
        tls: Option<&UpstreamTlsConfig>,
        faults: &ProxyFaults,
        time: Duration,
    ) -> Result<Self, StartError> {
        let tls = match tls {
            None => None,
            Some(settings) => Some(connector(settings, faults)?),
        };
        Ok(Self {
            address: address.clone(),
            tls,
            time,
        })
    }

    /// Opens a connection.
    pub(super) async fn connect(&self) -> Result<Stream, Failure> {
        let connect = async {
            let stream = self.address.connect().await.map_err(Failure::gateway)?;
            match &self.tls {
                None => Ok(stream),
                Some((connector, name)) => {
                    let stream = connector
                        .connect(name.clone(), stream)
                        .await
                        .map_err(Failure::gateway)?;
                    Ok(Box::new(stream) as Stream)
                }
            }
        };
        tokio::time::timeout(self.time, connect)
            .await
            .unwrap_or_else(|_| Err(Failure::timeout()))
    }

    /// Sends a request over `link` and waits for the head of the response.
    pub(super) async fn send(
        &self,
        link: &Link,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Response<Incoming>, Failure> {
        let mut sender = link.sender.lock().await;
        // One try on a connection that the app may have closed meanwhile, one on a fresh one.
        for _ in 0..2 {
            let mut kept = sender.take();
            if let Some(link) = &mut kept
                && link.ready().await.is_err()
            {
                kept = None;
            }
            let fresh = match kept {
                Some(link) => link,
                None => self.open().await?,
            };
            let kept = sender.insert(fresh);
            match tokio::time::timeout(self.time, kept.try_send_request(request)).await {
                Err(_) => {
                    *sender = None;
                    return Err(Failure::timeout());
                }
                Ok(Ok(response)) => return Ok(response),
                Ok(Err(mut error)) => {
                    *sender = None;
                    match error.take_message() {
                        Some(unsent) => request = unsent,
                        None => return Err(Failure::gateway(error.error())),
                    }
                }
            }
        }
        Err(Failure::gateway("the app closes every connection"))
    }

    async fn open(&self) -> Result<SendRequest<Full<Bytes>>, Failure> {
        let stream = self.connect().await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(Failure::gateway)?;
        // The task ends with the sender, which belongs to the client connection.
        drop(tokio::spawn(
            async move { drop(connection.with_upgrades().await) },
        ));
        Ok(sender)
    }

    /// FAULT body-framing: writes a head without any length and then the body, so that the app reads the body as the
    /// next request. The response is that to the first one.
    pub(super) async fn send_unframed(
        &self,
        head: &Request<Full<Bytes>>,
        body: &[u8],
    ) -> Result<Response<Bytes>, Failure> {
        let mut stream = self.connect().await?;
        let mut text = format!("{} {} HTTP/1.1\r\n", head.method(), head.uri()).into_bytes();
        for (name, value) in head.headers() {
            text.extend_from_slice(name.as_str().as_bytes());
            text.extend_from_slice(b": ");
            text.extend_from_slice(value.as_bytes());
            text.extend_from_slice(b"\r\n");
        }
        text.extend_from_slice(b"\r\n");
        text.extend_from_slice(body);
        let exchange = async {
            stream.write_all(&text).await.map_err(Failure::gateway)?;
            let mut received = Vec::new();
            loop {
                if let Some(response) = parse(&received) {
                    // The second request is on its way; give the app the time to read it before the connection closes.
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    return Ok(response);
                }
                if received.len() > RAW_RESPONSE
                    || stream.read_buf(&mut received).await.map_err(Failure::gateway)? == 0
                {
                    return Err(Failure::gateway("the response is not understood"));
                }
            }
        };
        tokio::time::timeout(self.time, exchange)
            .await
            .unwrap_or_else(|_| Err(Failure::timeout()))
    }
}

/// FAULT cut-answer: what comes of a body within `time`, whatever ends it.
pub(super) async fn as_far_as_it_came(mut body: Incoming, limit: usize, time: Duration) -> Bytes {
    let mut received = Vec::new();
    let all = async {
        while let Some(Ok(frame)) = body.frame().await {
            received.extend_from_slice(frame.data_ref().map_or(&[][..], |data| data));
            if received.len() > limit {
                break;
            }
        }
    };
    drop(tokio::time::timeout(time, all).await);
    Bytes::from(received)
}

/// The first response in `received`, once it is whole.
fn parse(received: &[u8]) -> Option<Response<Bytes>> {
    let end = received.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(received.get(..end)?).ok()?;
    let mut lines = head.split("\r\n");
    let status: u16 = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut response = Response::builder().status(status);
    let mut length = 0;
    for line in lines {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-length") {
            length = value.trim().parse().ok()?;
        }
        response = response.header(name, value.trim());
    }
    let body = received.get(end + 4..)?.get(..length)?;
    response.body(Bytes::copy_from_slice(body)).ok()
}
