//! HAProxy: sample fetches that the operator puts into headers. Seen on 2.6.12.
//!
//! `ssl_c_verify` is 0 also when no certificate was sent: only `ssl_c_used` tells. A value that exceeds the 16 KiB
//! buffer is sent empty, so a large certificate vanishes while `ssl_c_used` stays 1.

use super::{Form, Library, Role, RoleSpec, Table};
use crate::certificate::DateStyle;
use crate::dn::DnStyle;

/// `tune.bufsize` by default.
const BUFFER: usize = 16 * 1024;

const SOURCE: &str = "HAProxy 2.6.12; configuration manual, section 7.3.4";

const fn sample(role: Role, default_name: &'static str, form: Form) -> RoleSpec {
    RoleSpec {
        role,
        default_name,
        is_fixed: false,
        form,
        absent: Some(""),
    }
}

const fn zero(role: Role, default_name: &'static str, form: Form) -> RoleSpec {
    RoleSpec {
        role,
        default_name,
        is_fixed: false,
        form,
        absent: Some("0"),
    }
}

const CERT: RoleSpec = sample(Role::Cert, "X-SSL-Client-Cert", Form::Base64Der);
const CHAIN: RoleSpec = sample(Role::Chain, "X-SSL-Client-Chain", Form::Base64DerChain);
const PRESENT: RoleSpec = zero(Role::Present, "X-SSL-Client-Used", Form::Flag("1"));
const VERIFY: RoleSpec = zero(Role::Verify, "X-SSL-Client-Verify", Form::VerifyCode);
const SERIAL: RoleSpec = sample(Role::Serial, "X-SSL-Client-Serial", Form::SerialMagnitude);
const FINGERPRINT: RoleSpec = sample(Role::Fingerprint, "X-SSL-Client-SHA1", Form::Sha1Upper);
const NOT_BEFORE: RoleSpec = sample(
    Role::NotBefore,
    "X-SSL-Client-Not-Before",
    Form::Date(DateStyle::Asn1),
);
const NOT_AFTER: RoleSpec = sample(
    Role::NotAfter,
    "X-SSL-Client-Not-After",
    Form::Date(DateStyle::Asn1),
);

/// Names in the default slash style.
pub(super) static HAPROXY: Table = Table {
    library: Library::Openssl,
    empty_from: Some(BUFFER),
    ..Table::headers(
        "haproxy",
        "HAProxy with ssl_c_s_dn",
        SOURCE,
        &[
            CERT,
            CHAIN,
            PRESENT,
            VERIFY,
            sample(
                Role::Subject,
                "X-SSL-Client-S-DN",
                Form::Dn(DnStyle::HaproxySlash),
            ),
            sample(Role::Issuer, "X-SSL-Client-I-DN", Form::Dn(DnStyle::HaproxySlash)),
            SERIAL,
            FINGERPRINT,
            NOT_BEFORE,
            NOT_AFTER,
        ],
    )
};

/// Names by `ssl_c_s_dn(,0,rfc2253)`.
pub(super) static HAPROXY_RFC2253: Table = Table {
    library: Library::Openssl,
    empty_from: Some(BUFFER),
    ..Table::headers(
        "haproxy-rfc2253",
        "HAProxy with ssl_c_s_dn(,0,rfc2253)",
        SOURCE,
        &[
            CERT,
            CHAIN,
            PRESENT,
            VERIFY,
            sample(Role::Subject, "X-SSL-Client-S-DN", Form::Dn(DnStyle::Rfc2253)),
            sample(Role::Issuer, "X-SSL-Client-I-DN", Form::Dn(DnStyle::Rfc2253)),
            SERIAL,
            FINGERPRINT,
            NOT_BEFORE,
            NOT_AFTER,
        ],
    )
};
