//! Apache httpd: `RequestHeader set` with mod_ssl's variables, in three encodings of the certificate. Seen on 2.4.71.
//!
//! `%{...}s` writes `(null)` for a variable that is missing or empty; `expr=` writes nothing after the colon.

use super::{Form, Library, Role, RoleSpec, Table};
use crate::certificate::DateStyle;
use crate::dn::DnStyle;
use crate::encoding::percent::PercentSet;

const SOURCE: &str = "Apache httpd 2.4.71; mod_ssl and mod_headers";

const fn variable(role: Role, default_name: &'static str, form: Form, absent: &'static str) -> RoleSpec {
    RoleSpec {
        role,
        default_name,
        is_fixed: false,
        form,
        absent: Some(absent),
    }
}

const VERIFY: RoleSpec = variable(
    Role::Verify,
    "X-SSL-Client-Verify",
    Form::VerifyWordsApache,
    "NONE",
);
const SUBJECT: RoleSpec = variable(
    Role::Subject,
    "X-SSL-Client-S-DN",
    Form::Dn(DnStyle::Rfc2253RawUtf8),
    "(null)",
);
const ISSUER: RoleSpec = variable(
    Role::Issuer,
    "X-SSL-Client-I-DN",
    Form::Dn(DnStyle::Rfc2253RawUtf8),
    "(null)",
);
const SERIAL: RoleSpec = variable(Role::Serial, "X-SSL-Client-Serial", Form::SerialHex, "(null)");
const NOT_BEFORE: RoleSpec = variable(
    Role::NotBefore,
    "X-SSL-Client-V-Start",
    Form::Date(DateStyle::Openssl),
    "(null)",
);
const NOT_AFTER: RoleSpec = variable(
    Role::NotAfter,
    "X-SSL-Client-V-End",
    Form::Date(DateStyle::Openssl),
    "(null)",
);

/// `"%{SSL_CLIENT_CERT}s"`: every line feed is a space.
pub(super) static APACHE: Table = Table {
    library: Library::Openssl,
    ..Table::headers(
        "apache",
        "Apache httpd with %{SSL_CLIENT_CERT}s",
        SOURCE,
        &[
            variable(Role::Cert, "X-SSL-Client-Cert", Form::SpacedPem, "(null)"),
            VERIFY,
            SUBJECT,
            ISSUER,
            SERIAL,
            NOT_BEFORE,
            NOT_AFTER,
        ],
    )
};

/// `"expr=%{base64:%{SSL_CLIENT_CERT}}"`: base64 of the PEM text.
pub(super) static APACHE_BASE64: Table = Table {
    library: Library::Openssl,
    ..Table::headers(
        "apache-base64",
        "Apache httpd with expr=%{base64:...}",
        SOURCE,
        &[
            variable(Role::Cert, "X-SSL-Client-Cert", Form::Base64Pem, ""),
            VERIFY,
            SUBJECT,
            ISSUER,
            SERIAL,
            NOT_BEFORE,
            NOT_AFTER,
        ],
    )
};

/// `"expr=%{escape:%{SSL_CLIENT_CERT}}"`: percent-encoding in lower case.
pub(super) static APACHE_ESCAPE: Table = Table {
    library: Library::Openssl,
    ..Table::headers(
        "apache-escape",
        "Apache httpd with expr=%{escape:...}",
        SOURCE,
        &[
            variable(
                Role::Cert,
                "X-SSL-Client-Cert",
                Form::EscapedPem(PercentSet::Apache),
                "",
            ),
            VERIFY,
            SUBJECT,
            ISSUER,
            SERIAL,
            NOT_BEFORE,
            NOT_AFTER,
        ],
    )
};

/// `SSLOptions +LegacyDNStringFormat`.
pub(super) static APACHE_LEGACY_DN: Table = Table {
    library: Library::Openssl,
    ..Table::headers(
        "apache-legacy-dn",
        "Apache httpd with LegacyDNStringFormat",
        SOURCE,
        &[
            variable(Role::Cert, "X-SSL-Client-Cert", Form::SpacedPem, "(null)"),
            VERIFY,
            variable(
                Role::Subject,
                "X-SSL-Client-S-DN",
                Form::Dn(DnStyle::OpensslOneline),
                "(null)",
            ),
            variable(
                Role::Issuer,
                "X-SSL-Client-I-DN",
                Form::Dn(DnStyle::OpensslOneline),
                "(null)",
            ),
            SERIAL,
        ],
    )
};
