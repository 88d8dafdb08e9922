//! Azure App Service and Application Gateway v2, by their documentation: none of it was run here.
//!
//! Documented: App Service sends base64 DER in `X-ARR-ClientCert` and checks nothing; the gateway has variables for PEM,
//! SHA-1 fingerprint, names, serial number and `SUCCESS`, `FAILED:...` or `NONE`, which a rewrite rule puts into headers.
//! Not documented: how the gateway's PEM gets into one line, the style of its names and numbers, what its other variables
//! hold without a certificate, and whether App Service removes a client's own header.

use super::{ClientCopy, Evidence, Form, Role, RoleSpec, Table, Unknown};
use crate::dn::DnStyle;
use crate::encoding::percent::PercentSet;

const fn spec(role: Role, default_name: &'static str, form: Form) -> RoleSpec {
    RoleSpec {
        role,
        default_name,
        is_fixed: false,
        form,
        absent: None,
    }
}

/// Server variables `client_certificate*` in rewrite rules; the PEM is taken to be percent-encoded, since a header
/// cannot hold its line feeds.
pub(super) static APP_GATEWAY: Table = Table {
    evidence: Evidence::Documentation,
    client_copy: ClientCopy::Replaced,
    unknown: &[
        Unknown::AbsentForm,
        Unknown::CertificateEncoding,
        Unknown::DnEscapes,
        Unknown::FingerprintFormat,
        Unknown::SerialFormat,
        Unknown::SizeLimits,
    ],
    ..Table::headers(
        "azure-app-gateway",
        "Azure Application Gateway v2",
        "Microsoft, rewrite HTTP headers and URL with Application Gateway; by documentation",
        &[
            spec(
                Role::Cert,
                "X-Client-Cert",
                Form::EscapedPem(PercentSet::Unreserved),
            ),
            RoleSpec {
                absent: Some("NONE"),
                ..spec(Role::Verify, "X-Client-Cert-Verification", Form::VerifyWords)
            },
            spec(Role::Subject, "X-Client-Cert-Subject", Form::Dn(DnStyle::Rfc2253)),
            spec(Role::Issuer, "X-Client-Cert-Issuer", Form::Dn(DnStyle::Rfc2253)),
            spec(Role::Serial, "X-Client-Cert-Serial", Form::SerialHex),
            spec(Role::Fingerprint, "X-Client-Cert-Fingerprint", Form::Sha1Lower),
        ],
    )
};

/// Nothing is validated: the app must check the chain and the dates itself.
pub(super) static APP_SERVICE: Table = Table {
    evidence: Evidence::Documentation,
    client_copy: ClientCopy::Unknown,
    unknown: &[Unknown::ClientCopy, Unknown::SizeLimits],
    ..Table::headers(
        "azure-app-service",
        "Azure App Service",
        "Microsoft, configure TLS mutual authentication in App Service; by documentation",
        &[RoleSpec {
            is_fixed: true,
            ..spec(Role::Cert, "X-ARR-ClientCert", Form::Base64Der)
        }],
    )
};
