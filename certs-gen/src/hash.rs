//! The digests that certificates are signed with, good and bad, and the one that everything is derived from.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest as _, Sha224, Sha256, Sha384, Sha512};

use crate::{der, oid};

/// A digest of the signature algorithms here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hash {
    /// MD5: collisions since 2004, a rogue CA in 2008; forbidden since RFC 6151.
    Md5,
    /// SHA-1: a collision in 2017; not to be used for signatures (RFC 9155).
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// The digest of a message.
    #[must_use]
    pub fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Md5 => Md5::digest(message).to_vec(),
            Self::Sha1 => Sha1::digest(message).to_vec(),
            Self::Sha224 => Sha224::digest(message).to_vec(),
            Self::Sha256 => Sha256::digest(message).to_vec(),
            Self::Sha384 => Sha384::digest(message).to_vec(),
            Self::Sha512 => Sha512::digest(message).to_vec(),
        }
    }

    /// Octets of a digest.
    #[must_use]
    pub fn size(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Sha1 => 20,
            Self::Sha224 => 28,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The AlgorithmIdentifier of the bare digest, with the NULL that PKCS #1 wants.
    #[must_use]
    pub fn identifier(self) -> Vec<u8> {
        der::sequence(&[&der::oid(self.arcs()), &der::null()])
    }

    /// The object identifier's arcs.
    #[must_use]
    pub fn arcs(self) -> &'static [u64] {
        match self {
            Self::Md5 => oid::MD5,
            Self::Sha1 => oid::SHA1,
            Self::Sha224 => oid::SHA224,
            Self::Sha256 => oid::SHA256,
            Self::Sha384 => oid::SHA384,
            Self::Sha512 => oid::SHA512,
        }
    }
}

/// 32 octets that depend on all parts and their borders: the only source of "randomness" of this crate.
#[must_use]
pub fn derive(seed: u64, parts: &[&str]) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(b"mtls-gauntlet/certs-gen/1");
    digest.update(seed.to_be_bytes());
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_of_parts_count() {
        assert_ne!(derive(1, &["ab", "c"]), derive(1, &["a", "bc"]));
        assert_ne!(derive(1, &["a"]), derive(2, &["a"]));
        assert_eq!(derive(1, &["a"]), derive(1, &["a"]));
    }
}
