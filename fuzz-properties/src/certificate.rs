//! The certificate differential: four readers, one identity.
//!
//! Readers may refuse what others take: that is strictness, and counted nowhere. Where two accept, they must see the same
//! names, serial number, dates and purposes, but for the disagreements in [`KNOWN`], each with its reason and an input that
//! still shows it.

use std::time::Duration;

use certs_gen::der::Reader as Der;
use client_identity::der::{element, strict, write};
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use crate::effort::linear;
use crate::finding;
use crate::reading::{Pair, READERS, Reader, Reading, minimal};

/// What two readers see differently.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The part of the identity.
    pub field: &'static str,
    /// The two readers, in the order of the list.
    pub readers: [&'static str; 2],
    /// What each sees.
    pub seen: [String; 2],
}

/// A disagreement that was looked into.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Its word: `fuzz/known/<name>.der` is an input that shows it.
    pub name: &'static str,
    /// The part of the identity.
    pub field: &'static str,
    /// The reader that sees it otherwise than all others.
    pub apart: &'static str,
    /// Why they differ, and why that is no bug of ours.
    pub because: &'static str,
    /// Whether a certificate is one of that kind.
    pub is_one: fn(&[u8], &Disagreement) -> bool,
}

/// The reviewed disagreements, sorted by name. A test replays the input of each.
pub const KNOWN: &[Known] = &[
    Known {
        name: "bit-string-padding-issuer",
        field: "issuer",
        apart: "openssl",
        because: PADDING,
        is_one: |der, _| has_padding(der, |reading| reading.issuer.as_ref()),
    },
    Known {
        name: "bit-string-padding-subject",
        field: "subject",
        apart: "openssl",
        because: PADDING,
        is_one: |der, _| has_padding(der, |reading| reading.subject.as_ref()),
    },
    Known {
        name: "constructed-string-issuer",
        field: "issuer",
        apart: "openssl",
        because: CONSTRUCTED,
        is_one: |der, _| has_constructed_string(der, |reading| reading.issuer.as_ref()),
    },
    Known {
        name: "constructed-string-subject",
        field: "subject",
        apart: "openssl",
        because: CONSTRUCTED,
        is_one: |der, _| has_constructed_string(der, |reading| reading.subject.as_ref()),
    },
    Known {
        name: "unsorted-set-issuer",
        field: "issuer",
        apart: "x509-cert",
        because: UNSORTED,
        is_one: |der, _| has_unsorted_set(names(der).map(|[issuer, _]| issuer)),
    },
    Known {
        name: "unsorted-set-subject",
        field: "subject",
        apart: "x509-cert",
        because: UNSORTED,
        is_one: |der, _| has_unsorted_set(names(der).map(|[_, subject]| subject)),
    },
];

const CONSTRUCTED: &str = "A string in constructed form, which DER forbids (X.690 section 10.2). OpenSSL joins the segments and sees \
                           a text; the others show the octets \
                           of the segments; to client-identity they are no string, and name nobody.";

const PADDING: &str = "A BIT STRING whose unused bits are not zero, which DER forbids (X.690 section 11.2.1). OpenSSL clears them, the \
                       others show them; a printer of client-identity clears them as OpenSSL does.";

const UNSORTED: &str = "A relative name of several attributes that are not in the order of their encodings, as DER wants (X.690 section \
                        11.6). x509-cert sorts them as it reads, the others keep the order of the bytes. An order within a \
                        set means nothing; who takes the first common name of two may take another one.";

/// The contents of issuer and subject, wherever readers may stumble over the rest.
fn names(der: &[u8]) -> Option<[&[u8]; 2]> {
    let mut outer = Der::new(Der::new(der).content(0x30).ok()?);
    let mut signed = Der::new(outer.content(0x30).ok()?);
    signed.skip_if(0xa0).ok()?;
    signed.any().ok()?;
    signed.any().ok()?;
    let issuer = signed.content(0x30).ok()?;
    signed.any().ok()?;
    Some([issuer, signed.content(0x30).ok()?])
}

/// Whether a relative name has attributes in another order than DER's.
fn has_unsorted_set(name: Option<&[u8]>) -> bool {
    let mut sets = Der::new(name.unwrap_or_default());
    while let Ok(set) = sets.content(0x31) {
        let mut pairs = Der::new(set);
        let mut before: &[u8] = &[];
        while let Ok(pair) = pairs.whole(0x30) {
            if pair < before {
                return true;
            }
            before = pair;
        }
    }
    false
}

/// Whether a name has a BIT STRING with unused bits that are set.
fn has_padding(der: &[u8], of: Part) -> bool {
    has(der, of, |tag, value| match value {
        [unused @ 1..=7, .., last] => tag == 3 && *last & !(0xff_u8 << unused) != 0,
        _ => false,
    })
}

/// Whether a name has a value in constructed form of a string type.
fn has_constructed_string(der: &[u8], of: Part) -> bool {
    const STRINGS: [u8; 10] = [3, 12, 18, 19, 20, 22, 26, 27, 28, 30];
    has(der, of, |tag, _| {
        tag & 0xe0 == 0x20 && STRINGS.contains(&(tag & 0x1f))
    })
}

