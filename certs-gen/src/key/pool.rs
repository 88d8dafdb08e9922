//! The committed key pool. RSA keys are slow to make and cannot be derived reproducibly across versions of a library,
//! so a few stand in the repository. They are public: whoever trusts them trusts everybody.

/// A key of the pool under `keys/`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PoolKey {
    /// P-224, for a curve below every minimum.
    P224,
    /// RSA of 512 bits: factored on one machine in hours.
    Rsa512,
    /// RSA of 1024 bits: disallowed by NIST SP 800-131A since 2014.
    Rsa1024,
    /// RSA of 2048 bits, the first of four.
    Rsa2048A,
    /// RSA of 2048 bits, the second of four.
    Rsa2048B,
    /// RSA of 2048 bits, the third of four: the RSA issuing authority's.
    Rsa2048C,
    /// RSA of 2048 bits, the fourth of four: servers'.
    Rsa2048D,
    /// RSA of 3072 bits.
    Rsa3072,
    /// RSA of 4096 bits.
    Rsa4096,
    /// RSA with e = 3.
    RsaE3,
    /// RSA with e = 1, on the modulus of [`Self::Rsa2048A`]: a signature is the padded message itself, anyone can make
    /// one.
    RsaE1,
}

impl PoolKey {
    pub(super) fn pem(self) -> &'static str {
        match self {
            Self::P224 => include_str!("../../keys/p224.pem"),
            Self::Rsa512 => include_str!("../../keys/rsa512.pem"),
            Self::Rsa1024 => include_str!("../../keys/rsa1024.pem"),
            Self::Rsa2048A | Self::RsaE1 => include_str!("../../keys/rsa2048-a.pem"),
            Self::Rsa2048B => include_str!("../../keys/rsa2048-b.pem"),
            Self::Rsa2048C => include_str!("../../keys/rsa2048-c.pem"),
            Self::Rsa2048D => include_str!("../../keys/rsa2048-d.pem"),
            Self::Rsa3072 => include_str!("../../keys/rsa3072.pem"),
            Self::Rsa4096 => include_str!("../../keys/rsa4096.pem"),
            Self::RsaE3 => include_str!("../../keys/rsa2048-e3.pem"),
        }
    }

    /// A leaf's key of this many bits; `choice` picks among several. The authorities' own are not among them.
    pub(super) fn of_size(bits: u16, choice: u8) -> Option<Self> {
        match bits {
            512 => Some(Self::Rsa512),
            1024 => Some(Self::Rsa1024),
            2048 if choice.is_multiple_of(2) => Some(Self::Rsa2048A),
            2048 => Some(Self::Rsa2048B),
            3072 => Some(Self::Rsa3072),
            4096 => Some(Self::Rsa4096),
            _ => None,
        }
    }
}
