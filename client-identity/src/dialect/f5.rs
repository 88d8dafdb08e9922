//! F5 BIG-IP: a convention of iRules, not a product's format; the variant with base64 DER.

use super::nginx::operator;
use super::{Form, Role, Table};

/// `HTTP::header insert X-SSL-Client-Cert [b64encode ...]`.
pub(super) static F5: Table = Table::headers(
    "f5",
    "F5 BIG-IP iRule with base64 DER",
    "F5 community, codeshare 275325; by documentation",
    &[operator(Role::Cert, "X-SSL-Client-Cert", Form::Base64Der)],
);
