//! The `[identity]` table: how the proxy tells the app who the client is, and how it proves itself to the app.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use client_identity::certificate::{Attribute, oid};
use client_identity::dialect::UnknownRole;
use client_identity::{
    Certificate, Dialect, DnReading, Forwarded, GeneralName, Header, HeaderNames, Name, Presence, Role,
    StringType, Verified,
};
use hyper::header::{HeaderName, HeaderValue};
use serde::Deserialize;

use crate::error::StartError;

/// OpenSSL's number for "unable to verify the first certificate", sent where a fault forwards a bad certificate.
const UNVERIFIED_LEAF: u32 = 21;

/// The `[identity]` table, the same in proxy.toml and app.toml.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct IdentityConfig {
    /// A dialect's name: `nginx`, `haproxy`, `envoy`, ...
    pub dialect: String,
    /// Header names by role, where the dialect leaves them to the operator.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The header that proves the proxy to the app.
    #[serde(default)]
    pub secret_header: Option<String>,
    /// Its value.
    #[serde(default)]
    pub secret: Option<String>,
}

/// The certificate of a client as the proxy knows it.
#[derive(Clone, Debug)]
pub(crate) enum Client {
    /// None was presented.
    Absent,
    /// The chain in DER, leaf first, and why it is bad if it is.
    Presented {
        chain: Vec<Vec<u8>>,
        failure: Option<String>,
    },
}

/// What the headers say of the verification.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Verdict {
    /// The dialect has no word for it.
    Unsaid,
    /// Good.
    Success,
    /// Bad.
    Failed,
}

/// What the headers of one request say of the client.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// The verification's result.
    pub(crate) verdict: Verdict,
    /// Subject as RFC 4514 text.
    pub(crate) subject: Option<String>,
    /// Subject as a reader takes it who ignores any doubt, for faults only.
    pub(crate) naive_subject: Option<String>,
    /// Issuer as RFC 4514 text.
    pub(crate) issuer: Option<String>,
    /// Serial number in lower-case hexadecimal without leading zeros.
    pub(crate) serial: Option<String>,
    /// SHA-256 of the certificate in lower-case hexadecimal.
    pub(crate) fingerprint: Option<String>,
    /// Alternative names as `email:...`, `dns:...`, `uri:...`.
    pub(crate) names: Vec<String>,
    /// Common names in the order of the encoding.
    pub(crate) common_names: Vec<String>,
    /// Common names as a reader takes them who ignores their string types, for faults only.
    pub(crate) octet_names: Vec<String>,
    /// Whether the subject is in a string type or with characters that can look like another name.
    pub(crate) odd_subject: bool,
    /// The certificate itself, DER, where the dialect sends it.
    pub(crate) leaf: Option<Vec<u8>>,
    /// The last certificate of the list, where there is more than one.
    pub(crate) last: Option<Box<Self>>,
}

/// A dialect with the operator's names and secret.
pub(crate) struct Convention {
    dialect: &'static dyn Dialect,
    names: HeaderNames,
    /// The header names, as written.
    pub(crate) headers: Vec<String>,
    /// The proxy's proof.
    pub(crate) secret: Option<(HeaderName, HeaderValue)>,
}

impl Convention {
    /// Reads the table.
    pub(crate) fn new(config: &IdentityConfig) -> Result<Self, StartError> {
        let wrong = |what: String| StartError::Identity { what };
        let dialect = client_identity::dialect(&config.dialect).map_err(|error| wrong(error.to_string()))?;
        // A deployment that names headers uses those roles and no others.
        let mut names = if config.headers.is_empty() {
            HeaderNames::defaults(dialect)
        } else {
            HeaderNames::none(dialect)
        };
        for (role, name) in &config.headers {
            let role: Role = role
                .parse()
                .map_err(|error: UnknownRole| wrong(error.to_string()))?;
            names = names.with(role, name).map_err(|error| wrong(error.to_string()))?;
        }
        let headers: Vec<String> = dialect
            .roles()
            .iter()
            .filter_map(|spec| names.get(spec.role))
            .map(str::to_owned)
            .collect();
        let secret = match (&config.secret_header, &config.secret) {
            (None, None) => None,
            (Some(name), Some(value)) => {
                let name =
                    HeaderName::from_bytes(name.as_bytes()).map_err(|error| wrong(error.to_string()))?;
                let mut value = HeaderValue::from_str(value).map_err(|error| wrong(error.to_string()))?;
                value.set_sensitive(true);
                Some((name, value))
            }
            (Some(_), None) | (None, Some(_)) => {
                return Err(wrong("secret-header and secret need each other".to_owned()));
            }
        };
        Ok(Self {
            dialect,
            names,
            headers,
            secret,
        })
    }

    /// The headers that tell the app of `client`.
    pub(crate) fn encode(&self, client: &Client) -> Result<Vec<(HeaderName, HeaderValue)>, String> {
        let client = match client {
            Client::Absent => client_identity::Client::Absent,
            Client::Presented { chain, failure } => client_identity::Client::Presented {
                chain: chain.clone(),
                verified: match failure {
                    None => Verified::Success,
                    Some(text) => Verified::Failed {
                        code: UNVERIFIED_LEAF,
                        text: text.clone(),
                    },
                },
            },
        };
        self.dialect
            .encode(&client, &self.names)
            .map_err(|error| error.to_string())?
            .into_iter()
            .map(|header| {
                let name =
                    HeaderName::from_bytes(header.name.as_bytes()).map_err(|error| error.to_string())?;
                let value = HeaderValue::from_bytes(&header.value).map_err(|error| error.to_string())?;
                Ok((name, value))
            })
            .collect()
    }

