//! The code points that a ClientHello can offer: cipher suites with their weaknesses, groups, signature schemes.
//!
//! Source: the IANA registries "TLS Cipher Suites", "TLS Supported Groups" and "TLS SignatureScheme". A weakness follows
//! from a suite's registered name, so that a row is a number and a name and nothing that could contradict them. Next:
//! [`crate::tls::hello`].

mod registry;

pub use registry::SUITES;

/// A cipher suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suite {
    /// The IANA code point.
    pub code: u16,
    /// The IANA name.
    pub name: &'static str,
}

/// What can be said about a suite; the catalogue's names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// Authenticated encryption.
    Aead,
    /// Nobody is authenticated.
    Anonymous,
    /// CBC mode with HMAC-SHA1 or HMAC-MD5.
    CbcSha1,
    /// Single DES.
    Des,
    /// Key lengths of the export rules of the 1990s.
    Export,
    /// A fresh key exchange each time.
    ForwardSecret,
    /// IDEA.
    Idea,
    /// No encryption.
    Null,
    /// RC2 (export suites).
    Rc2,
    /// RC4 (forbidden by RFC 7465).
    Rc4,
    /// SEED.
    Seed,
    /// Fixed (EC)DH keys from the certificate.
    StaticDh,
    /// RSA key transport.
    StaticRsa,
    /// Triple DES.
    TripleDes,
}

/// Every class, in order, with the word that data files use.
pub const CLASSES: &[(Class, &str)] = &[
    (Class::Aead, "aead"),
    (Class::Anonymous, "anonymous"),
    (Class::CbcSha1, "cbc-sha1"),
    (Class::Des, "des"),
    (Class::Export, "export"),
    (Class::ForwardSecret, "forward-secret"),
    (Class::Idea, "idea"),
    (Class::Null, "null"),
    (Class::Rc2, "rc2"),
    (Class::Rc4, "rc4"),
    (Class::Seed, "seed"),
    (Class::StaticDh, "static-dh"),
    (Class::StaticRsa, "static-rsa"),
    (Class::TripleDes, "3des"),
];

impl Suite {
    /// Whether the suite is of `class`.
    #[must_use]
    pub fn is(&self, class: Class) -> bool {
        let has = |part: &str| self.name.contains(part);
        let tls13 = self.code >> 8 == 0x13;
        match class {
            Class::Aead => has("_GCM") || has("_CCM") || has("POLY1305") || tls13,
            Class::Anonymous => has("_anon_"),
            Class::CbcSha1 => {
                (has("_CBC_") || has("_CBC40_")) && (self.name.ends_with("_SHA") || has("_MD5"))
            }
            Class::Des => has("_DES_CBC_") || has("_DES40_"),
            Class::Export => has("_EXPORT"),
            Class::ForwardSecret => tls13 || has("_DHE_") || has("_ECDHE_") || has("DH_anon_"),
            Class::Idea => has("_IDEA_"),
            Class::Null => has("_WITH_NULL_"),
            Class::Rc2 => has("_RC2_"),
            Class::Rc4 => has("_RC4_"),
            Class::Seed => has("_SEED_"),
            Class::StaticDh => {
                (self.name.starts_with("TLS_DH_") || self.name.starts_with("TLS_ECDH_")) && !has("_anon_")
            }
            Class::StaticRsa => self.name.starts_with("TLS_RSA_") && !tls13,
            Class::TripleDes => has("_3DES_"),
        }
    }
}

/// The suite with this code point.
#[must_use]
pub fn suite(code: u16) -> Option<&'static Suite> {
    SUITES
        .binary_search_by_key(&code, |suite| suite.code)
        .ok()
        .and_then(|at| SUITES.get(at))
}

/// The suite with this IANA name.
#[must_use]
pub fn suite_named(name: &str) -> Option<&'static Suite> {
    SUITES.iter().find(|suite| suite.name == name)
}

/// All suites of `class`, by code point.
pub fn suites_of(class: Class) -> impl Iterator<Item = &'static Suite> {
    SUITES.iter().filter(move |suite| suite.is(class))
}

