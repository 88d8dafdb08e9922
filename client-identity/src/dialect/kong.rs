//! Kong's `tls-metadata-headers` plugin, by its documentation. It validates nothing.
//!
//! Documented: the names, percent-encoded PEM, SHA-1. Not documented: the style of names, serial number and fingerprint, what
//! is sent without a certificate, and whether a client's own headers are removed.

use super::nginx::operator;
use super::{ClientCopy, Evidence, Form, Role, Table, Unknown};
use crate::dn::DnStyle;
use crate::encoding::percent::PercentSet;

/// `X-Client-Cert*`; the operator may rename them.
pub(super) static KONG: Table = Table {
    evidence: Evidence::Documentation,
    client_copy: ClientCopy::Unknown,
    unknown: &[
        Unknown::AbsentForm,
        Unknown::ClientCopy,
        Unknown::DnEscapes,
        Unknown::FingerprintFormat,
        Unknown::SerialFormat,
        Unknown::SizeLimits,
    ],
    ..Table::headers(
        "kong",
        "Kong tls-metadata-headers",
        "Kong, plugin tls-metadata-headers; by documentation",
        &[
            operator(
                Role::Cert,
                "X-Client-Cert",
                Form::EscapedPem(PercentSet::Unreserved),
            ),
            operator(Role::Serial, "X-Client-Cert-Serial", Form::SerialHex),
            operator(
                Role::Issuer,
                "X-Client-Cert-Issuer-DN",
                Form::Dn(DnStyle::Rfc2253),
            ),
            operator(
                Role::Subject,
                "X-Client-Cert-Subject-DN",
                Form::Dn(DnStyle::Rfc2253),
            ),
            operator(Role::Fingerprint, "X-Client-Cert-Fingerprint", Form::Sha1Lower),
        ],
    )
};
