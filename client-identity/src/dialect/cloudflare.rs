//! Cloudflare's three conventions, by their documentation: none of it was run here.
//!
//! Documented: the names; base64 DER and SHA-256 (Access); three styles of names (managed transform); RFC 9440 fields that are
//! empty over 10 KiB, filled even when verification failed, and need a rule that removes the client's own. Not documented:
//! whether the other two remove a client's own headers, what the managed transform's other headers hold without a
//! certificate, and the style of its numbers, dates and escapes.

use super::{ClientCopy, Evidence, Form, Role, RoleSpec, Table, Unknown};
use crate::certificate::DateStyle;
use crate::dn::DnStyle;

const fn fixed(role: Role, default_name: &'static str, form: Form) -> RoleSpec {
    RoleSpec {
        role,
        default_name,
        is_fixed: true,
        form,
        absent: None,
    }
}

/// Certificates over this many bytes are sent as an empty `Client-Cert`.
const RFC9440_LIMIT: usize = 10 * 1024;

/// Access: the certificate and its SHA-256.
pub(super) static ACCESS: Table = Table {
    evidence: Evidence::Documentation,
    client_copy: ClientCopy::Unknown,
    unknown: &[
        Unknown::ClientCopy,
        Unknown::FingerprintFormat,
        Unknown::SizeLimits,
    ],
    ..Table::headers(
        "cloudflare-access",
        "Cloudflare Access certificate forwarding",
        "Cloudflare, forward a client certificate; by documentation",
        &[
            fixed(Role::Cert, "Cf-Client-Cert-Der-Base64", Form::Base64Der),
            fixed(Role::Fingerprint, "Cf-Client-Cert-Sha256", Form::Sha256Lower),
        ],
    )
};

/// The managed transform. Its third DN style, revocation and key identifiers are not read.
pub(super) static MANAGED: Table = Table {
    evidence: Evidence::Documentation,
    client_copy: ClientCopy::Unknown,
    unknown: &[
        Unknown::AbsentForm,
        Unknown::ClientCopy,
        Unknown::DateFormat,
        Unknown::DnEscapes,
        Unknown::FingerprintFormat,
        Unknown::SerialFormat,
    ],
    ..Table::headers(
        "cloudflare-managed",
        "Cloudflare managed transform, TLS client auth headers",
        "Cloudflare, managed transforms reference; by documentation",
        &[
            RoleSpec {
                absent: Some("false"),
                ..fixed(Role::Present, "Cf-Cert-Presented", Form::Flag("true"))
            },
            RoleSpec {
                absent: Some("false"),
                ..fixed(Role::Verify, "Cf-Cert-Verified", Form::VerifyFlag)
            },
            fixed(
                Role::Subject,
                "Cf-Cert-Subject-Dn-Rfc2253",
                Form::Dn(DnStyle::Rfc2253),
            ),
            fixed(
                Role::Issuer,
                "Cf-Cert-Issuer-Dn-Rfc2253",
                Form::Dn(DnStyle::Rfc2253),
            ),
            fixed(
                Role::SubjectLegacy,
                "Cf-Cert-Subject-Dn-Legacy",
                Form::Dn(DnStyle::OpensslOneline),
            ),
            fixed(
                Role::IssuerLegacy,
                "Cf-Cert-Issuer-Dn-Legacy",
                Form::Dn(DnStyle::OpensslOneline),
            ),
            fixed(Role::Serial, "Cf-Cert-Serial", Form::SerialHex),
            fixed(Role::Fingerprint, "Cf-Cert-Fingerprint-Sha1", Form::Sha1Lower),
            fixed(
                Role::FingerprintSha256,
                "Cf-Cert-Fingerprint-Sha256",
                Form::Sha256Lower,
            ),
            fixed(
                Role::NotBefore,
                "Cf-Cert-Not-Before",
                Form::Date(DateStyle::Openssl),
            ),
            fixed(
                Role::NotAfter,
                "Cf-Cert-Not-After",
                Form::Date(DateStyle::Openssl),
            ),
        ],
    )
};

/// RFC 9440 fields that a rule builds; filled even when verification failed, empty without a certificate.
pub(super) static RFC9440: Table = Table {
    evidence: Evidence::Documentation,
    client_copy: ClientCopy::Kept,
    unknown: &[Unknown::SizeLimits],
    empty_from: Some(RFC9440_LIMIT),
    ..Table::headers(
        "cloudflare-rfc9440",
        "Cloudflare RFC 9440 fields",
        "Cloudflare, cf.tls_client_auth.cert_rfc9440; by documentation",
        &[
            RoleSpec {
                absent: Some(""),
                ..fixed(Role::Cert, "Client-Cert", Form::StructuredCert)
            },
            RoleSpec {
                absent: Some(""),
                ..fixed(Role::Chain, "Client-Cert-Chain", Form::StructuredChain)
            },
        ],
    )
};
