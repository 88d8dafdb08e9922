//! AWS Application Load Balancer, by its documentation: none of it was run here.
//!
//! Documented (Elastic Load Balancing, mutual authentication with TLS): the names; percent-encoded PEM in which `+`, `=` and
//! `/` stay; a serial number in hexadecimal; RFC 2253 names; ISO 8601 dates. Not documented, and so one possibility of
//! several: whether a client's own `X-Amzn-Mtls-*` is removed, what passthrough sends without a certificate, how names with
//! controls or non-ASCII are escaped, leading zeros of a serial number, and from which size on a header is cut.

use super::{ClientCopy, Evidence, Form, Role, RoleSpec, Table, Unknown};
use crate::dn::DnStyle;
use crate::encoding::percent::PercentSet;

const SOURCE: &str = "AWS, Elastic Load Balancing, mutual authentication with TLS; by documentation";

const fn fixed(role: Role, default_name: &'static str, form: Form) -> RoleSpec {
    RoleSpec {
        role,
        default_name,
        is_fixed: true,
        form,
        absent: None,
    }
}

/// Passthrough: the whole chain, unverified.
pub(super) static PASSTHROUGH: Table = Table {
    evidence: Evidence::Documentation,
    client_copy: ClientCopy::Unknown,
    unknown: &[Unknown::AbsentForm, Unknown::ClientCopy, Unknown::SizeLimits],
    ..Table::headers(
        "aws-alb-passthrough",
        "AWS ALB, mutual TLS passthrough",
        SOURCE,
        &[fixed(
            Role::Cert,
            "X-Amzn-Mtls-Clientcert",
            Form::EscapedChain(PercentSet::Aws),
        )],
    )
};

/// Verify: a handshake without a certificate fails, so there is no absent form.
pub(super) static VERIFY: Table = Table {
    evidence: Evidence::Documentation,
    client_copy: ClientCopy::Unknown,
    unknown: &[
        Unknown::ClientCopy,
        Unknown::DnEscapes,
        Unknown::SerialFormat,
        Unknown::SizeLimits,
    ],
    sends_absent: false,
    ..Table::headers(
        "aws-alb-verify",
        "AWS ALB, mutual TLS verify",
        SOURCE,
        &[
            fixed(
                Role::Cert,
                "X-Amzn-Mtls-Clientcert-Leaf",
                Form::EscapedPem(PercentSet::Aws),
            ),
            fixed(
                Role::Serial,
                "X-Amzn-Mtls-Clientcert-Serial-Number",
                Form::SerialHex,
            ),
            fixed(
                Role::Subject,
                "X-Amzn-Mtls-Clientcert-Subject",
                Form::Dn(DnStyle::Rfc2253),
            ),
            fixed(
                Role::Issuer,
                "X-Amzn-Mtls-Clientcert-Issuer",
                Form::Dn(DnStyle::Rfc2253),
            ),
            fixed(Role::Validity, "X-Amzn-Mtls-Clientcert-Validity", Form::DatePair),
        ],
    )
};
