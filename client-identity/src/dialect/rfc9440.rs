//! RFC 9440: `Client-Cert` and `Client-Cert-Chain` as structured fields (RFC 8941).

use super::nginx::operator;
use super::{Evidence, Form, Role, RoleSpec, Table};
use crate::encoding::{EncodingError, base64, from_base64};

const fn fixed(role: Role, default_name: &'static str, form: Form) -> RoleSpec {
    RoleSpec {
        is_fixed: true,
        ..operator(role, default_name, form)
    }
}

/// The two fields; without a certificate both are absent.
pub(super) static RFC9440: Table = Table {
    evidence: Evidence::Standard,
    ..Table::headers(
        "rfc9440",
        "RFC 9440 Client-Cert",
        "RFC 9440, sections 2.2 and 2.3",
        &[
            fixed(Role::Cert, "Client-Cert", Form::StructuredCert),
            fixed(Role::Chain, "Client-Cert-Chain", Form::StructuredChain),
        ],
    )
};

/// A byte sequence (RFC 8941, section 3.3.5).
pub(super) fn item(der: &[u8]) -> String {
    format!(":{}:", base64(der))
}

/// The bytes of one byte sequence.
pub(super) fn from_item(value: &[u8]) -> Result<Vec<u8>, EncodingError> {
    let inner = value.strip_prefix(b":").and_then(|rest| rest.strip_suffix(b":"));
    from_base64(inner.ok_or(EncodingError::Base64)?)
}

/// The bytes of a list of byte sequences; blanks and tabs around commas are allowed (RFC 8941, section 4.2.1), and nothing
/// else that ASCII calls white.
pub(super) fn from_list(value: &[u8]) -> Result<Vec<Vec<u8>>, EncodingError> {
    value
        .split(|byte| *byte == b',')
        .map(|part| from_item(trimmed(part)))
        .collect()
}

fn trimmed(mut part: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = part {
        part = rest;
    }
    part
}
