//! One connection: its request is read and recorded, then answered or not.

use std::net::{Shutdown, TcpStream};
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use certs_gen::PkiError;
use certs_gen::ocsp::{Answer, Asked, Request};

use crate::behaviour::{Behaviour, MAX_WAIT};
use crate::http::{self, HttpError, HttpRequest};
use crate::record::{Method, Question, Seen};
use crate::serve::Shared;
use crate::state::named;

/// How long a request may take to arrive.
const READ: Duration = Duration::from_secs(10);
/// How long an answer may take to leave, apart from what a behaviour waits.
const WRITE: Duration = Duration::from_secs(30);
/// How often somebody who waits looks whether the responder was stopped.
const GLANCE: Duration = Duration::from_millis(20);

const OCSP_RESPONSE: &str = "application/ocsp-response";
const CRL: &str = "application/pkix-crl";

/// What is to be done with a request: the behaviour, and the honest bytes for those that send them.
struct Plan {
    behaviour: Behaviour,
    bytes: Vec<u8>,
}

/// Serves one connection to its end.
pub(crate) fn serve(shared: &Shared, mut stream: TcpStream) {
    let mut unread = false;
    let plan = match http::read(&mut stream, Instant::now() + READ) {
        Ok(request) => answer(shared, &request),
        Err(error) => {
            let status = match &error {
                HttpError::Io(_) => None,
                HttpError::Malformed { status, .. } => Some(*status),
            };
            let behaviour = record(shared, Question::Unreadable(error.to_string()), None);
            // A peer that is gone or too slow gets nothing.
            let Some(status) = status else { return };
            unread = true;
            Plan {
                behaviour,
                bytes: http::response(status, "text/plain", &[]),
            }
        }
    };
    // A peer that goes away while it is answered is no error of ours.
    let _gone = perform(shared, &mut stream, &plan);
    let _closed = stream.shutdown(Shutdown::Write);
    if unread {
        http::drain(&mut stream);
    }
}

fn perform(shared: &Shared, stream: &mut TcpStream, plan: &Plan) -> std::io::Result<()> {
    match plan.behaviour {
        Behaviour::Answer(_) => http::write(stream, &plan.bytes, Instant::now() + WRITE),
        // It came in before the port was closed.
        Behaviour::Closed | Behaviour::HangUp => Ok(()),
        Behaviour::Drip(pause) => {
            let end = Instant::now() + MAX_WAIT;
            for octet in &plan.bytes {
                if !wait(shared, pause, end) {
                    break;
                }
                http::write(stream, &[*octet], end)?;
            }
            Ok(())
        }
        Behaviour::Http(status) => {
            let bytes = http::response(status, "text/plain", &[]);
            http::write(stream, &bytes, Instant::now() + WRITE)
        }
        Behaviour::Stall(time) => {
            if wait(shared, time, Instant::now() + MAX_WAIT) {
                http::write(stream, &plan.bytes, Instant::now() + WRITE)?;
            }
            Ok(())
        }
    }
}

/// Waits; false when the responder is stopped or `end` has come before.
fn wait(shared: &Shared, time: Duration, end: Instant) -> bool {
    let until = Instant::now() + time;
    loop {
        if shared.stop.load(Ordering::Relaxed) || Instant::now() >= end {
            return false;
        }
        match until.checked_duration_since(Instant::now()) {
            None | Some(Duration::ZERO) => return true,
            Some(left) => thread::sleep(left.min(GLANCE)),
        }
    }
}

/// Records a question and tells which behaviour it meets.
fn record(shared: &Shared, question: Question, request: Option<&Request>) -> Behaviour {
    let mut state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
    let behaviour = request.map_or(state.for_all, |request| state.behaviour(request));
    state.record(Seen {
        at: SystemTime::now(),
        question,
        behaviour: behaviour.to_string(),
    });
    behaviour
}

fn answer(shared: &Shared, request: &HttpRequest) -> Plan {
    let path = request.path.as_str();
    match request.method.as_str() {
        "POST" if matches!(path, "/ocsp" | "/ocsp/" | "/") => {
            ocsp(shared, Request::parse(&request.body), Method::Post)
        }
        "GET" if path.starts_with("/crl/") => list(shared, path.trim_start_matches("/crl/")),
        "GET" if path.starts_with("/ocsp/") => match decode(path.trim_start_matches("/ocsp/")) {
            Some(bytes) => ocsp(shared, Request::parse(&bytes), Method::Get),
            None => refuse(shared, 400, "the path is no base64".to_owned()),
        },
        _ => refuse(
            shared,
            404,
            format!("{} {path} is nothing here", request.method.escape_default()),
        ),
    }
}

