//! Envoy and Istio: `X-Forwarded-Client-Cert`, one element. Seen on 1.40.
//!
//! `Hash`, `URI` and `DNS` are bare, and a URI with `,`, `;` or `"` is sent as it is, so a naive splitter sees further
//! pairs or elements. With the certificate in the element there is one right reading: the text that Envoy makes of it.

use super::claim::Claim;
use super::form::{Presented, dn_claim, dns, uri};
use super::{DecodeError, EncodeError, Form, Library, Role, RoleSpec, Table};
use crate::certificate::{Certificate, GeneralName};
use crate::dn::DnStyle;
use crate::encoding::percent::PercentSet;
use crate::encoding::{hexadecimal, pem};

/// The header in a `SANITIZE_SET` configuration with every detail on.
pub(super) static ENVOY: Table = Table {
    library: Library::Boringssl,
    ..Table::headers(
        "envoy",
        "Envoy and Istio XFCC",
        "Envoy 1.40.0; docs/root/configuration/http/http_conn_man/headers.rst",
        &[RoleSpec {
            role: Role::Info,
            default_name: "X-Forwarded-Client-Cert",
            is_fixed: true,
            form: Form::Xfcc,
            absent: None,
        }],
    )
};

pub(super) fn write(client: &Presented<'_>) -> Result<Vec<u8>, EncodeError> {
    DnStyle::Rfc2253Boringssl.check(&client.leaf.subject)?;
    Ok(element(&client.leaf, &client.rest))
}

fn element(leaf: &Certificate, rest: &[Certificate]) -> Vec<u8> {
    let escaped = |text: &str| PercentSet::Unreserved.encode(text.as_bytes());
    let own = pem::write(leaf.der());
    let chain: String = std::iter::once(own.clone())
        .chain(rest.iter().map(|next| pem::write(next.der())))
        .collect();
    let mut text = format!("Hash={};Cert=\"", hexadecimal::lower(&leaf.sha256)).into_bytes();
    text.extend(escaped(&own));
    text.extend(b"\";Chain=\"");
    text.extend(escaped(&chain));
    text.extend(b"\";Subject=\"");
    text.extend(DnStyle::Rfc2253Boringssl.print(&leaf.subject));
    text.push(b'"');
    let uris: Vec<Vec<u8>> = leaf.subject_alt_names.iter().filter_map(uri).collect();
    if uris.is_empty() {
        text.extend(b";URI=");
    }
    for name in uris {
        text.extend(b";URI=");
        text.extend(name);
    }
    for name in leaf.subject_alt_names.iter().filter_map(dns) {
        text.extend(b";DNS=");
        text.extend(name);
    }
    text
}

pub(super) fn truth(client: &Presented<'_>) -> Result<Claim, DecodeError> {
    claims(client.leaf.clone(), client.rest.clone())
}

fn claims(leaf: Certificate, rest: Vec<Certificate>) -> Result<Claim, DecodeError> {
    let style = DnStyle::Rfc2253Boringssl;
    let text = style.print(&leaf.subject);
    let reading = style
        .read(&text)
        .map_err(|error| DecodeError::Dn(Role::Info, error))?;
    let is_sent = |name: &&GeneralName| matches!(name, GeneralName::Uri(_) | GeneralName::Dns(_));
    let mut names: Vec<GeneralName> = leaf.subject_alt_names.iter().filter(is_sent).cloned().collect();
    names.sort_by_key(|name| matches!(name, GeneralName::Dns(_)));
    let mut claims = vec![
        Claim::Sha256(leaf.sha256),
        dn_claim(Role::Subject, style, text, reading),
    ];
    claims.push(Claim::AlternativeNames(names));
    claims.push(Claim::Certificate(Box::new(leaf)));
    claims.push(Claim::Chain(rest));
    Ok(Claim::Many(claims))
}

pub(super) fn read(value: &[u8]) -> Result<Claim, DecodeError> {
    let malformed = DecodeError::Form(Role::Info);
    let text = value.strip_prefix(b"Hash=").ok_or_else(|| malformed.clone())?;
    let text = text
        .get(64..)
        .and_then(|rest| rest.strip_prefix(b";Cert=\""))
        .ok_or_else(|| malformed.clone())?;
    let quote = text
        .iter()
        .position(|byte| *byte == b'"')
        .ok_or_else(|| malformed.clone())?;
    let text = text
        .get(quote..)
        .and_then(|rest| rest.strip_prefix(b"\";Chain=\""))
        .ok_or_else(|| malformed.clone())?;
    let quote = text
        .iter()
        .position(|byte| *byte == b'"')
        .ok_or_else(|| malformed.clone())?;
    let chain = text.get(..quote).ok_or_else(|| malformed.clone())?;
    let encoding = |error| DecodeError::Encoding(Role::Info, error);
    let ders = PercentSet::Unreserved
        .decode(chain)
        .and_then(|armoured| pem::read(&armoured))
        .map_err(encoding)?;
    if ders.len() > super::MAX_CHAIN {
        return Err(DecodeError::TooLarge);
    }
    let mut chain = ders
        .iter()
        .map(|der| Certificate::from_der(der))
        .collect::<Result<Vec<_>, _>>()?;
    if chain.is_empty() {
        return Err(malformed);
    }
    let rest = chain.split_off(1);
    let leaf = chain.pop().ok_or_else(|| malformed.clone())?;
    let expected = element(&leaf, &rest);
    if expected == value {
        claims(leaf, rest)
    } else if value.starts_with(&expected) && value.get(expected.len()) == Some(&b',') {
        Err(DecodeError::SeveralElements(Role::Info))
    } else {
        Err(malformed)
    }
}
