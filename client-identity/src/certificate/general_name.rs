//! Subject alternative names (RFC 5280, section 4.2.1.6).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::name::Name;
use super::oid::Oid;
use crate::der;

/// The most alternative names that a certificate may have.
pub const MAX_ALTERNATIVE_NAMES: usize = 16_384;

/// One alternative name. Texts are the raw bytes: they should be ASCII, and an attacker's are not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum GeneralName {
    /// A distinguished name.
    Directory(Name),
    /// A DNS name.
    Dns(Vec<u8>),
    /// A mail address (`rfc822Name`).
    Email(Vec<u8>),
    /// An IP address.
    Ip(IpAddr),
    /// An IP address of neither 4 nor 16 octets.
    IpOctets(Vec<u8>),
    /// A name of a registered kind, such as a Microsoft user principal name.
    Other {
        /// The kind.
        kind: Oid,
        /// The DER of its value, without the explicit `[0]`.
        value: Vec<u8>,
    },
    /// A registered identifier.
    Registered(Oid),
    /// An X.400 address or EDI party name: the identifier octet and the contents.
    Unread(u8, Vec<u8>),
    /// A URI, such as a SPIFFE id.
    Uri(Vec<u8>),
}

impl GeneralName {
    /// Reads the contents of a subject alternative name extension; `None` if it is not DER of that form.
    pub(super) fn list(extension: &[u8]) -> Option<Vec<Self>> {
        let mut rest = der::only(extension, der::SEQUENCE).ok()?;
        let mut names = Vec::new();
        while !rest.is_empty() {
            let (identifier, contents, after) = der::element(rest).ok()?;
            rest = after;
            names.push(Self::read(identifier, contents)?);
            if names.len() > MAX_ALTERNATIVE_NAMES {
                return None;
            }
        }
        Some(names)
    }

    /// Reads one alternative name by its identifier octet and contents.
    fn read(identifier: u8, contents: &[u8]) -> Option<Self> {
        Some(match identifier {
            0xa0 => {
                let (kind, value) = der::expect(contents, der::OBJECT_IDENTIFIER).ok()?;
                let value = der::only(value, 0xa0).ok()?;
                Self::Other {
                    kind: Oid::from_content(kind).ok()?,
                    value: value.to_vec(),
                }
            }
            0x81 => Self::Email(contents.to_vec()),
            0x82 => Self::Dns(contents.to_vec()),
            0xa4 => Self::Directory(Name::from_der(contents).ok()?),
            0x86 => Self::Uri(contents.to_vec()),
            0x87 => match (<[u8; 4]>::try_from(contents), <[u8; 16]>::try_from(contents)) {
                (Ok(octets), _) => Self::Ip(Ipv4Addr::from(octets).into()),
                (_, Ok(octets)) => Self::Ip(Ipv6Addr::from(octets).into()),
                _ => Self::IpOctets(contents.to_vec()),
            },
            0x88 => Self::Registered(Oid::from_content(contents).ok()?),
            0xa3 | 0xa5 => Self::Unread(identifier, contents.to_vec()),
            _ => return None,
        })
    }
}
