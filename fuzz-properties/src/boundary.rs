//! From certificate to app: what a proxy prints of a certificate reads back as that certificate's identity, or as doubtful.
//!
//! The encoders are checked against the real servers elsewhere; here every certificate that a mutation can make goes through
//! them and through the decoder that an app would use.

use std::sync::LazyLock;

use client_identity::certificate::{Attribute, Name, StringType, oid};
use client_identity::dialect::Form;
use client_identity::{Certificate, Client, Dialect, DnReading, DnStyle, Forwarded, HeaderNames, Verified};

use crate::distinguished_name::is_same;
use crate::finding;
use crate::{dialect, naive};

/// The model whose misreadings count as findings, to see that they are found.
static NAIVE: LazyLock<Option<String>> = LazyLock::new(|| std::env::var("FUZZ_NAIVE").ok());

/// A byte for the dialect, then a certificate.
///
/// # Panics
/// Where an app would learn another identity than the certificate's.
pub fn run(bytes: &[u8]) {
    let Some((choice, der)) = bytes.split_first() else {
        return;
    };
    let (Some(dialect), Ok(certificate)) = (dialect::chosen(*choice), Certificate::from_der(der)) else {
        return;
    };
    let client = Client::Presented {
        chain: vec![der.to_vec()],
        verified: Verified::Success,
    };
    let names = HeaderNames::defaults(dialect);
    let Some((read, headers)) = dialect::holds(dialect, &client, &names) else {
        return;
    };
    speaks_of(dialect, &read, &certificate);
    if let Some(chosen) = NAIVE.as_deref() {
        let mut misreadings = naive::misreadings(&certificate, &headers, dialect);
        if let Some((model, user)) = misreadings.find(|(model, _)| model.name == chosen) {
            finding(&format!(
                "{} behind {}: `{user}` instead of {:?}",
                model.name,
                dialect.name(),
                certificate.subject.common_names()
            ));
        }
    }
}

/// Everything that was read for certain is what the certificate says.
fn speaks_of(dialect: &dyn Dialect, read: &Forwarded, certificate: &Certificate) {
    let name = dialect.name();
    if let Some(forwarded) = &read.certificate {
        assert_eq!(forwarded, certificate, "{name}: another certificate");
    }
    if let Some(subject) = read.subject.as_ref().and_then(DnReading::certain) {
        let style = dialect.subject_style().unwrap_or(DnStyle::Rfc2253);
        assert!(
            is_same(style, subject, &certificate.subject),
            "{name}: the subject {subject:?} is read of {:?}",
            certificate.subject
        );
    }
    if let Some(issuer) = read.issuer.as_ref().and_then(DnReading::certain) {
        assert!(
            DnStyle::ALL
                .iter()
                .any(|style| is_same(*style, issuer, &certificate.issuer)),
            "{name}: the issuer {issuer:?} is read of {:?}",
            certificate.issuer
        );
    }
    // HAProxy prints no sign: what a reader takes is the opposite of a negative number.
    let signless = dialect
        .roles()
        .iter()
        .any(|spec| spec.form == Form::SerialMagnitude);
    match &read.serial {
        Some(serial) if signless => assert_eq!(
            serial.magnitude(),
            certificate.serial.magnitude(),
            "{name}: another serial number"
        ),
        serial => same(name, "serial number", serial.as_ref(), &certificate.serial),
    }
    same(name, "SHA-1", read.sha1.as_ref(), &certificate.sha1);
    same(name, "SHA-256", read.sha256.as_ref(), &certificate.sha256);
    same(
        name,
        "first second",
        read.not_before.as_ref(),
        &certificate.validity.not_before,
    );
    same(
        name,
        "last second",
        read.not_after.as_ref(),
        &certificate.validity.not_after,
    );
    for alternative in &read.subject_alt_names {
        assert!(
            certificate.subject_alt_names.contains(alternative),
            "{name}: the alternative name {alternative:?} is not the certificate's"
        );
    }
    let by_octets = matches!(
        dialect.subject_style(),
        Some(DnStyle::HaproxySlash | DnStyle::OpensslOneline)
    );
    common_names(name, read, &certificate.subject, by_octets);
}

fn same<T: PartialEq + std::fmt::Debug>(dialect: &str, what: &str, read: Option<&T>, truth: &T) {
    if let Some(read) = read {
        assert_eq!(read, truth, "{dialect}: another {what}");
    }
}

/// The question that most apps ask: a single common name that is read for certain is the certificate's only one. A common name
/// whose octets its string type does not have (a NumericString beyond ASCII) is none to a strict reader, and Latin-1 to
/// OpenSSL: there the printed text is all that there is. So it is where a style prints a wide string octet by octet, as
/// the fault `cn-bmp-octets-admin` has it.
fn common_names(dialect: &str, read: &Forwarded, subject: &Name, by_octets: bool) {
    let wide =
        |attribute: &Attribute| matches!(attribute.string_type, StringType::Bmp | StringType::Universal);
    let comparable = subject
        .attributes()
        .filter(|attribute| attribute.oid.content() == oid::COMMON_NAME)
        .all(|attribute| attribute.text().is_some() && !(by_octets && wide(attribute)));
    if comparable
        && let Some(certain) = read.subject.as_ref().and_then(DnReading::certain)
        && let [user] = certain.common_names().as_slice()
    {
        assert_eq!(
            subject.common_names(),
            std::slice::from_ref(user),
            "{dialect}: `{user}` is read for certain"
        );
    }
}
