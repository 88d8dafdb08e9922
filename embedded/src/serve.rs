//! One HTTP connection: limits, deadlines and the idle timeout, the same for the proxy and the app.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::HeaderMap;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use serde::Deserialize;

use crate::listener::Duplex;

/// Streams that one HTTP/2 connection may have open at a time.
const STREAMS: u32 = 32;

/// The `[limits]` table; sizes in bytes, times in milliseconds.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Limits {
    /// Longest request head; hyper's smallest is 8192.
    pub head_bytes: u32,
    /// Longest request or response body.
    pub body_bytes: usize,
    /// Time for a TLS handshake.
    pub handshake_ms: u64,
    /// Time without a request after which a connection is closed, and to receive a head or a body.
    pub idle_ms: u64,
    /// Time for the upstream to answer.
    pub upstream_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_bytes: 16 * 1024,
            body_bytes: 1024 * 1024,
            handshake_ms: 5000,
            idle_ms: 5000,
            upstream_ms: 10_000,
        }
    }
}

impl Limits {
    /// The handshake's time.
    pub(crate) fn handshake(&self) -> Duration {
        Duration::from_millis(self.handshake_ms)
    }

    /// The idle time.
    pub(crate) fn idle(&self) -> Duration {
        Duration::from_millis(self.idle_ms)
    }

    /// The upstream's time.
    pub(crate) fn upstream(&self) -> Duration {
        Duration::from_millis(self.upstream_ms)
    }
}

/// A whole response in memory.
pub(crate) type Answer = Response<Full<Bytes>>;

/// Why a body could not be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum BodyError {
    /// It is longer than the limit.
    TooLong,
    /// It broke off, is badly framed or took too long.
    Broken,
}

/// Reads a whole body and its trailers.
pub(crate) async fn read_body<B>(
    body: B,
    longest: usize,
    time: Duration,
) -> Result<(Bytes, Option<HeaderMap>), BodyError>
where
    B: Body,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    match tokio::time::timeout(time, Limited::new(body, longest).collect()).await {
        Ok(Ok(collected)) => {
            let trailers = collected.trailers().cloned();
            Ok((collected.to_bytes(), trailers))
        }
        Ok(Err(error)) if error.is::<http_body_util::LengthLimitError>() => Err(BodyError::TooLong),
        Ok(Err(_)) | Err(_) => Err(BodyError::Broken),
    }
}

/// What the idle watch needs to know of a connection.
#[derive(Default)]
struct Activity {
    open: AtomicUsize,
    served: AtomicU64,
}

/// Serves HTTP/1.1, or HTTP/2 when `http2`, until the peer leaves or is idle for too long.
///
/// Errors of the peer end the connection and are nobody's business here: hyper has answered what can be answered.
pub(crate) async fn serve<F, A>(stream: impl Duplex + 'static, http2: bool, limits: &Limits, answer: F)
where
    F: Fn(Request<Incoming>) -> A,
    A: Future<Output = Answer> + Send + 'static,
{
    let activity = Arc::new(Activity::default());
    let service = service_fn(|request| {
        let activity = Arc::clone(&activity);
        activity.open.fetch_add(1, Ordering::Relaxed);
        let response = answer(request);
        async move {
            let response = response.await;
            activity.open.fetch_sub(1, Ordering::Relaxed);
            activity.served.fetch_add(1, Ordering::Relaxed);
            Ok::<_, Infallible>(response)
        }
    });
    let io = TokioIo::new(stream);
    let idle = limits.idle();
    if http2 {
        let mut connection = std::pin::pin!(
            hyper::server::conn::http2::Builder::new(TokioExecutor::new())
                .timer(TokioTimer::new())
                .max_concurrent_streams(STREAMS)
                .max_header_list_size(limits.head_bytes)
                .serve_connection(io, service)
        );
        let mut closing = false;
        loop {
            let before = activity.served.load(Ordering::Relaxed);
            tokio::select! {
                _ = connection.as_mut() => return,
                () = tokio::time::sleep(idle) => {
                    if activity.open.load(Ordering::Relaxed) == 0 && activity.served.load(Ordering::Relaxed) == before {
                        // A peer that does not answer the GOAWAY is cut off one round later.
                        if closing {
                            return;
                        }
                        closing = true;
                        connection.as_mut().graceful_shutdown();
                    }
                }
            }
        }
    }
    let head = usize::try_from(limits.head_bytes).unwrap_or(16 * 1024).max(8192);
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(idle)
        .max_buf_size(head)
        .half_close(true)
        .serve_connection(io, service)
        .with_upgrades();
    drop(connection.await);
}
