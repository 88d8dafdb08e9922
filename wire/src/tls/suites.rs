//! The code points that a ClientHello can offer: cipher suites with their weaknesses, groups, signature schemes.
//!
//! Source: the IANA registries "TLS Cipher Suites", "TLS Supported Groups" and "TLS SignatureScheme". A weakness follows
//! from a suite's registered name, so that a row is a number and a name and nothing that could contradict them. Next:
//! [`crate::tls::hello`].

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

/// Cipher suites, by code point. The signalling values of RFC 5746 and RFC 7507 are no suites and are not here.
#[rustfmt::skip]
pub const SUITES: &[Suite] = &[
    Suite { code: 0x0000, name: "TLS_NULL_WITH_NULL_NULL" },
    Suite { code: 0x0001, name: "TLS_RSA_WITH_NULL_MD5" },
    Suite { code: 0x0002, name: "TLS_RSA_WITH_NULL_SHA" },
    Suite { code: 0x0003, name: "TLS_RSA_EXPORT_WITH_RC4_40_MD5" },
    Suite { code: 0x0004, name: "TLS_RSA_WITH_RC4_128_MD5" },
    Suite { code: 0x0005, name: "TLS_RSA_WITH_RC4_128_SHA" },
    Suite { code: 0x0006, name: "TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5" },
    Suite { code: 0x0007, name: "TLS_RSA_WITH_IDEA_CBC_SHA" },
    Suite { code: 0x0008, name: "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA" },
    Suite { code: 0x0009, name: "TLS_RSA_WITH_DES_CBC_SHA" },
    Suite { code: 0x000a, name: "TLS_RSA_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0x000b, name: "TLS_DH_DSS_EXPORT_WITH_DES40_CBC_SHA" },
    Suite { code: 0x000c, name: "TLS_DH_DSS_WITH_DES_CBC_SHA" },
    Suite { code: 0x000d, name: "TLS_DH_DSS_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0x000e, name: "TLS_DH_RSA_EXPORT_WITH_DES40_CBC_SHA" },
    Suite { code: 0x000f, name: "TLS_DH_RSA_WITH_DES_CBC_SHA" },
    Suite { code: 0x0010, name: "TLS_DH_RSA_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0x0011, name: "TLS_DHE_DSS_EXPORT_WITH_DES40_CBC_SHA" },
    Suite { code: 0x0012, name: "TLS_DHE_DSS_WITH_DES_CBC_SHA" },
    Suite { code: 0x0013, name: "TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0x0014, name: "TLS_DHE_RSA_EXPORT_WITH_DES40_CBC_SHA" },
    Suite { code: 0x0015, name: "TLS_DHE_RSA_WITH_DES_CBC_SHA" },
    Suite { code: 0x0016, name: "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0x0017, name: "TLS_DH_anon_EXPORT_WITH_RC4_40_MD5" },
    Suite { code: 0x0018, name: "TLS_DH_anon_WITH_RC4_128_MD5" },
    Suite { code: 0x0019, name: "TLS_DH_anon_EXPORT_WITH_DES40_CBC_SHA" },
    Suite { code: 0x001a, name: "TLS_DH_anon_WITH_DES_CBC_SHA" },
    Suite { code: 0x001b, name: "TLS_DH_anon_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0x001c, name: "SSL_FORTEZZA_KEA_WITH_NULL_SHA" },
    Suite { code: 0x001d, name: "SSL_FORTEZZA_KEA_WITH_FORTEZZA_CBC_SHA" },
    Suite { code: 0x001e, name: "TLS_KRB5_WITH_DES_CBC_SHA_or_SSL_FORTEZZA_KEA_WITH_RC4_128_SHA" },
    Suite { code: 0x001f, name: "TLS_KRB5_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0x0020, name: "TLS_KRB5_WITH_RC4_128_SHA" },
    Suite { code: 0x0021, name: "TLS_KRB5_WITH_IDEA_CBC_SHA" },
    Suite { code: 0x0022, name: "TLS_KRB5_WITH_DES_CBC_MD5" },
    Suite { code: 0x0023, name: "TLS_KRB5_WITH_3DES_EDE_CBC_MD5" },
    Suite { code: 0x0024, name: "TLS_KRB5_WITH_RC4_128_MD5" },
    Suite { code: 0x0025, name: "TLS_KRB5_WITH_IDEA_CBC_MD5" },
    Suite { code: 0x0026, name: "TLS_KRB5_EXPORT_WITH_DES_CBC_40_SHA" },
    Suite { code: 0x0027, name: "TLS_KRB5_EXPORT_WITH_RC2_CBC_40_SHA" },
    Suite { code: 0x0028, name: "TLS_KRB5_EXPORT_WITH_RC4_40_SHA" },
    Suite { code: 0x0029, name: "TLS_KRB5_EXPORT_WITH_DES_CBC_40_MD5" },
    Suite { code: 0x002a, name: "TLS_KRB5_EXPORT_WITH_RC2_CBC_40_MD5" },
    Suite { code: 0x002b, name: "TLS_KRB5_EXPORT_WITH_RC4_40_MD5" },
    Suite { code: 0x002c, name: "TLS_PSK_WITH_NULL_SHA" },
    Suite { code: 0x002d, name: "TLS_DHE_PSK_WITH_NULL_SHA" },
    Suite { code: 0x002e, name: "TLS_RSA_PSK_WITH_NULL_SHA" },
    Suite { code: 0x002f, name: "TLS_RSA_WITH_AES_128_CBC_SHA" },
    Suite { code: 0x0030, name: "TLS_DH_DSS_WITH_AES_128_CBC_SHA" },
    Suite { code: 0x0031, name: "TLS_DH_RSA_WITH_AES_128_CBC_SHA" },
    Suite { code: 0x0032, name: "TLS_DHE_DSS_WITH_AES_128_CBC_SHA" },
    Suite { code: 0x0033, name: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA" },
    Suite { code: 0x0034, name: "TLS_DH_anon_WITH_AES_128_CBC_SHA" },
    Suite { code: 0x0035, name: "TLS_RSA_WITH_AES_256_CBC_SHA" },
    Suite { code: 0x0036, name: "TLS_DH_DSS_WITH_AES_256_CBC_SHA" },
    Suite { code: 0x0037, name: "TLS_DH_RSA_WITH_AES_256_CBC_SHA" },
    Suite { code: 0x0038, name: "TLS_DHE_DSS_WITH_AES_256_CBC_SHA" },
    Suite { code: 0x0039, name: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA" },
    Suite { code: 0x003a, name: "TLS_DH_anon_WITH_AES_256_CBC_SHA" },
    Suite { code: 0x003b, name: "TLS_RSA_WITH_NULL_SHA256" },
    Suite { code: 0x003c, name: "TLS_RSA_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0x003d, name: "TLS_RSA_WITH_AES_256_CBC_SHA256" },
    Suite { code: 0x003e, name: "TLS_DH_DSS_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0x003f, name: "TLS_DH_RSA_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0x0040, name: "TLS_DHE_DSS_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0x0041, name: "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA" },
    Suite { code: 0x0042, name: "TLS_DH_DSS_WITH_CAMELLIA_128_CBC_SHA" },
    Suite { code: 0x0043, name: "TLS_DH_RSA_WITH_CAMELLIA_128_CBC_SHA" },
    Suite { code: 0x0044, name: "TLS_DHE_DSS_WITH_CAMELLIA_128_CBC_SHA" },
    Suite { code: 0x0045, name: "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA" },
    Suite { code: 0x0046, name: "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA" },
    Suite { code: 0x0047, name: "TLS_ECDH_ECDSA_WITH_NULL_SHA_draft" },
    Suite { code: 0x0048, name: "TLS_ECDH_ECDSA_WITH_RC4_128_SHA_draft" },
    Suite { code: 0x0049, name: "TLS_ECDH_ECDSA_WITH_DES_CBC_SHA_draft" },
    Suite { code: 0x004a, name: "TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA_draft" },
    Suite { code: 0x004b, name: "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA_draft" },
    Suite { code: 0x004c, name: "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA_draft" },
    Suite { code: 0x004d, name: "TLS_ECDH_ECNRA_WITH_DES_CBC_SHA_draft" },
    Suite { code: 0x004e, name: "TLS_ECDH_ECNRA_WITH_3DES_EDE_CBC_SHA_draft" },
    Suite { code: 0x004f, name: "TLS_ECMQV_ECDSA_NULL_SHA_draft" },
    Suite { code: 0x0050, name: "TLS_ECMQV_ECDSA_WITH_RC4_128_SHA_draft" },
    Suite { code: 0x0051, name: "TLS_ECMQV_ECDSA_WITH_DES_CBC_SHA_draft" },
    Suite { code: 0x0052, name: "TLS_ECMQV_ECDSA_WITH_3DES_EDE_CBC_SHA_draft" },
    Suite { code: 0x0053, name: "TLS_ECMQV_ECNRA_NULL_SHA_draft" },
    Suite { code: 0x0054, name: "TLS_ECMQV_ECNRA_WITH_RC4_128_SHA_draft" },
    Suite { code: 0x0055, name: "TLS_ECMQV_ECNRA_WITH_DES_CBC_SHA_draft" },
    Suite { code: 0x0056, name: "TLS_ECMQV_ECNRA_WITH_3DES_EDE_CBC_SHA_draft" },
    Suite { code: 0x0057, name: "TLS_ECDH_anon_NULL_WITH_SHA_draft" },
    Suite { code: 0x0058, name: "TLS_ECDH_anon_WITH_RC4_128_SHA_draft" },
    Suite { code: 0x0059, name: "TLS_ECDH_anon_WITH_DES_CBC_SHA_draft" },
    Suite { code: 0x005a, name: "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA_draft" },
    Suite { code: 0x005b, name: "TLS_ECDH_anon_EXPORT_WITH_DES40_CBC_SHA_draft" },
    Suite { code: 0x005c, name: "TLS_ECDH_anon_EXPORT_WITH_RC4_40_SHA_draft" },
    Suite { code: 0x0060, name: "TLS_RSA_EXPORT1024_WITH_RC4_56_MD5" },
    Suite { code: 0x0061, name: "TLS_RSA_EXPORT1024_WITH_RC2_CBC_56_MD5" },
    Suite { code: 0x0062, name: "TLS_RSA_EXPORT1024_WITH_DES_CBC_SHA" },
    Suite { code: 0x0063, name: "TLS_DHE_DSS_EXPORT1024_WITH_DES_CBC_SHA" },
    Suite { code: 0x0064, name: "TLS_RSA_EXPORT1024_WITH_RC4_56_SHA" },
    Suite { code: 0x0065, name: "TLS_DHE_DSS_EXPORT1024_WITH_RC4_56_SHA" },
    Suite { code: 0x0066, name: "TLS_DHE_DSS_WITH_RC4_128_SHA" },
    Suite { code: 0x0067, name: "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0x0068, name: "TLS_DH_DSS_WITH_AES_256_CBC_SHA256" },
    Suite { code: 0x0069, name: "TLS_DH_RSA_WITH_AES_256_CBC_SHA256" },
    Suite { code: 0x006a, name: "TLS_DHE_DSS_WITH_AES_256_CBC_SHA256" },
    Suite { code: 0x006b, name: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256" },
    Suite { code: 0x006c, name: "TLS_DH_anon_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0x006d, name: "TLS_DH_anon_WITH_AES_256_CBC_SHA256" },
    Suite { code: 0x0072, name: "TLS_DHE_DSS_WITH_3DES_EDE_CBC_RMD" },
    Suite { code: 0x0073, name: "TLS_DHE_DSS_WITH_AES_128_CBC_RMD" },
    Suite { code: 0x0074, name: "TLS_DHE_DSS_WITH_AES_256_CBC_RMD" },
    Suite { code: 0x0077, name: "TLS_DHE_RSA_WITH_3DES_EDE_CBC_RMD" },
    Suite { code: 0x0078, name: "TLS_DHE_RSA_WITH_AES_128_CBC_RMD" },
    Suite { code: 0x0079, name: "TLS_DHE_RSA_WITH_AES_256_CBC_RMD" },
    Suite { code: 0x007c, name: "TLS_RSA_WITH_3DES_EDE_CBC_RMD" },
    Suite { code: 0x007d, name: "TLS_RSA_WITH_AES_128_CBC_RMD" },
    Suite { code: 0x007e, name: "TLS_RSA_WITH_AES_256_CBC_RMD" },
    Suite { code: 0x0080, name: "TLS_GOSTR341094_WITH_28147_CNT_IMIT" },
    Suite { code: 0x0081, name: "TLS_GOSTR341001_WITH_28147_CNT_IMIT" },
    Suite { code: 0x0082, name: "TLS_GOSTR341094_WITH_NULL_GOSTR3411" },
    Suite { code: 0x0083, name: "TLS_GOSTR341001_WITH_NULL_GOSTR3411" },
    Suite { code: 0x0084, name: "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA" },
    Suite { code: 0x0085, name: "TLS_DH_DSS_WITH_CAMELLIA_256_CBC_SHA" },
    Suite { code: 0x0086, name: "TLS_DH_RSA_WITH_CAMELLIA_256_CBC_SHA" },
    Suite { code: 0x0087, name: "TLS_DHE_DSS_WITH_CAMELLIA_256_CBC_SHA" },
    Suite { code: 0x0088, name: "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA" },
    Suite { code: 0x0089, name: "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA" },
    Suite { code: 0x008a, name: "TLS_PSK_WITH_RC4_128_SHA" },
    Suite { code: 0x008b, name: "TLS_PSK_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0x008c, name: "TLS_PSK_WITH_AES_128_CBC_SHA" },
    Suite { code: 0x008d, name: "TLS_PSK_WITH_AES_256_CBC_SHA" },
    Suite { code: 0x008e, name: "TLS_DHE_PSK_WITH_RC4_128_SHA" },
    Suite { code: 0x008f, name: "TLS_DHE_PSK_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0x0090, name: "TLS_DHE_PSK_WITH_AES_128_CBC_SHA" },
    Suite { code: 0x0091, name: "TLS_DHE_PSK_WITH_AES_256_CBC_SHA" },
    Suite { code: 0x0092, name: "TLS_RSA_PSK_WITH_RC4_128_SHA" },
    Suite { code: 0x0093, name: "TLS_RSA_PSK_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0x0094, name: "TLS_RSA_PSK_WITH_AES_128_CBC_SHA" },
    Suite { code: 0x0095, name: "TLS_RSA_PSK_WITH_AES_256_CBC_SHA" },
    Suite { code: 0x0096, name: "TLS_RSA_WITH_SEED_CBC_SHA" },
    Suite { code: 0x0097, name: "TLS_DH_DSS_WITH_SEED_CBC_SHA" },
    Suite { code: 0x0098, name: "TLS_DH_RSA_WITH_SEED_CBC_SHA" },
    Suite { code: 0x0099, name: "TLS_DHE_DSS_WITH_SEED_CBC_SHA" },
    Suite { code: 0x009a, name: "TLS_DHE_RSA_WITH_SEED_CBC_SHA" },
    Suite { code: 0x009b, name: "TLS_DH_anon_WITH_SEED_CBC_SHA" },
    Suite { code: 0x009c, name: "TLS_RSA_WITH_AES_128_GCM_SHA256" },
    Suite { code: 0x009d, name: "TLS_RSA_WITH_AES_256_GCM_SHA384" },
    Suite { code: 0x009e, name: "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256" },
    Suite { code: 0x009f, name: "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384" },
    Suite { code: 0x00a0, name: "TLS_DH_RSA_WITH_AES_128_GCM_SHA256" },
    Suite { code: 0x00a1, name: "TLS_DH_RSA_WITH_AES_256_GCM_SHA384" },
    Suite { code: 0x00a2, name: "TLS_DHE_DSS_WITH_AES_128_GCM_SHA256" },
    Suite { code: 0x00a3, name: "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384" },
    Suite { code: 0x00a4, name: "TLS_DH_DSS_WITH_AES_128_GCM_SHA256" },
    Suite { code: 0x00a5, name: "TLS_DH_DSS_WITH_AES_256_GCM_SHA384" },
    Suite { code: 0x00a6, name: "TLS_DH_anon_WITH_AES_128_GCM_SHA256" },
    Suite { code: 0x00a7, name: "TLS_DH_anon_WITH_AES_256_GCM_SHA384" },
    Suite { code: 0x00a8, name: "TLS_PSK_WITH_AES_128_GCM_SHA256" },
    Suite { code: 0x00a9, name: "TLS_PSK_WITH_AES_256_GCM_SHA384" },
    Suite { code: 0x00aa, name: "TLS_DHE_PSK_WITH_AES_128_GCM_SHA256" },
    Suite { code: 0x00ab, name: "TLS_DHE_PSK_WITH_AES_256_GCM_SHA384" },
    Suite { code: 0x00ac, name: "TLS_RSA_PSK_WITH_AES_128_GCM_SHA256" },
    Suite { code: 0x00ad, name: "TLS_RSA_PSK_WITH_AES_256_GCM_SHA384" },
    Suite { code: 0x00ae, name: "TLS_PSK_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0x00af, name: "TLS_PSK_WITH_AES_256_CBC_SHA384" },
    Suite { code: 0x00b0, name: "TLS_PSK_WITH_NULL_SHA256" },
    Suite { code: 0x00b1, name: "TLS_PSK_WITH_NULL_SHA384" },
    Suite { code: 0x00b2, name: "TLS_DHE_PSK_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0x00b3, name: "TLS_DHE_PSK_WITH_AES_256_CBC_SHA384" },
    Suite { code: 0x00b4, name: "TLS_DHE_PSK_WITH_NULL_SHA256" },
    Suite { code: 0x00b5, name: "TLS_DHE_PSK_WITH_NULL_SHA384" },
    Suite { code: 0x00b6, name: "TLS_RSA_PSK_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0x00b7, name: "TLS_RSA_PSK_WITH_AES_256_CBC_SHA384" },
    Suite { code: 0x00b8, name: "TLS_RSA_PSK_WITH_NULL_SHA256" },
    Suite { code: 0x00b9, name: "TLS_RSA_PSK_WITH_NULL_SHA384" },
    Suite { code: 0x00ba, name: "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0x00bb, name: "TLS_DH_DSS_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0x00bc, name: "TLS_DH_RSA_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0x00bd, name: "TLS_DHE_DSS_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0x00be, name: "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0x00bf, name: "TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0x00c0, name: "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA256" },
    Suite { code: 0x00c1, name: "TLS_DH_DSS_WITH_CAMELLIA_256_CBC_SHA256" },
    Suite { code: 0x00c2, name: "TLS_DH_RSA_WITH_CAMELLIA_256_CBC_SHA256" },
    Suite { code: 0x00c3, name: "TLS_DHE_DSS_WITH_CAMELLIA_256_CBC_SHA256" },
    Suite { code: 0x00c4, name: "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA256" },
    Suite { code: 0x00c5, name: "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256" },
    Suite { code: 0x1301, name: "TLS_AES_128_GCM_SHA256" },
    Suite { code: 0x1302, name: "TLS_AES_256_GCM_SHA384" },
    Suite { code: 0x1303, name: "TLS_CHACHA20_POLY1305_SHA256" },
    Suite { code: 0x1304, name: "TLS_AES_128_CCM_SHA256" },
    Suite { code: 0x1305, name: "TLS_AES_128_CCM_8_SHA256" },
    Suite { code: 0xc001, name: "TLS_ECDH_ECDSA_WITH_NULL_SHA" },
    Suite { code: 0xc002, name: "TLS_ECDH_ECDSA_WITH_RC4_128_SHA" },
    Suite { code: 0xc003, name: "TLS_ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0xc004, name: "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA" },
    Suite { code: 0xc005, name: "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA" },
    Suite { code: 0xc006, name: "TLS_ECDHE_ECDSA_WITH_NULL_SHA" },
    Suite { code: 0xc007, name: "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA" },
    Suite { code: 0xc008, name: "TLS_ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0xc009, name: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA" },
    Suite { code: 0xc00a, name: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA" },
    Suite { code: 0xc00b, name: "TLS_ECDH_RSA_WITH_NULL_SHA" },
    Suite { code: 0xc00c, name: "TLS_ECDH_RSA_WITH_RC4_128_SHA" },
    Suite { code: 0xc00d, name: "TLS_ECDH_RSA_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0xc00e, name: "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA" },
    Suite { code: 0xc00f, name: "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA" },
    Suite { code: 0xc010, name: "TLS_ECDHE_RSA_WITH_NULL_SHA" },
    Suite { code: 0xc011, name: "TLS_ECDHE_RSA_WITH_RC4_128_SHA" },
    Suite { code: 0xc012, name: "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0xc013, name: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA" },
    Suite { code: 0xc014, name: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA" },
    Suite { code: 0xc015, name: "TLS_ECDH_anon_WITH_NULL_SHA" },
    Suite { code: 0xc016, name: "TLS_ECDH_anon_WITH_RC4_128_SHA" },
    Suite { code: 0xc017, name: "TLS_ECDH_anon_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0xc018, name: "TLS_ECDH_anon_WITH_AES_128_CBC_SHA" },
    Suite { code: 0xc019, name: "TLS_ECDH_anon_WITH_AES_256_CBC_SHA" },
    Suite { code: 0xc01a, name: "TLS_SRP_SHA_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0xc01b, name: "TLS_SRP_SHA_RSA_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0xc01c, name: "TLS_SRP_SHA_DSS_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0xc01d, name: "TLS_SRP_SHA_WITH_AES_128_CBC_SHA" },
    Suite { code: 0xc01e, name: "TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA" },
    Suite { code: 0xc01f, name: "TLS_SRP_SHA_DSS_WITH_AES_128_CBC_SHA" },
    Suite { code: 0xc020, name: "TLS_SRP_SHA_WITH_AES_256_CBC_SHA" },
    Suite { code: 0xc021, name: "TLS_SRP_SHA_RSA_WITH_AES_256_CBC_SHA" },
    Suite { code: 0xc022, name: "TLS_SRP_SHA_DSS_WITH_AES_256_CBC_SHA" },
    Suite { code: 0xc023, name: "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0xc024, name: "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384" },
    Suite { code: 0xc025, name: "TLS_ECDH_ECDSA_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0xc026, name: "TLS_ECDH_ECDSA_WITH_AES_256_CBC_SHA384" },
    Suite { code: 0xc027, name: "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0xc028, name: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384" },
    Suite { code: 0xc029, name: "TLS_ECDH_RSA_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0xc02a, name: "TLS_ECDH_RSA_WITH_AES_256_CBC_SHA384" },
    Suite { code: 0xc02b, name: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256" },
    Suite { code: 0xc02c, name: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
    Suite { code: 0xc02d, name: "TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256" },
    Suite { code: 0xc02e, name: "TLS_ECDH_ECDSA_WITH_AES_256_GCM_SHA384" },
    Suite { code: 0xc02f, name: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" },
    Suite { code: 0xc030, name: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384" },
    Suite { code: 0xc031, name: "TLS_ECDH_RSA_WITH_AES_128_GCM_SHA256" },
    Suite { code: 0xc032, name: "TLS_ECDH_RSA_WITH_AES_256_GCM_SHA384" },
    Suite { code: 0xc033, name: "TLS_ECDHE_PSK_WITH_RC4_128_SHA" },
    Suite { code: 0xc034, name: "TLS_ECDHE_PSK_WITH_3DES_EDE_CBC_SHA" },
    Suite { code: 0xc035, name: "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA" },
    Suite { code: 0xc036, name: "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA" },
    Suite { code: 0xc037, name: "TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256" },
    Suite { code: 0xc038, name: "TLS_ECDHE_PSK_WITH_AES_256_CBC_SHA384" },
    Suite { code: 0xc039, name: "TLS_ECDHE_PSK_WITH_NULL_SHA" },
    Suite { code: 0xc03a, name: "TLS_ECDHE_PSK_WITH_NULL_SHA256" },
    Suite { code: 0xc03b, name: "TLS_ECDHE_PSK_WITH_NULL_SHA384" },
    Suite { code: 0xc03c, name: "TLS_RSA_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc03d, name: "TLS_RSA_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc03e, name: "TLS_DH_DSS_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc03f, name: "TLS_DH_DSS_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc040, name: "TLS_DH_RSA_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc041, name: "TLS_DH_RSA_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc042, name: "TLS_DHE_DSS_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc043, name: "TLS_DHE_DSS_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc044, name: "TLS_DHE_RSA_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc045, name: "TLS_DHE_RSA_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc046, name: "TLS_DH_anon_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc047, name: "TLS_DH_anon_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc048, name: "TLS_ECDHE_ECDSA_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc049, name: "TLS_ECDHE_ECDSA_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc04a, name: "TLS_ECDH_ECDSA_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc04b, name: "TLS_ECDH_ECDSA_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc04c, name: "TLS_ECDHE_RSA_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc04d, name: "TLS_ECDHE_RSA_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc04e, name: "TLS_ECDH_RSA_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc04f, name: "TLS_ECDH_RSA_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc050, name: "TLS_RSA_WITH_ARIA_128_GCM_SHA256" },
    Suite { code: 0xc051, name: "TLS_RSA_WITH_ARIA_256_GCM_SHA384" },
    Suite { code: 0xc052, name: "TLS_DHE_RSA_WITH_ARIA_128_GCM_SHA256" },
    Suite { code: 0xc053, name: "TLS_DHE_RSA_WITH_ARIA_256_GCM_SHA384" },
    Suite { code: 0xc054, name: "TLS_DH_RSA_WITH_ARIA_128_GCM_SHA256" },
    Suite { code: 0xc055, name: "TLS_DH_RSA_WITH_ARIA_256_GCM_SHA384" },
    Suite { code: 0xc056, name: "TLS_DHE_DSS_WITH_ARIA_128_GCM_SHA256" },
    Suite { code: 0xc057, name: "TLS_DHE_DSS_WITH_ARIA_256_GCM_SHA384" },
    Suite { code: 0xc058, name: "TLS_DH_DSS_WITH_ARIA_128_GCM_SHA256" },
    Suite { code: 0xc059, name: "TLS_DH_DSS_WITH_ARIA_256_GCM_SHA384" },
    Suite { code: 0xc05a, name: "TLS_DH_anon_WITH_ARIA_128_GCM_SHA256" },
    Suite { code: 0xc05b, name: "TLS_DH_anon_WITH_ARIA_256_GCM_SHA384" },
    Suite { code: 0xc05c, name: "TLS_ECDHE_ECDSA_WITH_ARIA_128_GCM_SHA256" },
    Suite { code: 0xc05d, name: "TLS_ECDHE_ECDSA_WITH_ARIA_256_GCM_SHA384" },
    Suite { code: 0xc05e, name: "TLS_ECDH_ECDSA_WITH_ARIA_128_GCM_SHA256" },
    Suite { code: 0xc05f, name: "TLS_ECDH_ECDSA_WITH_ARIA_256_GCM_SHA384" },
    Suite { code: 0xc060, name: "TLS_ECDHE_RSA_WITH_ARIA_128_GCM_SHA256" },
    Suite { code: 0xc061, name: "TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384" },
    Suite { code: 0xc062, name: "TLS_ECDH_RSA_WITH_ARIA_128_GCM_SHA256" },
    Suite { code: 0xc063, name: "TLS_ECDH_RSA_WITH_ARIA_256_GCM_SHA384" },
    Suite { code: 0xc064, name: "TLS_PSK_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc065, name: "TLS_PSK_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc066, name: "TLS_DHE_PSK_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc067, name: "TLS_DHE_PSK_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc068, name: "TLS_RSA_PSK_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc069, name: "TLS_RSA_PSK_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc06a, name: "TLS_PSK_WITH_ARIA_128_GCM_SHA256" },
    Suite { code: 0xc06b, name: "TLS_PSK_WITH_ARIA_256_GCM_SHA384" },
    Suite { code: 0xc06c, name: "TLS_DHE_PSK_WITH_ARIA_128_GCM_SHA256" },
    Suite { code: 0xc06d, name: "TLS_DHE_PSK_WITH_ARIA_256_GCM_SHA384" },
    Suite { code: 0xc06e, name: "TLS_RSA_PSK_WITH_ARIA_128_GCM_SHA256" },
    Suite { code: 0xc06f, name: "TLS_RSA_PSK_WITH_ARIA_256_GCM_SHA384" },
    Suite { code: 0xc070, name: "TLS_ECDHE_PSK_WITH_ARIA_128_CBC_SHA256" },
    Suite { code: 0xc071, name: "TLS_ECDHE_PSK_WITH_ARIA_256_CBC_SHA384" },
    Suite { code: 0xc072, name: "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0xc073, name: "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384" },
    Suite { code: 0xc074, name: "TLS_ECDH_ECDSA_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0xc075, name: "TLS_ECDH_ECDSA_WITH_CAMELLIA_256_CBC_SHA384" },
    Suite { code: 0xc076, name: "TLS_ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0xc077, name: "TLS_ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384" },
    Suite { code: 0xc078, name: "TLS_ECDH_RSA_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0xc079, name: "TLS_ECDH_RSA_WITH_CAMELLIA_256_CBC_SHA384" },
    Suite { code: 0xc07a, name: "TLS_RSA_WITH_CAMELLIA_128_GCM_SHA256" },
    Suite { code: 0xc07b, name: "TLS_RSA_WITH_CAMELLIA_256_GCM_SHA384" },
    Suite { code: 0xc07c, name: "TLS_DHE_RSA_WITH_CAMELLIA_128_GCM_SHA256" },
    Suite { code: 0xc07d, name: "TLS_DHE_RSA_WITH_CAMELLIA_256_GCM_SHA384" },
    Suite { code: 0xc07e, name: "TLS_DH_RSA_WITH_CAMELLIA_128_GCM_SHA256" },
    Suite { code: 0xc07f, name: "TLS_DH_RSA_WITH_CAMELLIA_256_GCM_SHA384" },
    Suite { code: 0xc080, name: "TLS_DHE_DSS_WITH_CAMELLIA_128_GCM_SHA256" },
    Suite { code: 0xc081, name: "TLS_DHE_DSS_WITH_CAMELLIA_256_GCM_SHA384" },
    Suite { code: 0xc082, name: "TLS_DH_DSS_WITH_CAMELLIA_128_GCM_SHA256" },
    Suite { code: 0xc083, name: "TLS_DH_DSS_WITH_CAMELLIA_256_GCM_SHA384" },
    Suite { code: 0xc084, name: "TLS_DH_anon_WITH_CAMELLIA_128_GCM_SHA256" },
    Suite { code: 0xc085, name: "TLS_DH_anon_WITH_CAMELLIA_256_GCM_SHA384" },
    Suite { code: 0xc086, name: "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_GCM_SHA256" },
    Suite { code: 0xc087, name: "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_GCM_SHA384" },
    Suite { code: 0xc088, name: "TLS_ECDH_ECDSA_WITH_CAMELLIA_128_GCM_SHA256" },
    Suite { code: 0xc089, name: "TLS_ECDH_ECDSA_WITH_CAMELLIA_256_GCM_SHA384" },
    Suite { code: 0xc08a, name: "TLS_ECDHE_RSA_WITH_CAMELLIA_128_GCM_SHA256" },
    Suite { code: 0xc08b, name: "TLS_ECDHE_RSA_WITH_CAMELLIA_256_GCM_SHA384" },
    Suite { code: 0xc08c, name: "TLS_ECDH_RSA_WITH_CAMELLIA_128_GCM_SHA256" },
    Suite { code: 0xc08d, name: "TLS_ECDH_RSA_WITH_CAMELLIA_256_GCM_SHA384" },
    Suite { code: 0xc08e, name: "TLS_PSK_WITH_CAMELLIA_128_GCM_SHA256" },
    Suite { code: 0xc08f, name: "TLS_PSK_WITH_CAMELLIA_256_GCM_SHA384" },
    Suite { code: 0xc090, name: "TLS_DHE_PSK_WITH_CAMELLIA_128_GCM_SHA256" },
    Suite { code: 0xc091, name: "TLS_DHE_PSK_WITH_CAMELLIA_256_GCM_SHA384" },
    Suite { code: 0xc092, name: "TLS_RSA_PSK_WITH_CAMELLIA_128_GCM_SHA256" },
    Suite { code: 0xc093, name: "TLS_RSA_PSK_WITH_CAMELLIA_256_GCM_SHA384" },
    Suite { code: 0xc094, name: "TLS_PSK_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0xc095, name: "TLS_PSK_WITH_CAMELLIA_256_CBC_SHA384" },
    Suite { code: 0xc096, name: "TLS_DHE_PSK_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0xc097, name: "TLS_DHE_PSK_WITH_CAMELLIA_256_CBC_SHA384" },
    Suite { code: 0xc098, name: "TLS_RSA_PSK_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0xc099, name: "TLS_RSA_PSK_WITH_CAMELLIA_256_CBC_SHA384" },
    Suite { code: 0xc09a, name: "TLS_ECDHE_PSK_WITH_CAMELLIA_128_CBC_SHA256" },
    Suite { code: 0xc09b, name: "TLS_ECDHE_PSK_WITH_CAMELLIA_256_CBC_SHA384" },
    Suite { code: 0xc09c, name: "TLS_RSA_WITH_AES_128_CCM" },
    Suite { code: 0xc09d, name: "TLS_RSA_WITH_AES_256_CCM" },
    Suite { code: 0xc09e, name: "TLS_DHE_RSA_WITH_AES_128_CCM" },
    Suite { code: 0xc09f, name: "TLS_DHE_RSA_WITH_AES_256_CCM" },
    Suite { code: 0xc0a0, name: "TLS_RSA_WITH_AES_128_CCM_8" },
    Suite { code: 0xc0a1, name: "TLS_RSA_WITH_AES_256_CCM_8" },
    Suite { code: 0xc0a2, name: "TLS_DHE_RSA_WITH_AES_128_CCM_8" },
    Suite { code: 0xc0a3, name: "TLS_DHE_RSA_WITH_AES_256_CCM_8" },
    Suite { code: 0xc0a4, name: "TLS_PSK_WITH_AES_128_CCM" },
    Suite { code: 0xc0a5, name: "TLS_PSK_WITH_AES_256_CCM" },
    Suite { code: 0xc0a6, name: "TLS_DHE_PSK_WITH_AES_128_CCM" },
    Suite { code: 0xc0a7, name: "TLS_DHE_PSK_WITH_AES_256_CCM" },
    Suite { code: 0xc0a8, name: "TLS_PSK_WITH_AES_128_CCM_8" },
    Suite { code: 0xc0a9, name: "TLS_PSK_WITH_AES_256_CCM_8" },
    Suite { code: 0xc0aa, name: "TLS_PSK_DHE_WITH_AES_128_CCM_8" },
    Suite { code: 0xc0ab, name: "TLS_PSK_DHE_WITH_AES_256_CCM_8" },
    Suite { code: 0xc0ac, name: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM" },
    Suite { code: 0xc0ad, name: "TLS_ECDHE_ECDSA_WITH_AES_256_CCM" },
    Suite { code: 0xc0ae, name: "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8" },
    Suite { code: 0xcca8, name: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256" },
    Suite { code: 0xcca9, name: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256" },
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
