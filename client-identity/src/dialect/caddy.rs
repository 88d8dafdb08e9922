//! Caddy: placeholders that the operator puts into headers. Seen on 2.11.7 and 2.6.2, which differ where there is no
//! certificate: 2.6.2 (Debian 12) sends the placeholder's own text.

use super::{Carrier, Form, Library, Role, RoleSpec, Table};
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
pub(super) static CADDY: Table = Table {
    carrier: Carrier::GoHeader,
    library: Library::Go,
    ..Table::headers(
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
    )
};

/// The same on 2.6.2: what cannot be replaced is sent as it stands.
pub(super) static CADDY_2_6: Table = Table {
    carrier: Carrier::GoHeader,
    library: Library::GoBefore123,
    sends_empty: true,
    ..Table::headers(
        "caddy-2.6",
        "Caddy 2.6 with http.request.tls.client placeholders",
        "Caddy 2.6.2; modules/caddyhttp/replacer.go",
        &[
            placeholder(
                Role::Cert,
                "X-SSL-Client-Cert",
                Form::Base64Der,
                "{http.request.tls.client.certificate_der_base64}",
            ),
            placeholder(
                Role::Subject,
                "X-SSL-Client-S-DN",
                Form::Dn(DnStyle::GoPkix),
                "{http.request.tls.client.subject}",
            ),
            placeholder(
                Role::Issuer,
                "X-SSL-Client-I-DN",
                Form::Dn(DnStyle::GoPkix),
                "{http.request.tls.client.issuer}",
            ),
            placeholder(
                Role::Serial,
                "X-SSL-Client-Serial",
                Form::SerialDecimal,
                "{http.request.tls.client.serial}",
            ),
            placeholder(
                Role::Fingerprint,
                "X-SSL-Client-Fingerprint",
                Form::Sha256Lower,
                "{http.request.tls.client.fingerprint}",
            ),
        ],
    )
};
