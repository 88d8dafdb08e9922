//! Distinguished names as text, one file a style.
//!
//! A style prints exactly what its servers print. Reading is strict: the text must be what the style prints for the
//! name that is returned, and no other name may print the same, but for string types, which no style keeps. Where
//! another name may, the text is [`DnError::Ambiguous`]: nobody may act on it as if it named one client.
//!
//! The slash styles leave a blank at the end of a value as it is, and every HTTP reader cuts it off: CN=`alice `
//! at the end of a header reaches the app as CN=`alice`. A text cannot show that; only the proxy, or a style with escapes,
//! keeps the two apart.

mod escaped;
mod go_pkix;
mod haproxy_slash;
mod openssl;
mod openssl_oneline;
mod rfc2253;
pub(crate) mod rfc4514;
mod slash;
mod traefik_info;

use crate::certificate::{Attribute, Name};

/// The longest accepted text of a name, in bytes.
pub const MAX_TEXT: usize = 256 * 1024;

/// A way to print a distinguished name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DnStyle {
    /// `/C=AU/O=Acme/CN=alice` without any escaping: HAProxy's `ssl_c_s_dn`.
    HaproxySlash,
    /// `CN=alice,O=Acme,C=AU` in a fixed order of attributes: Go's `pkix.Name.String`, hence Caddy.
    GoPkix,
    /// `/C=AU/O=Acme/CN=alice` by OpenSSL 3's `X509_NAME_oneline`: nginx `$ssl_client_s_dn_legacy`, Apache's
    /// `LegacyDNStringFormat`, uWSGI. OpenSSL before 3 left slashes in values as they were: its texts are not of this style.
    OpensslOneline,
    /// `CN=alice,O=Acme,C=AU` by OpenSSL's `XN_FLAG_RFC2253`, non-ASCII as `\XX`: nginx, HAProxy's third form.
    Rfc2253,
    /// The same by BoringSSL, which has fewer short names and escapes a lone `#`: Envoy.
    Rfc2253Boringssl,
    /// The same with UTF-8 as it is: Apache.
    Rfc2253RawUtf8,
    /// `C=AU,O=Acme,CN=alice` in a fixed order without any escaping: Traefik's Info header.
    TraefikInfo,
}

/// Why a text is ambiguous.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Doubt {
    /// An escape sequence may as well be those characters, which the style leaves as they are.
    Escape,
    /// The style leaves out the order, or values that others supersede.
    Loss,
    /// A separator may as well be part of a value.
    Separator,
}

/// Why a text cannot be read as a name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DnError {
    /// More than one name prints as this text.
    #[error("read a distinguished name: ambiguous ({doubt:?})")]
    Ambiguous {
        /// What is in doubt.
        doubt: Doubt,
        /// How a reader who ignores the doubt takes it: what a gullible app sees.
        naive: Name,
    },
    /// The style never prints such a text.
    #[error("read a distinguished name: not in the form of {0:?}")]
    Malformed(DnStyle),
    /// Longer than [`MAX_TEXT`].
    #[error("read a distinguished name: over {MAX_TEXT} bytes")]
    TooLong,
    /// An attribute type without a known name.
    #[error("read a distinguished name: unknown attribute type `{0}`")]
    UnknownType(String),
}

/// A name as an app learns it from a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DnReading {
    /// The text names exactly this; every string type is UTF8String, as texts do not keep them.
    Certain(Name),
    /// More than one name prints so.
    Doubtful {
        /// What is in doubt.
        doubt: Doubt,
        /// How a gullible reader takes it.
        naive: Name,
    },
}

impl DnReading {
    /// The name, if there is no doubt.
    #[must_use]
    pub fn certain(&self) -> Option<&Name> {
        match self {
            Self::Certain(name) => Some(name),
            Self::Doubtful { .. } => None,
        }
    }

    /// The name as a reader takes it who ignores any doubt.
    #[must_use]
    pub fn naive(&self) -> &Name {
        match self {
            Self::Certain(name) | Self::Doubtful { naive: name, .. } => name,
        }
    }
}

