//! App servers that terminate TLS and put the certificate into the environ: a client's headers cannot collide.

use super::nginx::operator;
use super::{Carrier, ClientCopy, Evidence, Form, Library, Role, RoleSpec, Table};
use crate::certificate::DateStyle;
use crate::dn::DnStyle;

const fn variable(role: Role, default_name: &'static str, form: Form) -> RoleSpec {
    RoleSpec {
        is_fixed: true,
        ..operator(role, default_name, form)
    }
}

/// mod_wsgi with `SSLOptions +StdEnvVars +ExportCertData`. `SSL_CLIENT_CERT_CHAIN_n` is not read.
pub(super) static MOD_WSGI: Table = Table {
    evidence: Evidence::Seen,
    client_copy: ClientCopy::Impossible,
    carrier: Carrier::Environ,
    library: Library::Openssl,
    ..Table::headers(
        "mod-wsgi",
        "mod_wsgi environ",
        "Apache httpd 2.4.71 with mod_wsgi 4.9.4",
        &[
            RoleSpec {
                absent: Some(""),
                ..variable(Role::Cert, "SSL_CLIENT_CERT", Form::RawPem)
            },
            RoleSpec {
                absent: Some("NONE"),
                ..variable(Role::Verify, "SSL_CLIENT_VERIFY", Form::VerifyWordsApache)
            },
            variable(
                Role::Subject,
                "SSL_CLIENT_S_DN",
                Form::Dn(DnStyle::Rfc2253RawUtf8),
            ),
            variable(Role::Issuer, "SSL_CLIENT_I_DN", Form::Dn(DnStyle::Rfc2253RawUtf8)),
            variable(Role::Serial, "SSL_CLIENT_M_SERIAL", Form::SerialHex),
            variable(
                Role::NotBefore,
                "SSL_CLIENT_V_START",
                Form::Date(DateStyle::Openssl),
            ),
            variable(Role::NotAfter, "SSL_CLIENT_V_END", Form::Date(DateStyle::Openssl)),
        ],
    )
};

/// uWSGI's https router.
pub(super) static UWSGI: Table = Table {
    evidence: Evidence::Seen,
    client_copy: ClientCopy::Impossible,
    carrier: Carrier::Environ,
    library: Library::Openssl,
    ..Table::headers(
        "uwsgi",
        "uWSGI https environ",
        "uWSGI 2.0.21",
        &[
            variable(Role::Cert, "HTTPS_CLIENT_CERTIFICATE", Form::RawDer),
            variable(Role::Subject, "HTTPS_DN", Form::Dn(DnStyle::OpensslOneline)),
        ],
    )
};
