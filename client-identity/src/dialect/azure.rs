//! Azure App Service and Application Gateway v2, by their documentation: none of it was run here.

use super::{Form, Role, RoleSpec, Table};
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
pub(super) static APP_GATEWAY: Table = Table::headers(
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
);

/// Nothing is validated: the app must check the chain and the dates itself.
pub(super) static APP_SERVICE: Table = Table::headers(
    "azure-app-service",
    "Azure App Service",
    "Microsoft, configure TLS mutual authentication in App Service; by documentation",
    &[RoleSpec {
        is_fixed: true,
        ..spec(Role::Cert, "X-ARR-ClientCert", Form::Base64Der)
    }],
);
