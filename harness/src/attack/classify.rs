//! From what the wire says to the words of an observation: which layer ended it, and how.

use attack_wire::tls::client::{Handshake, HandshakeOutcome};
use attack_wire::transport::ConnectFailure;
use attack_wire::{Received, http1};

use crate::observation::{Layer, Negotiated, Observation, Outcome};

/// No connection.
pub(super) fn unconnected(failure: &ConnectFailure, address: &str) -> Observation {
    let outcome = match failure {
        ConnectFailure::Refused
        | ConnectFailure::NoSocket
        | ConnectFailure::Permission
        | ConnectFailure::Unreachable => Outcome::Refused,
        ConnectFailure::Timeout => Outcome::Timeout,
        ConnectFailure::Other(_) => Outcome::NotTried,
    };
    let mut observation = Observation::new(Layer::Tcp, outcome);
    observation.evidence.push(format!("{address}: {failure}"));
    observation
}

/// What was negotiated.
pub(super) fn negotiated(handshake: &Handshake) -> Negotiated {
    Negotiated {
        version: match handshake.version {
            Some(0x0303) => "1.2".to_owned(),
            Some(0x0304) => "1.3".to_owned(),
            Some(other) => format!("{other:#06x}"),
            None => "none".to_owned(),
        },
        suite: handshake.suite,
        alpn: handshake
            .alpn
            .as_ref()
            .map(|name| String::from_utf8_lossy(name).into_owned()),
        resumed: handshake.resumed,
        early_data: handshake.early_data_accepted,
    }
}

/// A handshake that did not end well.
pub(super) fn failed_handshake(outcome: &HandshakeOutcome) -> Observation {
    let (kind, alert, text) = match outcome {
        HandshakeOutcome::Alert(number) => (Outcome::Refused, Some(*number), format!("TLS alert {number}")),
        HandshakeOutcome::Closed => (
            Outcome::Refused,
            None,
            "closed during the handshake, without an alert".to_owned(),
        ),
        HandshakeOutcome::Reset => (Outcome::Refused, None, "reset during the handshake".to_owned()),
        HandshakeOutcome::Timeout => (Outcome::Timeout, None, "no end of the handshake".to_owned()),
        HandshakeOutcome::Incompatible(what) => (
            Outcome::Refused,
            None,
            format!("no version or suite in common: {what}"),
        ),
        HandshakeOutcome::NotTls(bytes) => (
            Outcome::NotTried,
            None,
            format!("the port does not speak TLS: it answered {}", shown(bytes)),
        ),
        HandshakeOutcome::Garbled(what) => (Outcome::NotTried, None, format!("the server broke TLS: {what}")),
        HandshakeOutcome::ServerCertificateRefused(why) => (
            Outcome::NotTried,
            None,
            format!(
                "we refused the server's certificate: {why}; check [front] server-ca (the PEM file of its CA, or of itself) and url"
            ),
        ),
        HandshakeOutcome::LocalError(what) => {
            (Outcome::NotTried, None, format!("our own side failed: {what}"))
        }
        HandshakeOutcome::Done => (
            Outcome::NotTried,
            None,
            "the handshake was done but no session is there".to_owned(),
        ),
    };
    let mut observation = Observation::new(Layer::Tls, kind);
    observation.alert = alert;
    observation.evidence.push(text);
    observation
}

/// No response head over HTTP/1. `encrypted` decides whether a bare close counts as the TLS layer's.
pub(super) fn no_response(fault: &http1::ReadFault, received: &[u8], encrypted: bool) -> Observation {
    use http1::ReadFault;
    let layer = if encrypted { Layer::Tls } else { Layer::Http };
    let (outcome, alert) = match fault {
        ReadFault::Alert(number) => (Outcome::Refused, Some(*number)),
        ReadFault::Closed | ReadFault::Reset => (Outcome::Refused, None),
        ReadFault::Timeout => (Outcome::Timeout, None),
        ReadFault::Garbled(_) | ReadFault::NotHttp | ReadFault::TooLarge => (Outcome::NotTried, None),
    };
    let mut observation = Observation::new(layer, outcome);
    observation.alert = alert;
    let tail = if received.is_empty() {
        String::new()
    } else {
        format!(", after {}", shown(received))
    };
    observation
        .evidence
        .push(format!("{fault} instead of a response{tail}"));
    observation
}

/// The end of an HTTP/2 connection without a response.
pub(super) fn no_stream(end: &attack_wire::http2::client::End) -> Observation {
    use attack_wire::http2::client::End;
    let (layer, outcome, alert, text) = match end {
        End::Connection(Received::Alert(number)) => (
            Layer::Tls,
            Outcome::Refused,
            Some(*number),
            format!("TLS alert {number}"),
        ),
        End::Connection(Received::Timeout) => (Layer::Http, Outcome::Timeout, None, "no response".to_owned()),
        End::Connection(Received::Garbled(what)) => (
            Layer::Tls,
            Outcome::NotTried,
            None,
            format!("the server broke TLS: {what}"),
        ),
        End::Connection(other) => (Layer::Tls, Outcome::Refused, None, format!("closed: {other:?}")),
        End::GoAway(code) => (
            Layer::Http,
            Outcome::Refused,
            None,
            format!("GOAWAY with error {code}"),
        ),
        End::Reset(code) => (
            Layer::Http,
            Outcome::Refused,
            None,
            format!("RST_STREAM with error {code}"),
        ),
        End::NotHttp2(bytes) => (
            Layer::Http,
            Outcome::Refused,
            None,
            format!("no HTTP/2: {}", shown(bytes)),
        ),
        End::Malformed(what) => (
            Layer::Http,
            Outcome::NotTried,
            None,
            format!("broken HTTP/2: {what}"),
        ),
        End::Limit => (
            Layer::Http,
            Outcome::NotTried,
            None,
            "more than our limit".to_owned(),
        ),
        End::Complete => (
            Layer::Http,
            Outcome::NotTried,
            None,
            "a stream without a status".to_owned(),
        ),
    };
    let mut observation = Observation::new(layer, outcome);
    observation.alert = alert;
    observation.evidence.push(text);
    observation
}

/// First bytes of something, readable.
pub(super) fn shown(bytes: &[u8]) -> String {
    let text: String = bytes
        .iter()
        .take(40)
        .flat_map(|byte| std::ascii::escape_default(*byte))
        .map(char::from)
        .collect();
    format!("\"{text}\"")
}
