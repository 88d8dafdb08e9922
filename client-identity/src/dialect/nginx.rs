//! nginx: variables that the operator puts into headers. Seen on 1.22.1 and 1.31.3.
//!
//! `proxy_set_header` with an empty value sends nothing, so without a certificate only the verify header is there:
//! `NONE`, even on a listener that never asks. A name without attributes leaves its header out too.

use super::{Carrier, ClientCopy, Form, Library, Role, RoleSpec, Table};
use crate::certificate::DateStyle;
use crate::dn::DnStyle;
use crate::encoding::percent::PercentSet;

pub(super) const fn operator(role: Role, default_name: &'static str, form: Form) -> RoleSpec {
    RoleSpec {
        role,
        default_name,
        is_fixed: false,
        form,
        absent: None,
    }
}

const VERIFY: RoleSpec = RoleSpec {
    role: Role::Verify,
    default_name: "X-SSL-Client-Verify",
    is_fixed: false,
    form: Form::VerifyWords,
    absent: Some("NONE"),
};

const SERIAL: RoleSpec = operator(Role::Serial, "X-SSL-Client-Serial", Form::SerialHex);
const FINGERPRINT: RoleSpec = operator(Role::Fingerprint, "X-SSL-Client-Fingerprint", Form::Sha1Lower);
const NOT_BEFORE: RoleSpec = operator(
    Role::NotBefore,
    "X-SSL-Client-V-Start",
    Form::Date(DateStyle::Openssl),
);
const NOT_AFTER: RoleSpec = operator(
    Role::NotAfter,
    "X-SSL-Client-V-End",
    Form::Date(DateStyle::Openssl),
);

/// `$ssl_client_escaped_cert` and the other `$ssl_client_*` variables.
pub(super) static NGINX: Table = Table {
    library: Library::Openssl,
    ..Table::headers(
        "nginx",
        "nginx with $ssl_client_escaped_cert",
        "nginx 1.22.1 and 1.31.3; ngx_http_ssl_module, src/event/ngx_event_openssl.c",
        &[
            operator(
                Role::Cert,
                "X-SSL-Client-Cert",
                Form::EscapedPem(PercentSet::Unreserved),
            ),
            VERIFY,
            operator(Role::Subject, "X-SSL-Client-S-DN", Form::Dn(DnStyle::Rfc2253)),
            operator(Role::Issuer, "X-SSL-Client-I-DN", Form::Dn(DnStyle::Rfc2253)),
            SERIAL,
            FINGERPRINT,
            NOT_BEFORE,
            NOT_AFTER,
        ],
    )
};

/// `$ssl_client_cert`: PEM folded by LF and tab, which newer app servers refuse.
pub(super) static NGINX_FOLDED: Table = Table {
    library: Library::Openssl,
    ..Table::headers(
        "nginx-folded",
        "nginx with the folded $ssl_client_cert",
        "nginx 1.22.1 and 1.31.3; ngx_http_ssl_module, src/event/ngx_event_openssl.c",
        &[
            operator(Role::Cert, "X-SSL-Client-Cert", Form::FoldedPem),
            VERIFY,
            operator(Role::Subject, "X-SSL-Client-S-DN", Form::Dn(DnStyle::Rfc2253)),
            operator(Role::Issuer, "X-SSL-Client-I-DN", Form::Dn(DnStyle::Rfc2253)),
            SERIAL,
            FINGERPRINT,
            NOT_BEFORE,
            NOT_AFTER,
        ],
    )
};

/// `$ssl_client_s_dn_legacy` and `$ssl_client_i_dn_legacy`.
pub(super) static NGINX_LEGACY_DN: Table = Table {
    library: Library::Openssl,
    ..Table::headers(
        "nginx-legacy-dn",
        "nginx with names in the old slash style",
        "nginx 1.22.1 and 1.31.3 with OpenSSL 3; ngx_http_ssl_module",
        &[
            operator(
                Role::Cert,
                "X-SSL-Client-Cert",
                Form::EscapedPem(PercentSet::Unreserved),
            ),
            VERIFY,
            operator(
                Role::Subject,
                "X-SSL-Client-S-DN",
                Form::Dn(DnStyle::OpensslOneline),
            ),
            operator(
                Role::Issuer,
                "X-SSL-Client-I-DN",
                Form::Dn(DnStyle::OpensslOneline),
            ),
            SERIAL,
            FINGERPRINT,
        ],
    )
};

const fn parameter(role: Role, default_name: &'static str, form: Form) -> RoleSpec {
    RoleSpec {
        role,
        default_name,
        is_fixed: false,
        form,
        absent: Some(""),
    }
}

/// `uwsgi_param`: environ variables instead of headers, which a client's header cannot collide with.
pub(super) static NGINX_UWSGI_PARAM: Table = Table {
    client_copy: ClientCopy::Impossible,
    carrier: Carrier::Environ,
    library: Library::Openssl,
    ..Table::headers(
        "nginx-uwsgi-param",
        "nginx with uwsgi_param and $ssl_client_raw_cert",
        "nginx 1.22.1 and 1.31.3 with uWSGI; ngx_http_uwsgi_module",
        &[
            parameter(Role::Cert, "SSL_CLIENT_CERT", Form::RawPem),
            RoleSpec {
                default_name: "SSL_CLIENT_VERIFY",
                ..VERIFY
            },
            parameter(Role::Subject, "SSL_CLIENT_S_DN", Form::Dn(DnStyle::Rfc2253)),
            parameter(Role::Issuer, "SSL_CLIENT_I_DN", Form::Dn(DnStyle::Rfc2253)),
            parameter(Role::Serial, "SSL_CLIENT_M_SERIAL", Form::SerialHex),
        ],
    )
};
