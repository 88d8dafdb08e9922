//! The encoders write what the real servers sent, byte by byte, and the decoders read it back.

use std::collections::{BTreeMap, BTreeSet};

use client_identity::certificate::{Attribute, Certificate, Name};
use client_identity::{
    Client, DIALECTS, Dialect, DnReading, EncodeError, Evidence, Forwarded, Header, HeaderNames, Presence,
    Verified, dialect,
};

use crate::capture::{Capture, Outcome, Value, captures, chains};

/// A case in which a server does something else than the encoder, or the decoder refuses what the server sent.
struct Exception {
    /// The beginning of the server's name; empty for all.
    server: &'static str,
    /// A dialect, or empty for all.
    dialect: &'static str,
    case: &'static str,
    why: &'static str,
}

const fn exception(
    server: &'static str,
    dialect: &'static str,
    case: &'static str,
    why: &'static str,
) -> Exception {
    Exception {
        server,
        dialect,
        case,
        why,
    }
}

const EXPIRED: &str = "optional verification lets in unknown issuers, not expired certificates";
const UNTRUSTED: &str = "the server verifies whatever certificate is given; trust is no part of a dialect";
const BUFFER: &str = "the headers together exceed the buffer, whatever each of them has";
const EMPTIED: &str = "HAProxy empties the value between the colons that the operator wrote around it";
const OLD_T61: &str = "an older Go takes the octets of a T61String for UTF-8 and prints U+FFFD";

/// Where the encoder is not asked for the server's bytes.
const UNLIKE: &[Exception] = &[
    exception("apache", "", "expired-1-day", EXPIRED),
    exception("caddy", "", "expired-1-day", UNTRUSTED),
    exception("caddy", "", "missing-intermediate", UNTRUSTED),
    exception("caddy", "", "self-signed", UNTRUSTED),
    exception("caddy", "", "self-signed-tls1.2", UNTRUSTED),
    exception("caddy-2.6", "", "t61-controls", OLD_T61),
    exception("envoy", "", "expired-1-day", UNTRUSTED),
    exception("envoy", "", "missing-intermediate", UNTRUSTED),
    exception("envoy", "", "self-signed", UNTRUSTED),
    exception("envoy", "", "self-signed-tls1.2", UNTRUSTED),
    exception("haproxy", "haproxy", "cn-8-kib", BUFFER),
    exception("haproxy", "rfc9440", "certificate-12-kib", EMPTIED),
    exception("nginx", "", "expired-1-day", EXPIRED),
    exception("traefik", "", "expired-1-day", UNTRUSTED),
    exception("traefik", "", "missing-intermediate", UNTRUSTED),
    exception("traefik", "", "self-signed", UNTRUSTED),
    exception("traefik", "", "self-signed-tls1.2", UNTRUSTED),
];

const CUT: &str = "Go cuts the last blank off the value, and the escape before it is left alone";
const NO_SIGN: &str =
    "HAProxy leaves out the sign, so the serial number is not that of the certificate beside it";

/// Where the decoder refuses what the server sent.
const UNREADABLE: &[Exception] = &[
    exception("caddy", "", "lone-space", CUT),
    exception("caddy", "", "two-spaces", CUT),
    exception("caddy-2.6", "", "t61-controls", OLD_T61),
    exception("haproxy", "haproxy", "serial-negative", NO_SIGN),
    exception("haproxy", "rfc9440", "certificate-12-kib", EMPTIED),
];

/// The rows of a table for a case, and which of them were needed.
struct Exceptions {
    rows: &'static [Exception],
    used: BTreeSet<usize>,
}

impl Exceptions {
    fn of(rows: &'static [Exception]) -> Self {
        Self {
            rows,
            used: BTreeSet::new(),
        }
    }

    fn excuse(&mut self, capture: &Capture, case: &str) -> bool {
        let applies = |row: &Exception| {
            capture.server.starts_with(row.server)
                && (row.dialect.is_empty() || row.dialect == capture.dialect)
                && row.case == case
        };
        let found = self.rows.iter().position(applies);
        self.used.extend(found);
        found.is_some()
    }

    fn assert_all_used(&self) {
        for (position, row) in self.rows.iter().enumerate() {
            assert!(
                self.used.contains(&position),
                "{} {}: no longer so: {}",
                row.server,
                row.case,
                row.why
            );
        }
    }
}

