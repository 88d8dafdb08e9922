//! What each certificate reader sees, in one shape, so that they can be compared. Next: [`crate::certificate`].
//!
//! Names and numbers are kept as the bytes that the reader hands out; nothing is normalised here, or a difference would be
//! hidden. What a reader does not tell is `None`.

use certs_gen::der::{OBJECT_IDENTIFIER, Reader as DerReader, SEQUENCE, SET};
use client_identity::Certificate;
use client_identity::certificate::{GeneralName, Name};
use rustls_pki_types::CertificateDer;
use webpki::EndEntityCert;
use x509_cert::der::{Decode as _, Encode as _};

/// An attribute of a name: content octets of its type, identifier octet and content octets of its value.
pub type Pair = (Vec<u8>, u8, Vec<u8>);

/// Whom a certificate names, according to one reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// The subject's attributes in order.
    pub subject: Option<Vec<Pair>>,
    /// The issuer's attributes in order.
    pub issuer: Option<Vec<Pair>>,
    /// Alternative names: identifier octet and contents, in order. Only of the kinds that every reader tells: mail
    /// addresses, DNS names, URIs and IP addresses.
    pub alternative_names: Option<Vec<(u8, Vec<u8>)>>,
    /// Content octets of the serial number, without leading octets that say nothing.
    pub serial: Option<Vec<u8>>,
    /// First valid second (Unix).
    pub not_before: Option<i64>,
    /// Last valid second (Unix).
    pub not_after: Option<i64>,
    /// Content octets of the purposes' identifiers, sorted; empty where there is no such extension.
    pub purposes: Option<Vec<Vec<u8>>>,
    /// Whether the purposes name TLS clients.
    pub names_clients: Option<bool>,
}

/// Content octets of id-kp-clientAuth.
const CLIENT_AUTH: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];

impl Reading {
    /// The same with these purposes.
    fn with_purposes(mut self, mut purposes: Vec<Vec<u8>>) -> Self {
        purposes.sort();
        self.names_clients = Some(purposes.iter().any(|purpose| purpose == CLIENT_AUTH));
        self.purposes = Some(purposes);
        self
    }
}

/// A certificate reader.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Its name.
    pub name: &'static str,
    /// What it sees; `None` where it refuses the certificate.
    pub read: fn(&[u8]) -> Option<Reading>,
}

/// The readers that this crate links. OpenSSL is a fourth, in `fuzz/`.
pub const READERS: [Reader; 3] = [
    Reader {
        name: "client-identity",
        read: own,
    },
    Reader {
        name: "rustls-webpki",
        read: webpki,
    },
    Reader {
        name: "x509-cert",
        read: x509_cert,
    },
];

/// A serial number's content octets without leading octets that say nothing.
#[must_use]
pub fn minimal(content: &[u8]) -> Vec<u8> {
    let mut rest = content;
    while let [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] = rest {
        rest = rest.get(1..).unwrap_or_default();
    }
    rest.to_vec()
}

/// client-identity, which reads the frame with x509-parser.
fn own(der: &[u8]) -> Option<Reading> {
    let certificate = Certificate::from_der(der).ok()?;
    let pairs = |name: &Name| {
        name.attributes()
            .map(|attribute| {
                (
                    attribute.oid.content().to_vec(),
                    attribute.string_type.identifier(),
                    attribute.raw.clone(),
                )
            })
            .collect()
    };
    let names = certificate
        .subject_alt_names
        .iter()
        .filter_map(|name| match name {
            GeneralName::Email(text) => Some((0x81, text.clone())),
            GeneralName::Dns(text) => Some((0x82, text.clone())),
            GeneralName::Uri(text) => Some((0x86, text.clone())),
            GeneralName::Ip(std::net::IpAddr::V4(address)) => Some((0x87, address.octets().to_vec())),
            GeneralName::Ip(std::net::IpAddr::V6(address)) => Some((0x87, address.octets().to_vec())),
            GeneralName::IpOctets(octets) => Some((0x87, octets.clone())),
            GeneralName::Directory(_)
            | GeneralName::Other { .. }
            | GeneralName::Registered(_)
            | GeneralName::Unread(..) => None,
        })
        .collect();
    let purposes = certificate.extended_key_usage.iter().flatten();
    let purposes = purposes.map(|purpose| purpose.content().to_vec()).collect();
    let reading = Reading {
        subject: Some(pairs(&certificate.subject)),
        issuer: Some(pairs(&certificate.issuer)),
        alternative_names: Some(names),
        serial: Some(integer(&certificate.serial)),
        not_before: Some(certificate.validity.not_before),
        not_after: Some(certificate.validity.not_after),
        ..Reading::default()
    };
    Some(reading.with_purposes(purposes))
}