/// Why a server of this style fails on a name: it cannot read the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("print a distinguished name: the server's library cannot")]
pub struct Unprintable;

impl DnStyle {
    /// All styles.
    pub const ALL: [Self; 7] = [
        Self::HaproxySlash,
        Self::GoPkix,
        Self::OpensslOneline,
        Self::Rfc2253,
        Self::Rfc2253Boringssl,
        Self::Rfc2253RawUtf8,
        Self::TraefikInfo,
    ];

    /// The text of `name`, byte by byte as the servers print it. Where their library fails ([`DnStyle::check`]), the
    /// value's raw bytes stand in.
    #[must_use]
    pub fn print(self, name: &Name) -> Vec<u8> {
        match self {
            Self::HaproxySlash => haproxy_slash::print(name),
            Self::GoPkix => go_pkix::print(name),
            Self::OpensslOneline => openssl_oneline::print(name),
            Self::Rfc2253 => rfc2253::print(name, rfc2253::Habits::OPENSSL),
            Self::Rfc2253Boringssl => rfc2253::print(name, rfc2253::Habits::BORINGSSL),
            Self::Rfc2253RawUtf8 => rfc2253::print(name, rfc2253::Habits::APACHE),
            Self::TraefikInfo => traefik_info::print(name),
        }
    }

    /// Whether the servers of this style can read a certificate with `name`, and so print it.
    ///
    /// # Errors
    /// [`Unprintable`] for an attribute that their library refuses to read: a string type that names cannot have, or bytes
    /// that are not legal for it.
    pub fn check(self, name: &Name) -> Result<(), Unprintable> {
        let is_readable: fn(&Attribute) -> bool = match self {
            Self::HaproxySlash
            | Self::OpensslOneline
            | Self::Rfc2253
            | Self::Rfc2253Boringssl
            | Self::Rfc2253RawUtf8 => openssl::is_readable,
            Self::GoPkix | Self::TraefikInfo => go_pkix::is_readable,
        };
        if name.attributes().all(is_readable) {
            Ok(())
        } else {
            Err(Unprintable)
        }
    }

    /// The one name that prints as `text` (up to [`MAX_TEXT`] bytes, in linear time), its string types all UTF8String (but for values in hexadecimal).
    ///
    /// # Errors
    /// [`DnError::Ambiguous`] when another name prints the same, and the others when none does.
    pub fn parse(self, text: &[u8]) -> Result<Name, DnError> {
        if text.len() > MAX_TEXT {
            return Err(DnError::TooLong);
        }
        let (name, doubt) = match self {
            Self::HaproxySlash => haproxy_slash::parse(text)?,
            Self::GoPkix => go_pkix::parse(text)?,
            Self::OpensslOneline => openssl_oneline::parse(text)?,
            Self::Rfc2253 | Self::Rfc2253Boringssl | Self::Rfc2253RawUtf8 => {
                (rfc2253::parse(text, self)?, None)
            }
            Self::TraefikInfo => traefik_info::parse(text)?,
        };
        // Printing again refuses every looser spelling in one place. Traefik's text may look out of order because of a
        // comma in a value, and is never certain anyway.
        if self != Self::TraefikInfo && self.print(&name) != text {
            return Err(DnError::Malformed(self));
        }
        match doubt {
            Some(doubt) => Err(DnError::Ambiguous { doubt, naive: name }),
            None => Ok(name),
        }
    }

    /// What an app can learn from `text`.
    ///
    /// # Errors
    /// Every [`DnError`] but [`DnError::Ambiguous`], which is a reading.
    pub fn read(self, text: &[u8]) -> Result<DnReading, DnError> {
        match self.parse(text) {
            Ok(name) => Ok(DnReading::Certain(name)),
            Err(DnError::Ambiguous { doubt, naive }) => Ok(DnReading::Doubtful { doubt, naive }),
            Err(error) => Err(error),
        }
    }
}