    /// What `headers` say; `None` if they say that there is no certificate.
    pub(crate) fn decode(&self, headers: &[(String, Vec<u8>)]) -> Result<Option<Told>, String> {
        let headers: Vec<Header> = headers
            .iter()
            .map(|(name, value)| Header::new(name, value.clone()))
            .collect();
        let forwarded = self
            .dialect
            .decode(&headers, &self.names)
            .map_err(|error| error.to_string())?;
        // Headers that say nothing are not a certificate; above all they are no trusted internal call.
        if forwarded.presence != Presence::Present {
            return Ok(None);
        }
        Ok(Some(told(&forwarded)))
    }
}

/// Puts what the certificate says before what the other headers say.
fn told(forwarded: &Forwarded) -> Told {
    let verdict = match &forwarded.verified {
        None => Verdict::Unsaid,
        Some(Verified::Success) => Verdict::Success,
        Some(Verified::Failed { .. }) => Verdict::Failed,
    };
    if let Some(certificate) = &forwarded.certificate {
        let mut told = of_certificate(certificate, verdict.clone());
        told.last = forwarded
            .chain
            .last()
            .map(|last| Box::new(of_certificate(last, verdict)));
        return told;
    }
    let subject = forwarded.subject.as_ref().and_then(DnReading::certain);
    let issuer = forwarded.issuer.as_ref().and_then(DnReading::certain);
    let naive = forwarded.subject.as_ref().map(DnReading::naive);
    Told {
        verdict,
        subject: subject.map(Name::to_rfc4514),
        naive_subject: naive.map(Name::to_rfc4514),
        issuer: issuer.map(Name::to_rfc4514),
        serial: forwarded
            .serial
            .as_ref()
            .map(|serial| serial_text(&serial.upper_hex())),
        fingerprint: forwarded.sha256.map(|digest| hexadecimal(&digest)),
        names: forwarded
            .subject_alt_names
            .iter()
            .filter_map(alternative)
            .collect(),
        common_names: naive.map(Name::common_names).unwrap_or_default(),
        octet_names: naive.map(octet_names).unwrap_or_default(),
        odd_subject: false,
        leaf: None,
        last: None,
    }
}

fn of_certificate(certificate: &Certificate, verdict: Verdict) -> Told {
    let odd_subject = certificate.subject.attributes().any(|attribute| {
        !matches!(
            attribute.string_type,
            StringType::Utf8 | StringType::Printable | StringType::Ia5
        ) || attribute
            .text()
            .is_none_or(|text| text.chars().any(char::is_control))
    });
    Told {
        verdict,
        subject: Some(certificate.subject.to_rfc4514()),
        naive_subject: Some(certificate.subject.to_rfc4514()),
        issuer: Some(certificate.issuer.to_rfc4514()),
        serial: Some(serial_text(&certificate.serial.upper_hex())),
        fingerprint: Some(hexadecimal(&certificate.sha256)),
        names: certificate
            .subject_alt_names
            .iter()
            .filter_map(alternative)
            .collect(),
        common_names: certificate.subject.common_names(),
        octet_names: octet_names(&certificate.subject),
        odd_subject,
        leaf: Some(certificate.der().to_vec()),
        last: None,
    }
}

/// The octets of each common name read one by one as ASCII; what is no character of a name is left out.
fn octet_names(name: &Name) -> Vec<String> {
    let letters = |attribute: &Attribute| {
        let of_names = |octet: &&u8| octet.is_ascii_graphic() || **octet == b' ';
        attribute
            .raw
            .iter()
            .filter(of_names)
            .map(|octet| char::from(*octet))
            .collect()
    };
    name.attributes()
        .filter(|attribute| attribute.oid.content() == oid::COMMON_NAME)
        .map(letters)
        .collect()
}

/// The kinds of alternative names that a user can be enrolled under.
fn alternative(name: &GeneralName) -> Option<String> {
    let (kind, text) = match name {
        GeneralName::Dns(text) => ("dns", text),
        GeneralName::Email(text) => ("email", text),
        GeneralName::Uri(text) => ("uri", text),
        GeneralName::Directory(_)
        | GeneralName::Ip(_)
        | GeneralName::IpOctets(_)
        | GeneralName::Other { .. }
        | GeneralName::Registered(_)
        | GeneralName::Unread(..) => return None,
    };
    let text = std::str::from_utf8(text)
        .ok()
        .filter(|text| !text.chars().any(char::is_control))?;
    Some(format!("{kind}:{text}"))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// A serial number as it is compared: lower case, without leading zeros.
pub(crate) fn serial_text(text: &str) -> String {
    let text = text.replace(':', "").to_ascii_lowercase();
    text.trim_start_matches('0').to_owned()
}

/// A name as RFC 4514 text in the one form that is compared.
pub(crate) fn canonical_name(text: &str) -> Result<String, StartError> {
    Name::parse_rfc4514(text)
        .map(|name| name.to_rfc4514())
        .map_err(|error| StartError::Identity {
            what: format!("the name {text:?}: {error}"),
        })
}
