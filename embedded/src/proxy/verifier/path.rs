//! Path validation with one rule relaxed: the twin of webpki's that a planted fault needs.
//!
//! Everything that no fault touches is checked as strictly as webpki does, so that a variant flips what it is named for
//! and nothing else.

use rustls::CertificateError;
use rustls_pki_types::UnixTime;
use webpki::OwnedCertRevocationList;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::{GeneralName, ParsedExtension};
use x509_parser::prelude::{CertificateRevocationList, FromDer};
use x509_parser::x509::X509Version;

use super::{ClientVerifier, LONGEST_LIST, Refused, profile, seconds, signature};
use crate::proxy::fault::{self, ProxyFaults};

/// Judges `leaf` with the help of the other certificates of the client's list.
pub(super) fn check(
    leaf: &X509Certificate<'_>,
    others: &[X509Certificate<'_>],
    verifier: &ClientVerifier,
    now: UnixTime,
) -> Result<(), Refused> {
    let faults = &verifier.faults;
    let mut path = vec![leaf];
    // FAULT trust = any looks at nothing above the leaf.
    if faults.trust != fault::Trust::Any {
        build(&mut path, others, verifier)?;
    }
    for certificate in &path {
        each(certificate, faults, seconds(now))?;
    }
    let issuers = path.get(1..).unwrap_or_default();
    for (below, issuer) in issuers.iter().enumerate() {
        issues(issuer, below, faults)?;
        if faults.name_constraints == fault::NameConstraints::Check {
            profile::directory_names(issuer, leaf)?;
            alternative_names(issuer, leaf)?;
        }
    }
    revocation(&path, verifier, seconds(now))
}

/// Extends `path` from the leaf to just below an anchor.
fn build<'a, 'b>(
    path: &mut Vec<&'b X509Certificate<'a>>,
    others: &'b [X509Certificate<'a>],
    verifier: &ClientVerifier,
) -> Result<(), Refused> {
    let faults = &verifier.faults;
    let signed = |child: &X509Certificate<'_>, parent: &X509Certificate<'_>| {
        child.issuer().as_raw() == parent.subject().as_raw()
            // FAULT trust = name-only.
            && (faults.trust == fault::Trust::NameOnly
                || signature::signed_by(&verifier.provider, child, parent.public_key(), faults.signature_algorithms))
    };
    while path.len() <= LONGEST_LIST {
        let Some(current) = path.last().copied() else {
            break;
        };
        if current.signature_algorithm != current.tbs_certificate.signature {
            return Err(Refused::rule("the two signature algorithms differ"));
        }
        // FAULT trust = self-signed.
        if faults.trust == fault::Trust::SelfSigned && path.len() == 1 && signed(current, current) {
            return Ok(());
        }
        let anchored = verifier
            .roots
            .iter()
            .filter_map(|root| X509Certificate::from_der(root).ok())
            .any(|(_, root)| signed(current, &root));
        if anchored {
            return Ok(());
        }
        let next = others
            .iter()
            .find(|other| !path.iter().any(|seen| std::ptr::eq(*seen, *other)) && signed(current, other));
        match next {
            Some(next) => path.push(next),
            None => break,
        }
    }
    Err(Refused::known(
        "no issuer is trusted",
        CertificateError::UnknownIssuer,
    ))
}