/// A name of a reading.
type Part = fn(&Reading) -> Option<&Vec<Pair>>;

/// Whether a reader that holds to the bytes sees such a value: any of them, since each may refuse the certificate for
/// something else.
fn has(der: &[u8], of: Part, is_one: impl Fn(u8, &[u8]) -> bool) -> bool {
    let readings = READERS.iter().filter_map(|reader| (reader.read)(der));
    readings
        .filter_map(|reading| of(&reading).cloned())
        .flatten()
        .any(|(_, tag, value)| is_one(tag, &value))
}

/// A certificate; `others` are readers beside [`READERS`].
///
/// # Panics
/// Where two readers see different identities, and that is not known; where an encoding that is held for strict is not the
/// only one of its contents.
pub fn run(der: &[u8], others: &[Reader]) {
    if linear(der.len(), || strict(der)).is_ok() {
        let again = rewritten(der, DEEPEST);
        assert!(
            again.as_deref() == Some(der),
            "held for strict, yet DER writes it otherwise: {again:02x?}"
        );
    }
    for disagreement in linear(der.len(), || disagreements(der, others)) {
        let is_known = KNOWN.iter().any(|known| is_of(known, der, &disagreement));
        if !is_known {
            finding(&format!("two identities in one certificate: {disagreement:#?}"));
        }
    }
}

/// How deep an encoding may be nested that is held for strict: deeper than a certificate of this world ever is.
const DEEPEST: usize = 64;

/// The elements of `bytes` as DER writes them: lengths, INTEGERs and BOOLEANs in their one form.
fn rewritten(mut bytes: &[u8], levels: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    while !bytes.is_empty() {
        let (identifier, contents, rest) = element(bytes).ok()?;
        let contents = match (identifier, contents) {
            (0x01, [0]) => vec![0],
            (0x01, _) => vec![0xff],
            (0x02, [_, ..]) => minimal(contents),
            (0x02, []) => vec![0],
            _ if identifier & 0x20 != 0 => match levels.checked_sub(1) {
                Some(left) => rewritten(contents, left)?,
                None => finding("held for strict, however deep it is nested"),
            },
            _ => contents.to_vec(),
        };
        write(&mut out, identifier, &contents);
        bytes = rest;
    }
    Some(out)
}

/// Whether a disagreement over this certificate is of a known kind.
#[must_use]
pub fn is_of(known: &Known, der: &[u8], disagreement: &Disagreement) -> bool {
    known.field == disagreement.field
        && disagreement.readers.contains(&known.apart)
        && (known.is_one)(der, disagreement)
}

/// What the readers that accept a certificate disagree on.
#[must_use]
pub fn disagreements(der: &[u8], others: &[Reader]) -> Vec<Disagreement> {
    let readings: Vec<(&'static str, Reading)> = READERS
        .iter()
        .chain(others)
        .filter_map(|reader| Some((reader.name, (reader.read)(der)?)))
        .collect();
    let mut found = Vec::new();
    for (place, one) in readings.iter().enumerate() {
        for other in readings.iter().skip(place + 1) {
            compare(one, other, &mut found);
        }
    }
    found
}

fn compare(
    (one, left): &(&'static str, Reading),
    (other, right): &(&'static str, Reading),
    found: &mut Vec<Disagreement>,
) {
    let mut add = |field, left: Option<String>, right: Option<String>| {
        if let (Some(left), Some(right)) = (left, right)
            && left != right
        {
            found.push(Disagreement {
                field,
                readers: [one, other],
                seen: [left, right],
            });
        }
    };
    add("subject", shown(&left.subject), shown(&right.subject));
    add("issuer", shown(&left.issuer), shown(&right.issuer));
    add(
        "alternative names",
        shown(&left.alternative_names),
        shown(&right.alternative_names),
    );
    add("serial number", shown(&left.serial), shown(&right.serial));
    add("first second", shown(&left.not_before), shown(&right.not_before));
    add("last second", shown(&left.not_after), shown(&right.not_after));
    add("purposes", shown(&left.purposes), shown(&right.purposes));
    add(
        "client purpose",
        shown(&left.names_clients),
        shown(&right.names_clients),
    );
}

fn shown<T: std::fmt::Debug>(value: &Option<T>) -> Option<String> {
    value.as_ref().map(|value| format!("{value:02x?}"))
}

/// Whether rustls-webpki takes the certificate as a client's under `issuer`, at the time of the seeds.
#[must_use]
pub fn is_signed_by(der: &[u8], issuer: &[u8]) -> bool {
    let (der, issuer) = (CertificateDer::from(der), CertificateDer::from(issuer));
    let (Ok(leaf), Ok(anchor)) = (EndEntityCert::try_from(&der), anchor_from_trusted_cert(&issuer)) else {
        return false;
    };
    let now = UnixTime::since_unix_epoch(Duration::from_secs(
        u64::try_from(certs_gen::PkiSpec::default().now).unwrap_or(0),
    ));
    let algorithms: &[&dyn SignatureVerificationAlgorithm] = &[webpki::aws_lc_rs::ECDSA_P256_SHA256];
    let usage = KeyUsage::client_auth();
    leaf.verify_for_usage(algorithms, &[anchor], &[], now, usage, None, None)
        .is_ok()
}
