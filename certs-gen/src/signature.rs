//! Signature algorithms as X.509 and TLS name them.

use crate::hash::Hash;
use crate::{der, oid};

/// How something is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// ECDSA; the curve is the key's.
    Ecdsa(Hash),
    /// Ed25519 (RFC 8410).
    Ed25519,
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1(Hash),
    /// RSASSA-PSS; `salt` in octets.
    RsaPss {
        /// The digest of the message.
        hash: Hash,
        /// The digest of the mask; TLS and RFC 4055 want the same one.
        mask: Hash,
        /// Octets of salt; TLS wants as many as the digest has.
        salt: u8,
    },
}

impl SignatureAlgorithm {
    /// The AlgorithmIdentifier. MD5 and SHA-224 exist for RSA or ECDSA only where a standard gave them a number; the
    /// others borrow SHA-1's, since nobody could name them.
    #[must_use]
    pub fn identifier(self) -> Vec<u8> {
        match self {
            Self::Ecdsa(hash) => der::sequence(&[&der::oid(match hash {
                Hash::Md5 | Hash::Sha1 => oid::ECDSA_WITH_SHA1,
                Hash::Sha224 => oid::ECDSA_WITH_SHA224,
                Hash::Sha256 => oid::ECDSA_WITH_SHA256,
                Hash::Sha384 => oid::ECDSA_WITH_SHA384,
                Hash::Sha512 => oid::ECDSA_WITH_SHA512,
            })]),
            Self::Ed25519 => der::sequence(&[&der::oid(oid::ED25519)]),
            Self::RsaPkcs1(hash) => der::sequence(&[
                &der::oid(match hash {
                    Hash::Md5 => oid::MD5_WITH_RSA,
                    Hash::Sha1 | Hash::Sha224 => oid::SHA1_WITH_RSA,
                    Hash::Sha256 => oid::SHA256_WITH_RSA,
                    Hash::Sha384 => oid::SHA384_WITH_RSA,
                    Hash::Sha512 => oid::SHA512_WITH_RSA,
                }),
                &der::null(),
            ]),
            Self::RsaPss { hash, mask, salt } => {
                let mask = der::sequence(&[&der::oid(oid::MGF1), &mask.identifier()]);
                let parameters = der::sequence(&[
                    &der::context(0, &hash.identifier()),
                    &der::context(1, &mask),
                    &der::context(2, &der::small(u64::from(salt))),
                ]);
                der::sequence(&[&der::oid(oid::RSA_PSS), &parameters])
            }
        }
    }

    /// The same kind of signature over another digest; Ed25519 has no choice and stays.
    #[must_use]
    pub fn over(self, hash: Hash) -> Self {
        match self {
            Self::Ecdsa(_) => Self::Ecdsa(hash),
            Self::Ed25519 => Self::Ed25519,
            Self::RsaPkcs1(_) => Self::RsaPkcs1(hash),
            Self::RsaPss { mask, salt, .. } => Self::RsaPss { hash, mask, salt },
        }
    }

    /// What a TLS SignatureScheme number asks for (RFC 8446 4.2.3, RFC 5246 7.4.1.4.1).
    #[must_use]
    pub fn from_tls(scheme: u16) -> Option<Self> {
        let hash = match scheme >> 8 {
            1 => Hash::Md5,
            2 => Hash::Sha1,
            3 => Hash::Sha224,
            4 => Hash::Sha256,
            5 => Hash::Sha384,
            6 => Hash::Sha512,
            8 => {
                let hash = match scheme & 0xff {
                    0x04 | 0x09 => Hash::Sha256,
                    0x05 | 0x0a => Hash::Sha384,
                    0x06 | 0x0b => Hash::Sha512,
                    0x07 => return Some(Self::Ed25519),
                    _ => return None,
                };
                return Some(Self::RsaPss {
                    hash,
                    mask: hash,
                    salt: u8::try_from(hash.size()).ok()?,
                });
            }
            _ => return None,
        };
        match scheme & 0xff {
            1 => Some(Self::RsaPkcs1(hash)),
            3 => Some(Self::Ecdsa(hash)),
            _ => None,
        }
    }
}
