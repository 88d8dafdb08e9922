//! Asks the OCSP responder about a client's certificates once their path is known to be good.
//!
//! After the handshake, since the library's verifier cannot wait: as in nginx, a refusal is an answer to the request and no
//! alert. Every certificate of the path is asked about, one question each. Whatever is not an answer of now that is signed
//! by the issuer and says `good` refuses.

mod answer;

use std::time::Duration;

use rustls::crypto::CryptoProvider;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use x509_parser::certificate::X509Certificate;

use self::answer::{Asked, Trouble};
use super::fault::Ocsp;

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// The most octets of an HTTP response.
const LARGEST: usize = 64 * 1024;

/// The question about a certificate, DER.
pub(super) fn question(certificate: &X509Certificate<'_>, issuer: &X509Certificate<'_>) -> Vec<u8> {
    Asked { certificate, issuer }.question()
}

/// Whether these octets, come as the answer, make the certificate good.
pub(super) fn answer_is_good(
    certificate: &X509Certificate<'_>,
    issuer: &X509Certificate<'_>,
    response: &[u8],
    now: i64,
    provider: &CryptoProvider,
    fault: Ocsp,
) -> Result<(), &'static str> {
    let asked = Asked { certificate, issuer };
    asked
        .judge(response, now, provider, fault)
        .map_err(Trouble::reason)
}

/// A responder.
#[derive(Clone, Debug)]
pub(super) struct Responder {
    authority: String,
    path: String,
}

impl Responder {
    /// The responder of an `http://` URL; `None` for any other text.
    pub(super) fn new(url: &str) -> Option<Self> {
        let rest = url.strip_prefix("http://")?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let authority = if authority.contains(':') {
            authority.to_owned()
        } else {
            format!("{authority}:80")
        };
        Some(Self {
            authority,
            path: format!("/{path}"),
        })
    }

    /// Why a path of certificates, leaf first, is refused, if it is. The issuer of the last is looked for among `roots`.
    pub(super) async fn refuses(
        &self,
        path: &[&X509Certificate<'_>],
        roots: &[X509Certificate<'_>],
        now: i64,
        provider: &CryptoProvider,
        fault: Ocsp,
    ) -> Option<&'static str> {
        // FAULT ocsp = ignore.
        if fault == Ocsp::Ignore {
            return None;
        }
        // FAULT ocsp = leaf-only.
        let asked_about = if fault == Ocsp::LeafOnly { 1 } else { path.len() };
        for (index, certificate) in path.iter().enumerate().take(asked_about) {
            let above = path.get(index + 1).copied();
            let root = || {
                roots
                    .iter()
                    .find(|root| root.subject().as_raw() == certificate.issuer().as_raw())
            };
            let Some(issuer) = above.or_else(root) else {
                return Some(Trouble::Other.reason());
            };
            let asked = Asked { certificate, issuer };
            let verdict = match tokio::time::timeout(PATIENCE, self.ask(&asked.question())).await {
                Ok(Some(response)) => asked.judge(&response, now, provider, fault),
                Ok(None) | Err(_) => Err(Trouble::NoAnswer),
            };
            if let Err(trouble) = verdict
                && !forgiven(trouble, fault)
            {
                return Some(trouble.reason());
            }
        }
        None
    }

    /// One question over HTTP/1.0, so that the answer ends with the connection; `None` where no answer of 200 came.
    async fn ask(&self, question: &[u8]) -> Option<Vec<u8>> {
        let mut stream = TcpStream::connect(&self.authority).await.ok()?;
        let head = format!(
            "POST {} HTTP/1.0\r\nHost: {}\r\nContent-Type: application/ocsp-request\r\nContent-Length: {}\r\n\r\n",
            self.path,
            self.authority,
            question.len()
        );
        let request = [head.as_bytes(), question].concat();
        stream.write_all(&request).await.ok()?;
        let mut response = Vec::new();
        let limit = u64::try_from(LARGEST).ok()?;
        stream.take(limit).read_to_end(&mut response).await.ok()?;
        let end = response.windows(4).position(|window| window == b"\r\n\r\n")?;
        let head = std::str::from_utf8(response.get(..end)?).ok()?;
        let ok = head
            .split_ascii_whitespace()
            .nth(1)
            .is_some_and(|status| status == "200");
        if !ok {
            return None;
        }
        let body = response.get(end + 4..)?;
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse::<usize>().ok())?
        });
        // A connection that broke off early brings no answer.
        match length {
            Some(length) => body.get(..length).map(<[u8]>::to_vec),
            None => Some(body.to_vec()),
        }
    }
}

/// FAULT ocsp: what a planted fault takes for good.
fn forgiven(trouble: Trouble, fault: Ocsp) -> bool {
    matches!(
        (fault, trouble),
        (Ocsp::AcceptNoAnswer, Trouble::NoAnswer)
            | (Ocsp::AcceptNoStatus, Trouble::NoStatus)
            | (Ocsp::AcceptUnknown, Trouble::Unknown)
    )
}