/// The two's complement of a serial number, from its magnitude.
fn integer(serial: &client_identity::Serial) -> Vec<u8> {
    let mut octets = [&[0][..], serial.magnitude()].concat();
    if serial.is_negative() {
        let mut carry = 1_u16;
        for octet in octets.iter_mut().rev() {
            let [high, low] = (u16::from(!*octet) + carry).to_be_bytes();
            (*octet, carry) = (low, u16::from(high));
        }
    }
    minimal(&octets)
}

/// rustls-webpki: names and serial number as bytes; the rest it keeps to itself.
fn webpki(der: &[u8]) -> Option<Reading> {
    let der = CertificateDer::from(der);
    let certificate = EndEntityCert::try_from(&der).ok()?;
    Some(Reading {
        subject: rdns(certificate.subject()),
        issuer: rdns(certificate.issuer()),
        serial: Some(minimal(certificate.serial())),
        ..Reading::default()
    })
}

/// The attributes of the contents of a Name, by certs-gen's reader.
#[must_use]
pub fn rdns(contents: &[u8]) -> Option<Vec<Pair>> {
    let mut pairs = Vec::new();
    let mut rdns = DerReader::new(contents);
    while !rdns.is_empty() {
        let mut set = DerReader::new(rdns.content(SET).ok()?);
        while !set.is_empty() {
            let mut pair = DerReader::new(set.content(SEQUENCE).ok()?);
            let kind = pair.content(OBJECT_IDENTIFIER).ok()?.to_vec();
            let (tag, _, value) = pair.any().ok()?;
            pairs.push((kind, tag, value.to_vec()));
        }
    }
    Some(pairs)
}

/// x509-cert of the RustCrypto project.
fn x509_cert(der: &[u8]) -> Option<Reading> {
    use x509_cert::ext::pkix::name::GeneralName;
    use x509_cert::ext::pkix::{ExtendedKeyUsage, SubjectAltName};
    let certificate = x509_cert::Certificate::from_der(der).ok()?;
    let signed = certificate.tbs_certificate();
    let pairs = |name: &x509_cert::name::Name| {
        name.iter()
            .map(|pair| {
                let tag = pair.value.to_der().ok()?.first().copied()?;
                Some((pair.oid.as_bytes().to_vec(), tag, pair.value.value().to_vec()))
            })
            .collect::<Option<Vec<Pair>>>()
    };
    let mut names = Vec::new();
    // A certificate with two extensions of one kind is refused here, as the crate's own look-up does.
    let list = signed.get_extension::<SubjectAltName>().ok()?;
    for name in list.into_iter().flat_map(|(_, list)| list.0) {
        match name {
            GeneralName::Rfc822Name(text) => names.push((0x81, text.as_bytes().to_vec())),
            GeneralName::DnsName(text) => names.push((0x82, text.as_bytes().to_vec())),
            GeneralName::UniformResourceIdentifier(text) => names.push((0x86, text.as_bytes().to_vec())),
            GeneralName::IpAddress(octets) => names.push((0x87, octets.as_bytes().to_vec())),
            GeneralName::DirectoryName(_)
            | GeneralName::EdiPartyName(_)
            | GeneralName::OtherName(_)
            | GeneralName::RegisteredId(_) => {}
        }
    }
    let purposes = signed.get_extension::<ExtendedKeyUsage>().ok()?;
    let purposes = purposes.into_iter().flat_map(|(_, list)| list.0);
    let purposes = purposes.map(|purpose| purpose.as_bytes().to_vec()).collect();
    let seconds = |time: &x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).ok();
    let reading = Reading {
        subject: Some(pairs(signed.subject())?),
        issuer: Some(pairs(signed.issuer())?),
        alternative_names: Some(names),
        serial: Some(minimal(signed.serial_number().as_bytes())),
        not_before: seconds(&signed.validity().not_before),
        not_after: seconds(&signed.validity().not_after),
        ..Reading::default()
    };
    Some(reading.with_purposes(purposes))
}