fn refuse(shared: &Shared, status: u16, reason: String) -> Plan {
    Plan {
        behaviour: record(shared, Question::Unreadable(reason), None),
        bytes: http::response(status, "text/plain", &[]),
    }
}

fn ocsp(shared: &Shared, request: Result<Request, certs_gen::ocsp::RequestError>, method: Method) -> Plan {
    let request = match request {
        Ok(request) => request,
        Err(error) => {
            let body = certs_gen::ocsp::response::Trouble::MalformedRequest.to_der();
            return Plan {
                behaviour: record(shared, Question::Unreadable(error.to_string()), None),
                bytes: http::response(200, OCSP_RESPONSE, &body),
            };
        }
    };
    let question = Question::Ocsp {
        serials: request
            .certificates
            .iter()
            .map(|certificate| certificate.serial.clone())
            .collect(),
        nonce: request.nonce.is_some(),
        method,
    };
    let behaviour = record(shared, question, Some(&request));
    let bytes = match body(shared, behaviour, &request) {
        Ok(body) => http::response(200, OCSP_RESPONSE, &body),
        // Rehearsed when it was set, so this is a client whose issuer lacks what the row needs.
        Err(error) => http::response(500, "text/plain", error.to_string().as_bytes()),
    };
    Plan { behaviour, bytes }
}

fn body(shared: &Shared, behaviour: Behaviour, request: &Request) -> Result<Vec<u8>, PkiError> {
    let row = match behaviour {
        Behaviour::Answer(row) => Some(row),
        Behaviour::Drip(_) | Behaviour::Stall(_) => Answer::find(Answer::HONEST),
        Behaviour::Closed | Behaviour::HangUp | Behaviour::Http(_) => None,
    };
    let Some(row) = row else { return Ok(Vec::new()) };
    let revoked = shared
        .state
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .revoked
        .clone();
    row.make(&Asked {
        pki: &shared.pki,
        request,
        now: now(),
        revoked: &revoked,
    })
}

/// Unix seconds.
fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|elapsed| i64::try_from(elapsed.as_secs()).ok())
        .unwrap_or_default()
}

/// `ISSUER` of the lists in use, or `SET/ISSUER`; `.crl` and `.der` may follow.
fn list(shared: &Shared, name: &str) -> Plan {
    let behaviour = record(shared, Question::Crl(name.to_owned()), None);
    let bare = name
        .strip_suffix(".crl")
        .or_else(|| name.strip_suffix(".der"))
        .unwrap_or(name);
    let found = match bare.split_once('/') {
        Some((set, issuer)) => named(&shared.pki, set)
            .ok()
            .and_then(|lists| lists.into_iter().find(|crl| crl.name == issuer)),
        None => {
            let state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
            state.lists.iter().find(|crl| crl.name == bare).cloned()
        }
    };
    let bytes = match found {
        Some(crl) => http::response(200, CRL, &crl.der),
        None => http::response(404, "text/plain", &[]),
    };
    Plan { behaviour, bytes }
}

/// Base64 whose `+`, `/` and `=` may be percent-encoded (RFC 6960 A.1), with or without padding.
fn decode(path: &str) -> Option<Vec<u8>> {
    let mut bytes = path.bytes();
    let mut text = Vec::with_capacity(path.len());
    while let Some(octet) = bytes.next() {
        if octet == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16);
            let value = digit()? * 16 + digit()?;
            text.push(u8::try_from(value).ok()?);
        } else {
            text.push(octet);
        }
    }
    let bare: &[u8] = match text.iter().rposition(|octet| *octet != b'=') {
        Some(last) => text.get(..=last)?,
        None => &[],
    };
    STANDARD
        .decode(&text)
        .or_else(|_| STANDARD_NO_PAD.decode(bare))
        .ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn paths_are_decoded_with_and_without_escapes_and_padding() {
        for path in ["+/8=", "%2B%2f8%3D", "+/8", "%2b/8"] {
            assert_eq!(decode(path), Some(vec![0xfb, 0xff]), "{path}");
        }
        for path in ["%", "%2", "%zz", "!", "+/8=="] {
            assert!(
                decode(path).is_none_or(|bytes| path == "+/8==" && bytes == [0xfb, 0xff]),
                "{path}"
            );
        }
    }

    proptest! {
        #[test]
        fn arbitrary_paths_never_panic(path in "\\PC{0,80}") {
            if let Some(bytes) = decode(&path) {
                prop_assert!(bytes.len() <= path.len());
            }
        }

        #[test]
        fn every_encoding_is_read_again(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let escaped = STANDARD.encode(&bytes).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
            prop_assert_eq!(decode(&escaped), Some(bytes));
        }
    }
}
