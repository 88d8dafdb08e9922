//! The honest credentials beside the plain one: other keys, other issuers. They are the twins of the faults that need
//! another key or issuer, and tell what a deployment accepts at all.

use crate::authority::Role;
use crate::key::KeyAlgorithm;

/// A way to be honest.
#[derive(Clone, Copy, Debug)]
pub struct Honest {
    /// What follows the user's name: `alice-<suffix>`.
    pub suffix: &'static str,
    /// What is different from the plain credential.
    pub title: &'static str,
    /// The kind of key.
    pub key: KeyAlgorithm,
    /// Who issues it.
    pub issuer: Role,
}

const fn row(suffix: &'static str, title: &'static str, key: KeyAlgorithm, issuer: Role) -> Honest {
    Honest {
        suffix,
        title,
        key,
        issuer,
    }
}

/// The suffix whose serial number is that of the revoked credential, under another issuer.
pub const SAME_SERIAL: &str = "same-serial";

/// All of them, sorted by suffix.
pub static HONEST: &[Honest] = &[
    row("ed25519", "an Ed25519 key", KeyAlgorithm::Ed25519, Role::Issuing),
    row("p384", "a P-384 key", KeyAlgorithm::P384, Role::Issuing),
    row("p521", "a P-521 key", KeyAlgorithm::P521, Role::Issuing),
    row(
        "reissued",
        "another serial number and key, as after a renewal",
        KeyAlgorithm::P256,
        Role::Issuing,
    ),
    row(
        "rsa2048",
        "a 2048-bit RSA key",
        KeyAlgorithm::Rsa(2048),
        Role::Issuing,
    ),
    row(
        "rsa3072",
        "a 3072-bit RSA key",
        KeyAlgorithm::Rsa(3072),
        Role::Issuing,
    ),
    row(
        "rsa4096",
        "a 4096-bit RSA key",
        KeyAlgorithm::Rsa(4096),
        Role::Issuing,
    ),
    row(
        SAME_SERIAL,
        "the partner's, with the serial number that the issuing CA revoked",
        KeyAlgorithm::P256,
        Role::Partner,
    ),
    row(
        "via-deep",
        "a chain with two intermediates",
        KeyAlgorithm::P256,
        Role::Deep,
    ),
    row(
        "via-partner",
        "issued by the other trusted root",
        KeyAlgorithm::P256,
        Role::Partner,
    ),
    row(
        "via-rsa",
        "issued by an intermediate with an RSA key",
        KeyAlgorithm::P256,
        Role::IssuingRsa,
    ),
    row(
        "via-sibling",
        "issued by the sibling of the revoked intermediate",
        KeyAlgorithm::P256,
        Role::Sibling,
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_unique() {
        assert!(HONEST.is_sorted_by(|one, two| one.suffix < two.suffix));
    }
}
