//! ingress-nginx. On a host without client authentication it does not overwrite a client's own `ssl-client-*`.

use super::nginx::operator;
use super::{Form, Library, Role, RoleSpec, Table};
use crate::dn::DnStyle;
use crate::encoding::percent::PercentSet;

const fn fixed(role: Role, default_name: &'static str, form: Form) -> RoleSpec {
    RoleSpec {
        is_fixed: true,
        ..operator(role, default_name, form)
    }
}

/// `ssl-client-*`.
pub(super) static INGRESS_NGINX: Table = Table {
    library: Library::Openssl,
    ..Table::headers(
        "ingress-nginx",
        "ingress-nginx with auth-tls",
        "kubernetes/ingress-nginx, rootfs/etc/nginx/template/nginx.tmpl",
        &[
            fixed(
                Role::Cert,
                "ssl-client-cert",
                Form::EscapedPem(PercentSet::Unreserved),
            ),
            RoleSpec {
                absent: Some("NONE"),
                ..fixed(Role::Verify, "ssl-client-verify", Form::VerifyWords)
            },
            fixed(Role::Subject, "ssl-client-subject-dn", Form::Dn(DnStyle::Rfc2253)),
            fixed(Role::Issuer, "ssl-client-issuer-dn", Form::Dn(DnStyle::Rfc2253)),
        ],
    )
};