/// What the server makes of the chain of this case.
fn verified(server: &str, case: &str) -> Verified {
    let failed = |code, text: &str| Verified::Failed {
        code,
        text: text.to_owned(),
    };
    match case {
        "self-signed" => failed(18, ""),
        "self-signed-tls1.2" if server.starts_with("apache") => failed(18, "GENEROUS"),
        "self-signed-tls1.2" => failed(18, ""),
        "missing-intermediate" => failed(21, ""),
        "expired-1-day" => failed(10, ""),
        _ => Verified::Success,
    }
}

/// The roles that the server was configured to forward: those whose headers came in any case.
fn names(capture: &Capture, dialect: &'static dyn Dialect) -> HeaderNames {
    let mut names = HeaderNames::none(dialect);
    for spec in dialect.roles() {
        let is_there = capture.cases.values().any(|outcome| match outcome {
            Outcome::Forwarded(headers) => headers
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case(spec.default_name)),
            Outcome::Refused(_) => false,
        });
        if is_there {
            names = names.with(spec.role, spec.default_name).unwrap();
        }
    }
    names
}

fn client(server: &str, case: &str, chains: &BTreeMap<String, Vec<Vec<u8>>>) -> Client {
    match chains.get(case) {
        Some(chain) => Client::Presented {
            chain: chain.clone(),
            verified: verified(server, case),
        },
        None if case == "absent" => Client::Absent,
        None => unreachable!("the captures name a case `{case}` without certificates"),
    }
}

/// How what was captured differs from what is encoded; empty if it does not.
fn difference(outcome: &Outcome, encoded: &Result<Vec<Header>, EncodeError>) -> String {
    let (headers, encoded) = match (outcome, encoded) {
        (Outcome::Refused(_), Err(_)) => return String::new(),
        // It was never shown.
        (Outcome::Refused(answer), Ok(_)) if answer.starts_with("client ") => return String::new(),
        (Outcome::Refused(answer), Ok(_)) => return format!("the server refused it: {answer}"),
        (Outcome::Forwarded(_), Err(error)) => return format!("the server forwarded it, but we: {error:?}"),
        (Outcome::Forwarded(headers), Ok(encoded)) => (headers, encoded),
    };
    let mut lines = Vec::new();
    for (name, value) in headers {
        let ours: Vec<_> = encoded
            .iter()
            .filter(|header| header.name.eq_ignore_ascii_case(name))
            .collect();
        match ours.as_slice() {
            [header] if value.is(&header.value) => {}
            [header] => lines.push(format!(
                "{name}:\n  server {}\n  ours   {}",
                value.shown(),
                header.value.escape_ascii()
            )),
            _ => lines.push(format!(
                "{name}: {} of ours; server {}",
                ours.len(),
                value.shown()
            )),
        }
    }
    for header in encoded {
        if !headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(&header.name))
        {
            lines.push(format!(
                "{}: not sent by the server; ours {}",
                header.name,
                header.value.escape_ascii()
            ));
        }
    }
    lines.join("\n")
}

