//! Caddy: placeholders that the operator puts into headers. Seen on 2.11.7; 2.6.2 sends the placeholder's own text when
//! there is no certificate, which this reader refuses.

use super::{Form, Role, RoleSpec, Table};
use crate::dn::DnStyle;

/// The SHA-256 of nothing: what Caddy 2.11.7 sends for the fingerprint of no certificate.
pub(super) const EMPTY_SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const fn placeholder(role: Role, default_name: &'static str, form: Form, absent: &'static str) -> RoleSpec {
    RoleSpec {
        role,
        default_name,
        is_fixed: false,
        form,
        absent: Some(absent),
    }
}

/// `{http.request.tls.client.*}`.
pub(super) static CADDY: Table = Table::headers(
    "caddy",
    "Caddy with http.request.tls.client placeholders",
    "Caddy 2.11.7; modules/caddyhttp/replacer.go",
    &[
        placeholder(Role::Cert, "X-SSL-Client-Cert", Form::Base64Der, ""),
        placeholder(Role::Subject, "X-SSL-Client-S-DN", Form::Dn(DnStyle::GoPkix), ""),
        placeholder(Role::Issuer, "X-SSL-Client-I-DN", Form::Dn(DnStyle::GoPkix), ""),
        placeholder(Role::Serial, "X-SSL-Client-Serial", Form::SerialDecimal, "<nil>"),
        placeholder(
            Role::Fingerprint,
            "X-SSL-Client-Fingerprint",
            Form::Sha256Lower,
            EMPTY_SHA256,
        ),
    ],
);