/// The code point of the group named `name`.
#[must_use]
pub fn group_named(name: &str) -> Option<u16> {
    GROUPS.iter().find(|(_, own)| *own == name).map(|(code, _)| *code)
}

/// The code point of the signature scheme named `name`.
#[must_use]
pub fn scheme_named(name: &str) -> Option<u16> {
    SCHEMES
        .iter()
        .find(|(_, own)| *own == name)
        .map(|(code, _)| *code)
}

/// Groups, by code point, with their IANA names.
pub const GROUPS: &[(u16, &str)] = &[
    (1, "sect163k1"),
    (3, "sect163r2"),
    (6, "sect233k1"),
    (7, "sect233r1"),
    (9, "sect283k1"),
    (10, "sect283r1"),
    (15, "secp160k1"),
    (16, "secp160r1"),
    (17, "secp160r2"),
    (18, "secp192k1"),
    (19, "secp192r1"),
    (20, "secp224k1"),
    (21, "secp224r1"),
    (22, "secp256k1"),
    (23, "secp256r1"),
    (24, "secp384r1"),
    (25, "secp521r1"),
    (26, "brainpoolP256r1"),
    (27, "brainpoolP384r1"),
    (28, "brainpoolP512r1"),
    (29, "x25519"),
    (30, "x448"),
    (256, "ffdhe2048"),
    (257, "ffdhe3072"),
    (258, "ffdhe4096"),
    (259, "ffdhe6144"),
    (260, "ffdhe8192"),
    (4587, "SecP256r1MLKEM768"),
    (4588, "X25519MLKEM768"),
];

/// Signature schemes, by code point, with their IANA names; before TLS 1.3 the high byte is the hash.
pub const SCHEMES: &[(u16, &str)] = &[
    (0x0101, "rsa_pkcs1_md5"),
    (0x0103, "ecdsa_md5"),
    (0x0201, "rsa_pkcs1_sha1"),
    (0x0202, "dsa_sha1"),
    (0x0203, "ecdsa_sha1"),
    (0x0301, "rsa_pkcs1_sha224"),
    (0x0303, "ecdsa_sha224"),
    (0x0401, "rsa_pkcs1_sha256"),
    (0x0402, "dsa_sha256"),
    (0x0403, "ecdsa_secp256r1_sha256"),
    (0x0501, "rsa_pkcs1_sha384"),
    (0x0503, "ecdsa_secp384r1_sha384"),
    (0x0601, "rsa_pkcs1_sha512"),
    (0x0603, "ecdsa_secp521r1_sha512"),
    (0x0804, "rsa_pss_rsae_sha256"),
    (0x0805, "rsa_pss_rsae_sha384"),
    (0x0806, "rsa_pss_rsae_sha512"),
    (0x0807, "ed25519"),
    (0x0808, "ed448"),
    (0x0809, "rsa_pss_pss_sha256"),
    (0x080a, "rsa_pss_pss_sha384"),
    (0x080b, "rsa_pss_pss_sha512"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_unique() {
        assert!(SUITES.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(GROUPS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(SCHEMES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(CLASSES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let mut names: Vec<_> = SUITES.iter().map(|suite| suite.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SUITES.len());
    }

    #[test]
    fn every_class_has_a_suite() {
        for (class, word) in CLASSES {
            assert!(suites_of(*class).next().is_some(), "{word}");
        }
    }

    #[test]
    fn weaknesses_follow_from_names() {
        let classes = |code| {
            let suite = suite(code).unwrap();
            CLASSES
                .iter()
                .filter(|(class, _)| suite.is(*class))
                .map(|(_, word)| *word)
                .collect::<Vec<_>>()
        };
        assert_eq!(classes(0x0001), ["null", "static-rsa"]);
        assert_eq!(classes(0x0005), ["rc4", "static-rsa"]);
        assert_eq!(classes(0x000a), ["cbc-sha1", "static-rsa", "3des"]);
        assert_eq!(classes(0x0018), ["anonymous", "forward-secret", "rc4"]);
        assert_eq!(classes(0x1301), ["aead", "forward-secret"]);
        assert_eq!(classes(0xc004), ["cbc-sha1", "static-dh"]);
        assert_eq!(classes(0xc02f), ["aead", "forward-secret"]);
    }
}
