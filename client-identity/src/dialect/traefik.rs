//! Traefik's `passTLSClientCert`: the chain, and an Info text of which nothing is escaped before its query-encoding.
//! Seen on 3.7.15.
//!
//! `SAN` is left out where there are no alternative names. The Info header is only read by text as far as no value holds a
//! quotation mark; with one, or with more than one certificate, its borders are in doubt, and it says only that there is a
//! certificate. An issuer of whose name nothing is printed (RFC 5280 section 4.1.2.4 forbids an empty one) has no
//! key either, and a subject `CN=";Issuer="CN=admin` then reads as two names: such certificates are not encoded.

use super::claim::Claim;
use super::form::{Presented, dn_claim};
use super::go_uri;
use super::{Carrier, DecodeError, EncodeError, Form, Library, Role, RoleSpec, Table};
use crate::certificate::oid::ORGANIZATIONAL_UNIT;
use crate::certificate::{Certificate, GeneralName, Name, Serial};
use crate::dn::DnStyle;
use crate::encoding::percent::PercentSet;

const fn fixed(role: Role, default_name: &'static str, form: Form) -> RoleSpec {
    RoleSpec {
        role,
        default_name,
        is_fixed: true,
        form,
        absent: None,
    }
}

/// `pem: true` and every info option on.
pub(super) static TRAEFIK: Table = Table {
    carrier: Carrier::GoHeader,
    library: Library::Go,
    ..Table::headers(
        "traefik",
        "Traefik passTLSClientCert",
        "Traefik 3.7.15; pkg/middlewares/passtlsclientcert",
        &[
            fixed(Role::Cert, "X-Forwarded-Tls-Client-Cert", Form::CommaBase64Chain),
            fixed(Role::Info, "X-Forwarded-Tls-Client-Cert-Info", Form::TraefikInfo),
        ],
    )
};

/// The subject and the issuer as printed. The issuer's organisational units are left out.
fn names(certificate: &Certificate) -> [Vec<u8>; 2] {
    let mut issuer: Name = certificate.issuer.clone();
    for rdn in &mut issuer.rdns {
        rdn.attributes
            .retain(|attribute| attribute.oid.content() != ORGANIZATIONAL_UNIT);
    }
    [&certificate.subject, &issuer].map(|name| DnStyle::TraefikInfo.print(name))
}

fn alternative_texts(certificate: &Certificate) -> Vec<String> {
    let names = &certificate.subject_alt_names;
    let lossy = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
    let mut texts: Vec<String> = Vec::new();
    texts.extend(names.iter().filter_map(|name| {
        if let GeneralName::Dns(text) = name {
            Some(lossy(text))
        } else {
            None
        }
    }));
    texts.extend(names.iter().filter_map(|name| {
        if let GeneralName::Email(text) = name {
            Some(lossy(text))
        } else {
            None
        }
    }));
    texts.extend(names.iter().filter_map(|name| {
        if let GeneralName::Ip(address) = name {
            // Go prints an IPv4-mapped address as the IPv4 one.
            Some(address.to_canonical().to_string())
        } else {
            None
        }
    }));
    texts.extend(names.iter().filter_map(|name| {
        if let GeneralName::Uri(text) = name {
            let text = lossy(text);
            Some(go_uri::reprint(&text).unwrap_or(text))
        } else {
            None
        }
    }));
    texts
}

fn plain(certificate: &Certificate) -> Vec<u8> {
    let [subject, issuer] = names(certificate);
    let mut text = Vec::new();
    for (word, name) in [("Subject", subject), ("Issuer", issuer)] {
        if !name.is_empty() {
            text.extend(format!("{word}=\"").into_bytes());
            text.extend(name);
            text.extend(b"\";");
        }
    }
    // Traefik casts the seconds to an unsigned number, so that dates before 1970 wrap around.
    let [from, to] =
        [certificate.validity.not_before, certificate.validity.not_after].map(i64::cast_unsigned);
    text.extend(
        format!(
            "SerialNumber=\"{}\";NB=\"{from}\";NA=\"{to}\"",
            certificate.serial
        )
        .into_bytes(),
    );
    if let Some(names) = joined_names(certificate) {
        text.extend(format!(";SAN=\"{names}\"").into_bytes());
    }
    text
}

