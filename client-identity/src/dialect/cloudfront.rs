//! CloudFront viewer mutual TLS, by its documentation: none of it was run here.
//!
//! Documented (developer guide, viewer mTLS headers): the names, `1` and `0`, a serial number with colons, RFC 2253 names,
//! SHA-256. Not documented: which characters of the PEM are escaped (taken to be as in AWS ALB), the form of the validity
//! (likewise), escapes in names, size limits, and whether a client's own headers are removed.

use super::{ClientCopy, Evidence, Form, Role, RoleSpec, Table, Unknown};
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

/// `CloudFront-Viewer-Cert-*`.
pub(super) static CLOUDFRONT: Table = Table {
    evidence: Evidence::Documentation,
    client_copy: ClientCopy::Unknown,
    unknown: &[
        Unknown::CertificateEncoding,
        Unknown::ClientCopy,
        Unknown::DateFormat,
        Unknown::DnEscapes,
        Unknown::SizeLimits,
    ],
    ..Table::headers(
        "cloudfront",
        "AWS CloudFront viewer mutual TLS",
        "AWS, CloudFront developer guide, viewer mTLS headers; by documentation",
        &[
            fixed(
                Role::Cert,
                "CloudFront-Viewer-Cert-Pem",
                Form::EscapedPem(PercentSet::Aws),
            ),
            RoleSpec {
                absent: Some("0"),
                ..fixed(Role::Present, "CloudFront-Viewer-Cert-Present", Form::Flag("1"))
            },
            fixed(
                Role::Serial,
                "CloudFront-Viewer-Cert-Serial-Number",
                Form::SerialColons,
            ),
            fixed(
                Role::Subject,
                "CloudFront-Viewer-Cert-Subject",
                Form::Dn(DnStyle::Rfc2253),
            ),
            fixed(
                Role::Issuer,
                "CloudFront-Viewer-Cert-Issuer",
                Form::Dn(DnStyle::Rfc2253),
            ),
            fixed(
                Role::Fingerprint,
                "CloudFront-Viewer-Cert-Sha256",
                Form::Sha256Lower,
            ),
            fixed(Role::Validity, "CloudFront-Viewer-Cert-Validity", Form::DatePair),
        ],
    )
};