#[test]
fn encoders_write_what_servers_send() {
    let chains = chains();
    let mut failures = Vec::new();
    let mut exceptions = Exceptions::of(UNLIKE);
    for capture in captures() {
        let dialect = dialect(&capture.dialect).unwrap();
        let names = names(&capture, dialect);
        assert!(names.iter().count() > 0, "{} {}", capture.server, capture.dialect);
        for (case, outcome) in &capture.cases {
            let encoded = dialect.encode(&client(&capture.server, case, &chains), &names);
            let found = difference(outcome, &encoded);
            if !found.is_empty() && !exceptions.excuse(&capture, case) {
                failures.push(format!("{} {} {case}: {found}", capture.server, capture.dialect));
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} differences\n{}",
        failures.len(),
        failures.join("\n")
    );
    exceptions.assert_all_used();
}

/// Texts keep no string types, so names are equal when their attributes have the same types and texts in the same order.
fn is_same_name(read: &Name, truth: &Name) -> bool {
    let texts = |name: &Name| -> Vec<_> {
        let pair = |attribute: &Attribute| (attribute.oid.clone(), attribute.text());
        name.rdns
            .iter()
            .map(|rdn| rdn.attributes.iter().map(pair).collect::<Vec<_>>())
            .collect()
    };
    let octets = |name: &Name| {
        name.attributes()
            .map(|attribute| attribute.raw.clone())
            .collect::<Vec<_>>()
    };
    texts(read) == texts(truth) || octets(read) == octets(truth)
}

/// What is wrong with a reading of headers that speak of this certificate; empty if nothing is.
fn mistake(read: &Forwarded, leaf: &Certificate) -> Option<String> {
    if read.presence != Presence::Present {
        return Some(format!("presence {:?}", read.presence));
    }
    if read
        .certificate
        .as_ref()
        .is_some_and(|certificate| certificate != leaf)
    {
        return Some("another certificate".to_owned());
    }
    for (reading, truth) in [(&read.subject, &leaf.subject), (&read.issuer, &leaf.issuer)] {
        if let Some(DnReading::Certain(name)) = reading
            && !is_same_name(name, truth)
        {
            return Some(format!("certain of {name:?} instead of {truth:?}"));
        }
    }
    if read.serial.as_ref().is_some_and(|serial| *serial != leaf.serial) {
        return Some(format!("serial {:?}", read.serial));
    }
    None
}

#[test]
fn decoders_read_what_servers_send() {
    let chains = chains();
    let mut failures = Vec::new();
    let mut exceptions = Exceptions::of(UNREADABLE);
    for capture in captures() {
        let dialect = dialect(&capture.dialect).unwrap();
        let names = names(&capture, dialect);
        for (case, outcome) in &capture.cases {
            let Outcome::Forwarded(headers) = outcome else {
                continue;
            };
            let client = client(&capture.server, case, &chains);
            // Only the encoder has the bytes where a digest is kept; the test above compares the two.
            let encoded = dialect.encode(&client, &names).unwrap_or_default();
            let sent = headers.iter().map(|(name, value)| match value {
                Value::Whole(value) => Some(Header::new(name, value.clone())),
                Value::Digest(..) => encoded
                    .iter()
                    .find(|header| header.name.eq_ignore_ascii_case(name) && value.is(&header.value))
                    .map(|header| Header::new(name, header.value.clone())),
            });
            let sent: Option<Vec<Header>> = sent.collect();
            let title = format!("{} {} {case}", capture.server, capture.dialect);
            let found = match dialect.decode(&sent.unwrap_or_default(), &names) {
                Err(_) if exceptions.excuse(&capture, case) => None,
                Err(error) => Some(format!("{error:?}")),
                Ok(read) => match &client {
                    Client::Absent => (read.presence == Presence::Present || read.certificate.is_some())
                        .then(|| "someone".to_owned()),
                    Client::Presented { chain, .. } => {
                        let leaf = Certificate::from_der(chain.first().unwrap()).unwrap();
                        mistake(&read, &leaf)
                    }
                },
            };
            failures.extend(found.map(|found| format!("{title}: {found}")));
        }
    }
    assert!(
        failures.is_empty(),
        "{} mistakes\n{}",
        failures.len(),
        failures.join("\n")
    );
    exceptions.assert_all_used();
}

/// OpenSSL's client could not load these, and OpenSSL's servers read certificates in the same way.
#[test]
fn what_openssl_cannot_read_is_refused() {
    let chains = chains();
    let mut seen = BTreeSet::new();
    for capture in captures() {
        let dialect = dialect(&capture.dialect).unwrap();
        for (case, outcome) in &capture.cases {
            let is_unread = matches!(outcome, Outcome::Refused(answer) if answer == "client None");
            if is_unread
                && ["apache", "haproxy", "nginx"]
                    .iter()
                    .any(|name| capture.dialect.starts_with(name))
            {
                let encoded =
                    dialect.encode(&client(&capture.server, case, &chains), &names(&capture, dialect));
                assert_eq!(
                    encoded,
                    Err(EncodeError::Refused(dialect.name())),
                    "{} {case}",
                    capture.dialect
                );
                seen.insert(case.clone());
            }
        }
    }
    assert!(
        seen.contains("cn-invalid-utf8") && seen.contains("visible-string"),
        "{seen:?}"
    );
}

#[test]
fn captured_dialects_have_captures() {
    let captured: BTreeSet<String> = captures().into_iter().map(|capture| capture.dialect).collect();
    for dialect in DIALECTS {
        let is_kept = captured.contains(dialect.name()) && dialect.evidence() != Evidence::Standard;
        assert_eq!(
            dialect.evidence() == Evidence::Captured,
            is_kept,
            "{}",
            dialect.name()
        );
    }
}
