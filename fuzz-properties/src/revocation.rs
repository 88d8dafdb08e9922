//! The differential of revocation lists: all readers see the same revoked serial numbers.
//!
//! The embedded proxy asks rustls-webpki; servers ask OpenSSL. A serial number that one of them overlooks is a revoked client
//! who comes in. OCSP has a module of its own.

use std::collections::BTreeSet;

use webpki::BorrowedCertRevocationList;
use x509_cert::crl::CertificateList;
use x509_cert::der::Decode as _;
use x509_parser::prelude::FromDer as _;
use x509_parser::revocation_list::CertificateRevocationList;

use crate::effort::linear;
use crate::finding;
use crate::reading::minimal;

/// The serial numbers that one reader sees revoked, as minimal content octets.
type Serials = BTreeSet<Vec<u8>>;

/// A reader of revocation lists.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// Its name.
    pub name: &'static str,
    /// The revoked serial numbers; `None` where it refuses the list.
    pub read: fn(&[u8]) -> Option<Serials>,
}

/// The readers that this crate links. OpenSSL is a fourth, in `fuzz/`.
const READERS: [Reader; 3] = [
    Reader {
        name: "rustls-webpki",
        read: webpki,
    },
    Reader {
        name: "x509-cert",
        read: x509_cert,
    },
    Reader {
        name: "x509-parser",
        read: x509_parser,
    },
];

/// A revocation list; `others` are readers beside those of this crate.
///
/// # Panics
/// Where two readers see different serial numbers revoked.
pub fn run(der: &[u8], others: &[Reader]) {
    let readings: Vec<(&str, Serials)> = linear(der.len(), || {
        READERS
            .iter()
            .chain(others)
            .filter_map(|reader| Some((reader.name, (reader.read)(der)?)))
            .collect()
    });
    for pair in readings.windows(2) {
        let [(one, left), (other, right)] = pair else {
            continue;
        };
        if left != right {
            finding(&format!(
                "{one} sees revoked {left:02x?}, {other} sees {right:02x?}"
            ));
        }
    }
}

fn webpki(der: &[u8]) -> Option<Serials> {
    let list = BorrowedCertRevocationList::from_der(der).ok()?;
    let serials = list
        .into_iter()
        .map(|entry| Some(minimal(entry.ok()?.serial_number)));
    serials.collect()
}

fn x509_cert(der: &[u8]) -> Option<Serials> {
    let list: CertificateList = CertificateList::from_der(der).ok()?;
    let entries = list.tbs_cert_list.revoked_certificates;
    let serial = |entry: &x509_cert::crl::RevokedCert| minimal(entry.serial_number.as_bytes());
    Some(entries.iter().flatten().map(serial).collect())
}

fn x509_parser(der: &[u8]) -> Option<Serials> {
    let (rest, list) = CertificateRevocationList::from_der(der).ok()?;
    let entries = list.iter_revoked_certificates();
    rest.is_empty()
        .then(|| entries.map(|entry| minimal(entry.raw_serial())).collect())
}
