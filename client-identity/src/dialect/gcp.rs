//! Google Cloud load balancers, by their documentation: none of it was run here.
//!
//! Documented (custom headers, mTLS variables): RFC 9440 certificates, base64 DER names, base64 SHA-256, RFC 3339 dates,
//! `true` and `false`, and that a configured header replaces the client's while one that is not configured passes. Not
//! documented: whether the serial number is hexadecimal (taken to be) or decimal. The documented limits of single fields
//! are not modelled.

use super::{ClientCopy, Evidence, Form, Role, RoleSpec, Table, Unknown};
use crate::certificate::DateStyle;

const fn variable(role: Role, default_name: &'static str, form: Form) -> RoleSpec {
    RoleSpec {
        role,
        default_name,
        is_fixed: false,
        form,
        absent: Some(""),
    }
}

const fn flag(role: Role, default_name: &'static str, form: Form) -> RoleSpec {
    RoleSpec {
        role,
        default_name,
        is_fixed: false,
        form,
        absent: Some("false"),
    }
}

/// `{client_cert_*}` variables. The size limits of single fields are not modelled.
pub(super) static GCP: Table = Table {
    evidence: Evidence::Documentation,
    client_copy: ClientCopy::Replaced,
    unknown: &[Unknown::SerialFormat, Unknown::SizeLimits],
    ..Table::headers(
        "gcp",
        "Google Cloud load balancer custom headers",
        "Google Cloud, custom headers, mTLS variables; by documentation",
        &[
            variable(Role::Cert, "X-Client-Cert-Leaf", Form::StructuredCert),
            variable(Role::Chain, "X-Client-Cert-Chain", Form::StructuredChain),
            flag(Role::Present, "X-Client-Cert-Present", Form::Flag("true")),
            flag(Role::Verify, "X-Client-Cert-Chain-Verified", Form::VerifyFlag),
            variable(Role::Fingerprint, "X-Client-Cert-Hash", Form::Base64Sha256),
            variable(Role::Serial, "X-Client-Cert-Serial-Number", Form::SerialHex),
            variable(Role::Subject, "X-Client-Cert-Subject", Form::Base64Name),
            variable(Role::Issuer, "X-Client-Cert-Issuer", Form::Base64Name),
            variable(Role::DnsNames, "X-Client-Cert-DNSName-SANs", Form::Base64Names),
            variable(Role::UriNames, "X-Client-Cert-URI-SANs", Form::Base64Names),
            variable(
                Role::NotBefore,
                "X-Client-Cert-Valid-Not-Before",
                Form::Date(DateStyle::Iso),
            ),
            variable(
                Role::NotAfter,
                "X-Client-Cert-Valid-Not-After",
                Form::Date(DateStyle::Iso),
            ),
        ],
    )
};
