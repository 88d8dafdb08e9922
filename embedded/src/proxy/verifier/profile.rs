//! What a hardened deployment demands of a chain beyond path validation: purposes stated, keys and serials sound.

use rustls::CertificateError;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::x509::X509Name;

use super::Refused;
use crate::proxy::fault::{self, ProxyFaults};
use crate::soundness::strong_key;

/// Longest serial number in octets (RFC 5280 4.1.2.2).
const LONGEST_SERIAL: usize = 20;

/// Judges a path, leaf first, without its anchor.
pub(super) fn check(path: &[&X509Certificate<'_>], faults: &ProxyFaults) -> Result<(), Refused> {
    for certificate in path {
        every(certificate, faults)?;
    }
    let Some((leaf, issuers)) = path.split_first() else {
        return Err(Refused::rule("there is no certificate"));
    };
    end_entity(leaf, faults)?;
    for certificate in issuers {
        issuer(certificate, faults)?;
        if faults.name_constraints == fault::NameConstraints::Check {
            directory_names(certificate, leaf)?;
        }
    }
    Ok(())
}

fn every(certificate: &X509Certificate<'_>, faults: &ProxyFaults) -> Result<(), Refused> {
    // RFC 5280 4.2: no extension twice.
    if certificate.extensions_map().is_err() {
        return Err(Refused::rule("an extension is there twice"));
    }
    if certificate
        .extensions()
        .iter()
        .any(|extension| matches!(extension.parsed_extension(), ParsedExtension::ParseError { .. }))
    {
        return Err(Refused::known(
            "an extension cannot be parsed",
            CertificateError::BadEncoding,
        ));
    }
    // FAULT serial.
    if faults.serial == fault::Serial::Check {
        let serial = certificate.raw_serial();
        let negative = serial.first().is_none_or(|octet| octet & 0x80 != 0);
        // X.690 8.3.2: a zero octet stands in front only where the next has its top bit set.
        let padded = matches!(serial, [0, 0..=0x7f, ..]);
        // A leading zero octet keeps a positive number's top bit clear and counts as part of the 20.
        if negative || padded || serial.len() > LONGEST_SERIAL || serial.iter().all(|octet| *octet == 0) {
            return Err(Refused::rule(
                "the serial number is not a positive one of at most 20 octets",
            ));
        }
    }
    // FAULT key-strength.
    if faults.key_strength == fault::KeyStrength::Check && !strong_key(certificate) {
        return Err(Refused::rule("the public key is too weak or of an unknown kind"));
    }
    Ok(())
}

fn end_entity(leaf: &X509Certificate<'_>, faults: &ProxyFaults) -> Result<(), Refused> {
    let unreadable = |_| Refused::known("an extension cannot be read", CertificateError::BadEncoding);
    let usage = leaf.extended_key_usage().map_err(unreadable)?;
    // FAULT extended-key-usage.
    let fits = match faults.extended_key_usage {
        fault::ExtendedKeyUsage::Check => usage.is_some_and(|usage| usage.value.client_auth),
        fault::ExtendedKeyUsage::AcceptAny => {
            usage.is_none_or(|usage| usage.value.client_auth || usage.value.any)
        }
        fault::ExtendedKeyUsage::Ignore => true,
    };
    if !fits {
        return Err(Refused::known(
            "the certificate is not for client authentication",
            CertificateError::InvalidPurpose,
        ));
    }
    // FAULT key-usage.
    if faults.key_usage == fault::KeyUsage::Check
        && leaf
            .key_usage()
            .map_err(unreadable)?
            .is_some_and(|usage| !usage.value.digital_signature())
    {
        return Err(Refused::rule("the key may not sign handshakes"));
    }
    // FAULT basic-constraints: a CA does not log in.
    if faults.basic_constraints == fault::BasicConstraints::Check
        && leaf
            .basic_constraints()
            .map_err(unreadable)?
            .is_some_and(|constraints| constraints.value.ca)
    {
        return Err(Refused::rule("a CA's certificate is presented as a client's"));
    }
    let named = leaf
        .subject_alternative_name()
        .map_err(unreadable)?
        .is_some_and(|san| !san.value.general_names.is_empty());
    if leaf.subject().iter().next().is_none() && !named {
        return Err(Refused::rule("the certificate names nobody"));
    }
    Ok(())
}

fn issuer(certificate: &X509Certificate<'_>, faults: &ProxyFaults) -> Result<(), Refused> {
    let unreadable = |_| Refused::known("an extension cannot be read", CertificateError::BadEncoding);
    // FAULT issuer-key-usage: webpki does not look at it.
    if faults.issuer_key_usage == fault::IssuerKeyUsage::Check
        && faults.basic_constraints == fault::BasicConstraints::Check
        && faults.trust == fault::Trust::Bundle
        && !certificate
            .key_usage()
            .map_err(unreadable)?
            .is_some_and(|usage| usage.value.key_cert_sign())
    {
        return Err(Refused::rule("an issuer's key may not sign certificates"));
    }
    // RFC 5280 4.2.1.9: critical in every CA certificate.
    if faults.basic_constraints == fault::BasicConstraints::Check
        && certificate
            .basic_constraints()
            .map_err(unreadable)?
            .is_some_and(|constraints| constraints.value.ca && !constraints.critical)
    {
        return Err(Refused::rule("an issuer's basic constraints are not critical"));
    }
    Ok(())
}

/// webpki does not hold the subject against directoryName constraints, so this does (RFC 5280 4.2.1.10).
pub(super) fn directory_names(
    issuer: &X509Certificate<'_>,
    leaf: &X509Certificate<'_>,
) -> Result<(), Refused> {
    let Ok(Some(constraints)) = issuer.name_constraints() else {
        return Ok(());
    };
    let broken = || {
        Err(Refused::rule(
            "the subject is outside the issuer's name constraints",
        ))
    };
    let subtrees = |trees: &Option<Vec<x509_parser::extensions::GeneralSubtree<'_>>>| -> Vec<Vec<Vec<u8>>> {
        trees
            .iter()
            .flatten()
            .filter_map(|tree| match &tree.base {
                GeneralName::DirectoryName(name) => Some(relative_names(name)),
                GeneralName::DNSName(_)
                | GeneralName::EDIPartyName(_)
                | GeneralName::IPAddress(_)
                | GeneralName::Invalid(..)
                | GeneralName::OtherName(..)
                | GeneralName::RFC822Name(_)
                | GeneralName::RegisteredID(_)
                | GeneralName::URI(_)
                | GeneralName::X400Address(_) => None,
            })
            .collect()
    };
    let subject = relative_names(leaf.subject());
    let permitted = subtrees(&constraints.value.permitted_subtrees);
    if !permitted.is_empty() && !permitted.iter().any(|tree| subject.starts_with(tree)) {
        return broken();
    }
    if subtrees(&constraints.value.excluded_subtrees)
        .iter()
        .any(|tree| subject.starts_with(tree))
    {
        return broken();
    }
    Ok(())
}

/// Each RDN as type and value, so that one name can be compared with the beginning of another.
fn relative_names(name: &X509Name<'_>) -> Vec<Vec<u8>> {
    name.iter()
        .map(|rdn| {
            let mut text = Vec::new();
            for attribute in rdn.iter() {
                text.extend_from_slice(attribute.attr_type().as_bytes());
                text.push(0);
                text.extend_from_slice(attribute.as_slice());
                text.push(0);
            }
            text
        })
        .collect()
}