fn each(certificate: &X509Certificate<'_>, faults: &ProxyFaults, now: i64) -> Result<(), Refused> {
    if certificate.version() != X509Version::V3 {
        return Err(Refused::rule("the certificate is not of version 3"));
    }
    let validity = certificate.validity();
    // FAULT validity.
    let early = now < validity.not_before.timestamp();
    let late = now > validity.not_after.timestamp();
    match faults.validity {
        fault::Validity::Check if early || late => {
            return Err(Refused::known(
                "the certificate is not valid now",
                CertificateError::Expired,
            ));
        }
        fault::Validity::IgnoreExpiry if early => {
            return Err(Refused::known(
                "the certificate is not valid yet",
                CertificateError::NotValidYet,
            ));
        }
        fault::Validity::Check | fault::Validity::Ignore | fault::Validity::IgnoreExpiry => {}
    }
    // FAULT critical-extensions.
    if faults.critical_extensions == fault::CriticalExtensions::Refuse
        && certificate.extensions().iter().any(|extension| {
            extension.critical
                && !matches!(
                    extension.parsed_extension(),
                    ParsedExtension::BasicConstraints(_)
                        | ParsedExtension::ExtendedKeyUsage(_)
                        | ParsedExtension::KeyUsage(_)
                        | ParsedExtension::NameConstraints(_)
                        | ParsedExtension::SubjectAlternativeName(_)
                )
        })
    {
        return Err(Refused::known(
            "a critical extension is unknown",
            CertificateError::UnhandledCriticalExtension,
        ));
    }
    Ok(())
}

/// Whether a certificate with `below` intermediates under it may issue.
fn issues(issuer: &X509Certificate<'_>, below: usize, faults: &ProxyFaults) -> Result<(), Refused> {
    // FAULT basic-constraints.
    if faults.basic_constraints == fault::BasicConstraints::Check {
        let constraints = issuer.basic_constraints().ok().flatten();
        let allowed = constraints.is_some_and(|constraints| {
            constraints.value.ca
                && constraints
                    .value
                    .path_len_constraint
                    .is_none_or(|longest| below <= usize::try_from(longest).unwrap_or(usize::MAX))
        });
        if !allowed {
            return Err(Refused::rule("an issuer is not a CA, or not over so long a path"));
        }
    }
    // FAULT extended-key-usage: an issuer's list binds those below it.
    if faults.extended_key_usage != fault::ExtendedKeyUsage::Ignore
        && issuer
            .extended_key_usage()
            .ok()
            .flatten()
            .is_some_and(|usage| !usage.value.client_auth && !usage.value.any)
    {
        return Err(Refused::known(
            "an issuer is not for client authentication",
            CertificateError::InvalidPurpose,
        ));
    }
    Ok(())
}

/// Any constraint on alternative names counts as violated by a name of that kind outside all permitted ends.
fn alternative_names(issuer: &X509Certificate<'_>, leaf: &X509Certificate<'_>) -> Result<(), Refused> {
    let Ok(Some(constraints)) = issuer.name_constraints() else {
        return Ok(());
    };
    let Ok(Some(names)) = leaf.subject_alternative_name() else {
        return Ok(());
    };
    let text = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(text) => Some(("dns", (*text).to_owned())),
        GeneralName::RFC822Name(text) => Some(("email", (*text).to_owned())),
        GeneralName::URI(text) => Some(("uri", (*text).to_owned())),
        GeneralName::DirectoryName(_)
        | GeneralName::EDIPartyName(_)
        | GeneralName::IPAddress(_)
        | GeneralName::Invalid(..)
        | GeneralName::OtherName(..)
        | GeneralName::RegisteredID(_)
        | GeneralName::X400Address(_) => None,
    };
    for name in &names.value.general_names {
        let Some((kind, name)) = text(name) else { continue };
        let ends = |trees: &Option<Vec<x509_parser::extensions::GeneralSubtree<'_>>>| -> Vec<String> {
            trees
                .iter()
                .flatten()
                .filter_map(|tree| text(&tree.base))
                .filter(|(other, _)| *other == kind)
                .map(|(_, end)| end)
                .collect()
        };
        let permitted = ends(&constraints.value.permitted_subtrees);
        let excluded = ends(&constraints.value.excluded_subtrees);
        if (!permitted.is_empty() && !permitted.iter().any(|end| name.ends_with(end.as_str())))
            || excluded.iter().any(|end| name.ends_with(end.as_str()))
        {
            return Err(Refused::rule(
                "an alternative name is outside the issuer's name constraints",
            ));
        }
    }
    Ok(())
}

