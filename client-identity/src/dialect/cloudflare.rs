//! Cloudflare's three conventions, by their documentation: none of it was run here.

use super::{Form, Role, RoleSpec, Table};
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
pub(super) static ACCESS: Table = Table::headers(
    "cloudflare-access",
    "Cloudflare Access certificate forwarding",
    "Cloudflare, forward a client certificate; by documentation",
    &[
        fixed(Role::Cert, "Cf-Client-Cert-Der-Base64", Form::Base64Der),
        fixed(Role::Fingerprint, "Cf-Client-Cert-Sha256", Form::Sha256Lower),
    ],
);

/// The managed transform. Its third DN style, revocation and key identifiers are not read.
pub(super) static MANAGED: Table = Table::headers(
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
);

/// RFC 9440 fields that a rule builds; filled even when verification failed, empty without a certificate.
pub(super) static RFC9440: Table = Table {
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
