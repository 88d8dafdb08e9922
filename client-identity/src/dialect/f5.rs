//! F5 BIG-IP: a convention of iRules, not a product's format; the variant with base64 DER.
//!
//! Documented (community codeshare): the rule. `HTTP::header insert` is said to add rather than replace; nobody here has seen
//! it, nor what a rule without a guard sends when there is no certificate.

use super::nginx::operator;
use super::{ClientCopy, Evidence, Form, Role, Table, Unknown};

/// `HTTP::header insert X-SSL-Client-Cert [b64encode ...]`.
pub(super) static F5: Table = Table {
    evidence: Evidence::Documentation,
    client_copy: ClientCopy::Unknown,
    unknown: &[Unknown::AbsentForm, Unknown::ClientCopy],
    ..Table::headers(
        "f5",
        "F5 BIG-IP iRule with base64 DER",
        "F5 community, codeshare 275325; by documentation",
        &[operator(Role::Cert, "X-SSL-Client-Cert", Form::Base64Der)],
    )
};
