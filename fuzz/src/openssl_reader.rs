//! OpenSSL as a reader of certificates, revocation lists and OCSP answers: what most servers see.

use std::collections::BTreeSet;

use foreign_types_shared::ForeignTypeRef as _;
use fuzz_properties::reading::{Pair, Reader, Reading, minimal, rdns};
use fuzz_properties::revocation;
use openssl::asn1::{Asn1IntegerRef, Asn1Time, Asn1TimeRef};
use openssl::stack::StackRef;
use openssl::x509::{GeneralName, X509, X509Crl, X509NameRef, X509Ref};

/// OpenSSL's reader of certificates.
pub const CERTIFICATES: Reader = Reader {
    name: "openssl",
    read: certificate,
};

/// OpenSSL's reader of revocation lists.
pub const LISTS: revocation::Reader = revocation::Reader {
    name: "openssl",
    read: list,
};

/// OpenSSL's reader of OCSP answers.
#[cfg(feature = "engine")]
pub const ANSWERS: fuzz_properties::ocsp::Reader = fuzz_properties::ocsp::Reader {
    name: "openssl",
    says_good,
};

/// Identifier octet of a BIT STRING.
const BIT_STRING: u8 = 3;
/// Identifier octet of a SEQUENCE.
const SEQUENCE: u8 = 0x30;
/// The flag of X509_get_extended_key_usage for TLS clients (XKU_SSL_CLIENT).
const CLIENTS: u32 = 0x2;

fn certificate(der: &[u8]) -> Option<Reading> {
    let certificate = X509::from_der(der).ok()?;
    // d2i_X509 leaves bytes after the certificate unread; servers hand it exactly one.
    if outer_length(der)? != der.len() {
        return None;
    }
    Some(Reading {
        subject: pairs(certificate.subject_name()),
        issuer: pairs(certificate.issuer_name()),
        alternative_names: certificate
            .subject_alt_names()
            .and_then(|names| alternatives(&names)),
        serial: Some(integer(certificate.serial_number())?),
        not_before: seconds(certificate.not_before()),
        not_after: seconds(certificate.not_after()),
        // The crate has no way to list the purposes.
        purposes: None,
        names_clients: names_clients(&certificate),
    })
}

fn outer_length(der: &[u8]) -> Option<usize> {
    let mut reader = certs_gen::der::Reader::new(der);
    reader.any().ok().map(|(_, whole, _)| whole.len())
}

/// `None` for a certificate that OpenSSL holds for invalid, of which it tells no purpose and which it refuses when it verifies.
#[expect(unsafe_code, reason = "the openssl crate has no call for it")]
fn names_clients(certificate: &X509Ref) -> Option<bool> {
    let pointer = certificate.as_ptr();
    // SAFETY: the pointer is that of a certificate which lives as long as the reference; OpenSSL caches flags in it.
    let (purposes, flags) = unsafe {
        (
            openssl_sys::X509_get_extended_key_usage(pointer),
            openssl_sys::X509_get_extension_flags(pointer),
        )
    };
    (flags & openssl_sys::EXFLAG_INVALID == 0).then_some(purposes != u32::MAX && purposes & CLIENTS != 0)
}

/// Values as OpenSSL's interface hands them out. The crate does not hand out the bytes of a type nor the tag of a value; these
/// come from the DER that OpenSSL writes of the name.
fn pairs(name: &X509NameRef) -> Option<Vec<Pair>> {
    let der = name.to_der().ok()?;
    let contents = certs_gen::der::Reader::new(&der).content(0x30).ok()?;
    let written = rdns(contents)?;
    let values: Vec<_> = name
        .entries()
        .map(|entry| entry.data().as_slice().to_vec())
        .collect();
    (values.len() == written.len()).then(|| {
        let pairs = values.into_iter().zip(written);
        pairs
            .map(|(value, (kind, tag, written))| (kind, tag, value_contents(tag, value, &written)))
            .collect()
    })
}

/// The contents of a value. OpenSSL hands out a BIT STRING without the octet that counts its unused bits, and a SEQUENCE with
/// its identifier and length.
fn value_contents(tag: u8, value: Vec<u8>, written: &[u8]) -> Vec<u8> {
    match (tag, written) {
        (BIT_STRING, [unused, ..]) => [vec![*unused], value].concat(),
        (SEQUENCE, _) => match certs_gen::der::Reader::new(&value).content(SEQUENCE) {
            Ok(contents) => contents.to_vec(),
            Err(_) => value,
        },
        _ => value,
    }
}

/// `None` where there is a name that the crate cannot show, such as one that is no UTF-8.
fn alternatives(names: &StackRef<GeneralName>) -> Option<Vec<(u8, Vec<u8>)>> {
    let text = |tag: u8, text: &str| (tag, text.as_bytes().to_vec());
    let mut found = Vec::new();
    for name in names {
        let shown = name
            .email()
            .map(|email| text(0x81, email))
            .or_else(|| name.dnsname().map(|dns| text(0x82, dns)))
            .or_else(|| name.uri().map(|uri| text(0x86, uri)))
            .or_else(|| name.ipaddress().map(|octets| (0x87, octets.to_vec())));
        match shown {
            Some(shown) => found.push(shown),
            None if name.directory_name().is_some() => {}
            None => return None,
        }
    }
    Some(found)
}

fn integer(serial: &Asn1IntegerRef) -> Option<Vec<u8>> {
    let number = serial.to_bn().ok()?;
    let mut octets = [vec![0], number.to_vec()].concat();
    if number.is_negative() {
        let mut carry = 1_u16;
        for octet in octets.iter_mut().rev() {
            let [high, low] = (u16::from(!*octet) + carry).to_be_bytes();
            (*octet, carry) = (low, u16::from(high));
        }
    }
    Some(minimal(&octets))
}

fn seconds(time: &Asn1TimeRef) -> Option<i64> {
    let epoch = Asn1Time::from_unix(0).ok()?;
    let since = epoch.diff(time).ok()?;
    Some(i64::from(since.days) * 86_400 + i64::from(since.secs))
}

fn list(der: &[u8]) -> Option<BTreeSet<Vec<u8>>> {
    let list = X509Crl::from_der(der).ok()?;
    if outer_length(der)? != der.len() {
        return None;
    }
    let revoked = list.get_revoked().into_iter().flatten();
    revoked.map(|entry| integer(entry.serial_number())).collect()
}

/// The first answer about the certificate, as OpenSSL finds it. Its clock is not asked: it knows no other time than now.
#[cfg(feature = "engine")]
fn says_good(subject: &fuzz_properties::ocsp::Subject, response: &[u8]) -> Option<bool> {
    use openssl::hash::MessageDigest;
    use openssl::ocsp::{OcspCertId, OcspCertStatus, OcspResponse, OcspResponseStatus};
    let answer = OcspResponse::from_der(response).ok()?;
    if answer.status() != OcspResponseStatus::SUCCESSFUL {
        return Some(false);
    }
    let basic = answer.basic().ok()?;
    let certificate = X509::from_der(&subject.certificate).ok()?;
    let issuer = X509::from_der(&subject.issuer).ok()?;
    let id = OcspCertId::from_cert(MessageDigest::sha1(), &certificate, &issuer).ok()?;
    let found = basic.find_status(&id);
    Some(found.is_some_and(|found| found.status == OcspCertStatus::GOOD))
}
