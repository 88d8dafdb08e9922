//! CloudFront viewer mutual TLS, by its documentation: none of it was run here.

use super::{Form, Role, RoleSpec, Table};
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
pub(super) static CLOUDFRONT: Table = Table::headers(
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
);
