//! The suites and groups that the rogue client can carry to the end.

use aws_lc_rs::agreement::{self, ECDH_P256, ECDH_P384, PrivateKey, UnparsedPublicKey, X25519};
use aws_lc_rs::{digest, hmac};

/// The hash of a suite's key schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hash {
    Sha256,
    Sha384,
}

impl Hash {
    pub(super) fn len(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
        }
    }

    pub(super) fn of(self, bytes: &[u8]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
        };
        digest::digest(algorithm, bytes).as_ref().to_vec()
    }

    pub(super) fn mac(self, key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
        let algorithm = match self {
            Self::Sha256 => hmac::HMAC_SHA256,
            Self::Sha384 => hmac::HMAC_SHA384,
        };
        let mut context = hmac::Context::with_key(&hmac::Key::new(algorithm, key));
        for part in parts {
            context.update(part);
        }
        context.sign().as_ref().to_vec()
    }
}

/// How records are protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bulk {
    /// AES in CBC mode with HMAC-SHA1, MAC before padding.
    CbcSha1,
    /// ChaCha20-Poly1305.
    ChaCha,
    /// AES in Galois/counter mode.
    Gcm,
}

/// How the premaster secret comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exchange {
    /// Ephemeral elliptic curves.
    Ecdhe,
    /// The client's secret, encrypted for the server's RSA key: no forward secrecy.
    Rsa,
    /// TLS 1.3, where the suite says nothing about it.
    Tls13,
}

/// A suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Suite {
    pub(super) code: u16,
    pub(super) hash: Hash,
    pub(super) bulk: Bulk,
    pub(super) key_length: usize,
    pub(super) exchange: Exchange,
}

const fn row(code: u16, exchange: Exchange, bulk: Bulk, key_length: usize, hash: Hash) -> Suite {
    Suite {
        code,
        hash,
        bulk,
        key_length,
        exchange,
    }
}

/// All of them, best first. Names: [`crate::tls::suites`].
pub(super) const SUITES: [Suite; 11] = [
    row(0x1301, Exchange::Tls13, Bulk::Gcm, 16, Hash::Sha256),
    row(0x1302, Exchange::Tls13, Bulk::Gcm, 32, Hash::Sha384),
    row(0x1303, Exchange::Tls13, Bulk::ChaCha, 32, Hash::Sha256),
    row(0xC02B, Exchange::Ecdhe, Bulk::Gcm, 16, Hash::Sha256),
    row(0xC02F, Exchange::Ecdhe, Bulk::Gcm, 16, Hash::Sha256),
    row(0xC02C, Exchange::Ecdhe, Bulk::Gcm, 32, Hash::Sha384),
    row(0xC030, Exchange::Ecdhe, Bulk::Gcm, 32, Hash::Sha384),
    row(0x009C, Exchange::Rsa, Bulk::Gcm, 16, Hash::Sha256),
    row(0x009D, Exchange::Rsa, Bulk::Gcm, 32, Hash::Sha384),
    row(0x002F, Exchange::Rsa, Bulk::CbcSha1, 16, Hash::Sha256),
    row(0x0035, Exchange::Rsa, Bulk::CbcSha1, 32, Hash::Sha256),
];

/// The suite with this code point.
pub(super) fn suite(code: u16) -> Option<Suite> {
    SUITES.iter().find(|suite| suite.code == code).copied()
}

/// The groups that the client has, best first.
pub(super) const GROUPS: [u16; 3] = [29, 23, 24];

fn algorithm(group: u16) -> Option<&'static agreement::Algorithm> {
    match group {
        23 => Some(&ECDH_P256),
        24 => Some(&ECDH_P384),
        29 => Some(&X25519),
        _ => None,
    }
}

/// Our half of a key exchange in one group.
#[derive(Debug)]
pub(super) struct Share {
    pub(super) group: u16,
    pub(super) public: Vec<u8>,
    key: PrivateKey,
}

impl Share {
    /// A fresh half; `None` if the group is unknown or the system has no randomness.
    pub(super) fn fresh(group: u16) -> Option<Self> {
        let key = PrivateKey::generate(algorithm(group)?).ok()?;
        let public = key.compute_public_key().ok()?.as_ref().to_vec();
        Some(Self { group, public, key })
    }

    /// The common secret, if `theirs` is a point of the group.
    pub(super) fn agree(&self, theirs: &[u8]) -> Option<Vec<u8>> {
        let theirs = UnparsedPublicKey::new(algorithm(self.group)?, theirs);
        agreement::agree(&self.key, theirs, (), |secret| Ok(secret.to_vec())).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::suites;

    #[test]
    fn every_suite_is_what_its_name_says() {
        for own in SUITES {
            let name = suites::suite(own.code).unwrap().name;
            assert_eq!(own.hash == Hash::Sha384, name.ends_with("_SHA384"), "{name}");
            assert_eq!(own.bulk == Bulk::Gcm, name.contains("_GCM_"), "{name}");
            assert_eq!(own.bulk == Bulk::CbcSha1, name.ends_with("_CBC_SHA"), "{name}");
            assert_eq!(
                own.exchange == Exchange::Rsa,
                name.starts_with("TLS_RSA_"),
                "{name}"
            );
            assert_eq!(
                own.exchange == Exchange::Ecdhe,
                name.starts_with("TLS_ECDHE_"),
                "{name}"
            );
            assert_eq!(own.key_length == 16, name.contains("_128_"), "{name}");
        }
    }

    #[test]
    fn both_halves_agree_and_a_bad_point_is_refused() {
        for group in GROUPS {
            let (ours, theirs) = (Share::fresh(group).unwrap(), Share::fresh(group).unwrap());
            assert_eq!(ours.agree(&theirs.public), theirs.agree(&ours.public));
            assert_eq!(ours.agree(&[4; 65]), None);
        }
        assert!(Share::fresh(1).is_none());
    }
}
