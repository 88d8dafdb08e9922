//! The library by which a server reads certificates. What it cannot read never becomes a header: the handshake fails.
//!
//! Only reading is modelled here, not whether a chain is trusted: a server's policy is not part of a dialect.

use super::go_uri;
use crate::certificate::{Certificate, GeneralName, Name};
use crate::dn::DnStyle;

/// A library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Library {
    /// Envoy's.
    Boringssl,
    /// Go's crypto/x509 from 1.23 on: no negative serial numbers.
    Go,
    /// Go's crypto/x509 before 1.23, as in Debian's Caddy.
    GoBefore123,
    /// nginx, HAProxy, Apache.
    Openssl,
    /// Nobody here has seen what the product reads; it is taken to read everything.
    Unknown,
}

impl Library {
    /// Whether a certificate can be read at all.
    pub(super) fn reads(self, certificate: &Certificate) -> bool {
        let has_readable_names = |style: DnStyle| {
            let is_readable = |name: &Name| style.check(name).is_ok();
            is_readable(&certificate.subject) && is_readable(&certificate.issuer)
        };
        match self {
            Self::Boringssl => has_readable_names(DnStyle::Rfc2253Boringssl),
            Self::Go | Self::GoBefore123 => {
                let is_negative = self == Self::Go && certificate.serial.is_negative();
                let names = certificate.subject_alt_names.iter();
                !is_negative && has_readable_names(DnStyle::GoPkix) && names.into_iter().all(go_reads)
            }
            Self::Openssl => has_readable_names(DnStyle::Rfc2253),
            Self::Unknown => true,
        }
    }
}

/// Go refuses IA5Strings over 0x7f, addresses of another length, and URIs that it cannot parse (`parseSANExtension`).
fn go_reads(name: &GeneralName) -> bool {
    match name {
        GeneralName::Dns(text) | GeneralName::Email(text) => text.is_ascii(),
        GeneralName::Uri(text) => {
            let text = std::str::from_utf8(text).ok().filter(|text| text.is_ascii());
            text.and_then(go_uri::reprint).is_some()
        }
        GeneralName::IpOctets(_) => false,
        GeneralName::Directory(_)
        | GeneralName::Ip(_)
        | GeneralName::Other { .. }
        | GeneralName::Registered(_)
        | GeneralName::Unread(..) => true,
    }
}