/// The alternative names as printed; the key is left out where there are none.
fn joined_names(certificate: &Certificate) -> Option<String> {
    let texts = alternative_texts(certificate);
    (!texts.is_empty()).then(|| texts.join(","))
}

/// The Info of a chain before its encoding.
pub(super) fn text(leaf: &Certificate, rest: &[Certificate]) -> Vec<u8> {
    let certificates: Vec<Vec<u8>> = std::iter::once(leaf).chain(rest).map(plain).collect();
    certificates.join(&b","[..])
}

pub(super) fn write_info(client: &Presented<'_>) -> Result<Vec<u8>, EncodeError> {
    for certificate in client.all() {
        DnStyle::TraefikInfo.check(&certificate.subject)?;
        DnStyle::TraefikInfo.check(&certificate.issuer)?;
        if names(certificate)[1].is_empty() {
            return Err(EncodeError::WithoutIssuer);
        }
    }
    Ok(PercentSet::GoQuery.encode(&text(&client.leaf, &client.rest)))
}

pub(super) fn truth(client: &Presented<'_>) -> Result<Claim, DecodeError> {
    let whole = Claim::Info(text(&client.leaf, &client.rest));
    let text = plain(&client.leaf);
    let marks = text.iter().filter(|byte| **byte == b'"').count();
    let names_sent = names(&client.leaf).iter().filter(|name| !name.is_empty()).count();
    let alternatives = joined_names(&client.leaf);
    let fields = 3 + names_sent + usize::from(alternatives.is_some());
    if !client.rest.is_empty() || marks != 2 * fields || names_sent < 2 {
        return Ok(whole);
    }
    let [subject, issuer] = names(&client.leaf);
    let leaf = &client.leaf;
    let facts = facts(
        subject,
        issuer,
        leaf.serial.clone(),
        leaf.validity.not_before,
        leaf.validity.not_after,
        alternatives.as_deref(),
    )?;
    Ok(Claim::Many(vec![whole, facts]))
}

fn facts(
    subject: Vec<u8>,
    issuer: Vec<u8>,
    serial: Serial,
    not_before: i64,
    not_after: i64,
    names: Option<&str>,
) -> Result<Claim, DecodeError> {
    let mut claims = vec![
        Claim::Serial(serial),
        Claim::NotBefore(not_before),
        Claim::NotAfter(not_after),
    ];
    let style = DnStyle::TraefikInfo;
    for (role, text) in [(Role::Subject, subject), (Role::Issuer, issuer)] {
        let reading = style.read(&text).map_err(|error| DecodeError::Dn(role, error))?;
        claims.push(dn_claim(role, style, text, reading));
    }
    // A comma may be part of a name, so the list is kept as one text.
    claims.extend(names.map(|names| Claim::AlternativeTexts(vec![names.to_owned()])));
    Ok(Claim::Many(claims))
}

pub(super) fn read_info(value: &[u8]) -> Result<Claim, DecodeError> {
    let malformed = || DecodeError::Form(Role::Info);
    let bytes = PercentSet::GoQuery
        .decode(value)
        .map_err(|error| DecodeError::Encoding(Role::Info, error))?;
    let whole = Claim::Info(bytes.clone());
    let text = String::from_utf8(bytes).map_err(|_| malformed())?;
    if !text.contains("SerialNumber=\"") || !text.ends_with('"') {
        return Err(malformed());
    }
    let pieces: Vec<&str> = text.split('"').collect();
    let [
        "Subject=",
        subject,
        ";Issuer=",
        issuer,
        ";SerialNumber=",
        serial,
        ";NB=",
        from,
        ";NA=",
        to,
        rest @ ..,
    ] = pieces.as_slice()
    else {
        return Ok(whole);
    };
    let names = match rest {
        [""] => None,
        [";SAN=", names, ""] => Some(*names),
        _ => return Ok(whole),
    };
    let serial = Serial::from_decimal(serial).map_err(|_| malformed())?;
    let moment = |text: &str| {
        let seconds = text
            .parse::<u64>()
            .ok()
            .filter(|seconds| seconds.to_string() == text);
        seconds.map(u64::cast_signed).ok_or_else(malformed)
    };
    let facts = facts(
        subject.as_bytes().to_vec(),
        issuer.as_bytes().to_vec(),
        serial,
        moment(from)?,
        moment(to)?,
        names,
    )?;
    Ok(Claim::Many(vec![whole, facts]))
}