/// FAULT revocation = serial-alone: looks the path up in every list.
pub(super) fn on_any_list(path: &[&X509Certificate<'_>], verifier: &ClientVerifier) -> Result<(), Refused> {
    let listed = |certificate: &X509Certificate<'_>| {
        verifier.list_files.iter().any(|file| {
            CertificateRevocationList::from_der(file).is_ok_and(|(_, list)| {
                list.iter_revoked_certificates()
                    .any(|revoked| revoked.raw_serial() == certificate.raw_serial())
            })
        })
    };
    if path.iter().any(|certificate| listed(certificate)) {
        return Err(Refused::known(
            "the certificate is revoked",
            CertificateError::Revoked,
        ));
    }
    Ok(())
}

/// Whether a list is one that webpki would use: without anything critical that it does not know, signed by its issuer.
fn counts(
    file: &[u8],
    list: &CertificateRevocationList<'_>,
    issuer: Option<&X509Certificate<'_>>,
    verifier: &ClientVerifier,
) -> bool {
    let message = list.tbs_cert_list.as_ref();
    let proof: &[u8] = &list.signature_value.data;
    let by = |signer: &X509Certificate<'_>| {
        let key: &[u8] = &signer.public_key().subject_public_key.data;
        let mut algorithms = verifier.provider.signature_verification_algorithms.all.iter();
        algorithms.any(|algorithm| algorithm.verify_signature(key, message, proof).is_ok())
    };
    let roots = verifier
        .roots
        .iter()
        .filter_map(|root| X509Certificate::from_der(root).ok())
        .map(|(_, root)| root)
        .filter(|root| root.subject().as_raw() == list.issuer().as_raw());
    let roots: Vec<X509Certificate<'_>> = roots.collect();
    // FAULT trust = any builds no path: of an issuer that nobody looked for no key is known. FAULT trust = name-only looks at
    // no key anywhere.
    let unknown = (issuer.is_none() && roots.is_empty()) || verifier.faults.trust == fault::Trust::NameOnly;
    OwnedCertRevocationList::from_der(file).is_ok()
        && (unknown || issuer.is_some_and(&by) || roots.iter().any(by))
}

/// Looks the path up in the CRLs, by issuer name and serial number.
fn revocation(path: &[&X509Certificate<'_>], verifier: &ClientVerifier, now: i64) -> Result<(), Refused> {
    let kind = verifier.faults.revocation;
    // An issuer that is not in the bundle has no CRL either: such a fault is about trust, not about revocation.
    let foreign = matches!(
        verifier.faults.trust,
        fault::Trust::Any | fault::Trust::SelfSigned
    );
    if kind == fault::Revocation::Ignore {
        return Ok(());
    }
    let depth = if kind == fault::Revocation::Leaf {
        1
    } else {
        path.len()
    };
    for (index, certificate) in path.iter().enumerate().take(depth) {
        let mut found = false;
        for file in &verifier.list_files {
            let Ok((_, list)) = CertificateRevocationList::from_der(file) else {
                continue;
            };
            if list.issuer().as_raw() != certificate.issuer().as_raw() {
                continue;
            }
            // FAULT revocation = accept-unverified. Any other fault leaves lists as strict as they are.
            let issuer = path.get(index + 1).copied();
            if kind != fault::Revocation::AcceptUnverified && !counts(file, &list, issuer, verifier) {
                continue;
            }
            found = true;
            if list
                .iter_revoked_certificates()
                .any(|revoked| revoked.raw_serial() == certificate.raw_serial())
            {
                return Err(Refused::known(
                    "the certificate is revoked",
                    CertificateError::Revoked,
                ));
            }
            let stale = list.next_update().is_some_and(|next| next.timestamp() < now);
            if stale && kind != fault::Revocation::AcceptStale {
                return Err(Refused::known(
                    "a CRL is stale",
                    CertificateError::ExpiredRevocationList,
                ));
            }
        }
        // FAULT basic-constraints: a leaf that issues has no CRL.
        let unlisted = verifier.faults.basic_constraints == fault::BasicConstraints::Ignore && index == 0;
        if !found && !foreign && !unlisted && kind != fault::Revocation::AcceptUnknown {
            return Err(Refused::known(
                "a CRL is missing",
                CertificateError::UnknownRevocationStatus,
            ));
        }
    }
    Ok(())
}
