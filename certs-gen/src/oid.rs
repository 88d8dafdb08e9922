//! Object identifiers as arcs, named as their standards name them.

/// id-at-commonName (X.520).
pub const COMMON_NAME: &[u64] = &[2, 5, 4, 3];
/// id-at-surname (X.520).
pub const SURNAME: &[u64] = &[2, 5, 4, 4];
/// id-at-serialNumber, the device or person number within a name (X.520).
pub const SERIAL_NUMBER: &[u64] = &[2, 5, 4, 5];
/// id-at-countryName (X.520).
pub const COUNTRY: &[u64] = &[2, 5, 4, 6];
/// id-at-localityName (X.520).
pub const LOCALITY: &[u64] = &[2, 5, 4, 7];
/// id-at-stateOrProvinceName (X.520).
pub const STATE: &[u64] = &[2, 5, 4, 8];
/// id-at-streetAddress (X.520).
pub const STREET: &[u64] = &[2, 5, 4, 9];
/// id-at-organizationName (X.520).
pub const ORGANIZATION: &[u64] = &[2, 5, 4, 10];
/// id-at-organizationalUnitName (X.520).
pub const ORGANIZATIONAL_UNIT: &[u64] = &[2, 5, 4, 11];
/// id-at-title (X.520).
pub const TITLE: &[u64] = &[2, 5, 4, 12];
/// id-at-givenName (X.520).
pub const GIVEN_NAME: &[u64] = &[2, 5, 4, 42];
/// userid (RFC 4519).
pub const USER_ID: &[u64] = &[0, 9, 2342, 19_200_300, 100, 1, 1];
/// domainComponent (RFC 4519).
pub const DOMAIN_COMPONENT: &[u64] = &[0, 9, 2342, 19_200_300, 100, 1, 25];
/// emailAddress (PKCS #9).
pub const EMAIL_ADDRESS: &[u64] = &[1, 2, 840, 113_549, 1, 9, 1];

/// id-ce-subjectKeyIdentifier (RFC 5280 4.2.1.2).
pub const SUBJECT_KEY_IDENTIFIER: &[u64] = &[2, 5, 29, 14];
/// id-ce-keyUsage (RFC 5280 4.2.1.3).
pub const KEY_USAGE: &[u64] = &[2, 5, 29, 15];
/// id-ce-subjectAltName (RFC 5280 4.2.1.6).
pub const SUBJECT_ALT_NAME: &[u64] = &[2, 5, 29, 17];
/// id-ce-basicConstraints (RFC 5280 4.2.1.9).
pub const BASIC_CONSTRAINTS: &[u64] = &[2, 5, 29, 19];
/// id-ce-cRLNumber (RFC 5280 5.2.3).
pub const CRL_NUMBER: &[u64] = &[2, 5, 29, 20];
/// id-ce-cRLReasons (RFC 5280 5.3.1).
pub const CRL_REASON: &[u64] = &[2, 5, 29, 21];
/// id-ce-issuingDistributionPoint (RFC 5280 5.2.5).
pub const ISSUING_DISTRIBUTION_POINT: &[u64] = &[2, 5, 29, 28];
/// id-ce-deltaCRLIndicator (RFC 5280 5.2.4).
pub const DELTA_CRL_INDICATOR: &[u64] = &[2, 5, 29, 27];
/// id-ce-nameConstraints (RFC 5280 4.2.1.10).
pub const NAME_CONSTRAINTS: &[u64] = &[2, 5, 29, 30];
/// id-ce-cRLDistributionPoints (RFC 5280 4.2.1.13).
pub const CRL_DISTRIBUTION_POINTS: &[u64] = &[2, 5, 29, 31];
/// id-ce-certificatePolicies (RFC 5280 4.2.1.4).
pub const CERTIFICATE_POLICIES: &[u64] = &[2, 5, 29, 32];
/// id-ce-authorityKeyIdentifier (RFC 5280 4.2.1.1).
pub const AUTHORITY_KEY_IDENTIFIER: &[u64] = &[2, 5, 29, 35];
/// id-ce-policyConstraints (RFC 5280 4.2.1.11).
pub const POLICY_CONSTRAINTS: &[u64] = &[2, 5, 29, 36];
/// id-ce-extKeyUsage (RFC 5280 4.2.1.12).
pub const EXTENDED_KEY_USAGE: &[u64] = &[2, 5, 29, 37];
/// anyExtendedKeyUsage (RFC 5280 4.2.1.12).
pub const ANY_EXTENDED_KEY_USAGE: &[u64] = &[2, 5, 29, 37, 0];
/// id-kp-serverAuth (RFC 5280 4.2.1.12).
pub const SERVER_AUTH: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 1];
/// id-kp-clientAuth (RFC 5280 4.2.1.12).
pub const CLIENT_AUTH: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 2];
/// id-kp-codeSigning (RFC 5280 4.2.1.12).
pub const CODE_SIGNING: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 3];
/// id-kp-emailProtection (RFC 5280 4.2.1.12).
pub const EMAIL_PROTECTION: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 4];
/// id-kp-timeStamping (RFC 5280 4.2.1.12).
pub const TIME_STAMPING: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 8];
/// id-kp-OCSPSigning (RFC 6960 4.2.2.2).
pub const OCSP_SIGNING: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 3, 9];

/// id-pe-authorityInfoAccess (RFC 5280 4.2.2.1).
pub const AUTHORITY_INFO_ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
/// id-ad-ocsp, also id-pkix-ocsp (RFC 5280 4.2.2.1, RFC 6960 4.2.1).
pub const OCSP: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1];
/// id-pkix-ocsp-basic (RFC 6960 4.2.1).
pub const OCSP_BASIC: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 1];
/// id-pkix-ocsp-nonce (RFC 6960 4.4.1, RFC 9654).
pub const OCSP_NONCE: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 2];
/// id-pkix-ocsp-nocheck (RFC 6960 4.2.2.2.1).
pub const OCSP_NO_CHECK: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 5];

/// rsaEncryption (RFC 3279 2.3.1).
pub const RSA: &[u64] = &[1, 2, 840, 113_549, 1, 1, 1];
/// md5WithRSAEncryption (RFC 3279 2.2.1).
pub const MD5_WITH_RSA: &[u64] = &[1, 2, 840, 113_549, 1, 1, 4];
/// sha1WithRSAEncryption (RFC 3279 2.2.1).
pub const SHA1_WITH_RSA: &[u64] = &[1, 2, 840, 113_549, 1, 1, 5];
/// id-mgf1 (RFC 4055).
pub const MGF1: &[u64] = &[1, 2, 840, 113_549, 1, 1, 8];
/// id-RSASSA-PSS (RFC 4055).
pub const RSA_PSS: &[u64] = &[1, 2, 840, 113_549, 1, 1, 10];
/// sha256WithRSAEncryption (RFC 4055).
pub const SHA256_WITH_RSA: &[u64] = &[1, 2, 840, 113_549, 1, 1, 11];
/// sha384WithRSAEncryption (RFC 4055).
pub const SHA384_WITH_RSA: &[u64] = &[1, 2, 840, 113_549, 1, 1, 12];
/// sha512WithRSAEncryption (RFC 4055).
pub const SHA512_WITH_RSA: &[u64] = &[1, 2, 840, 113_549, 1, 1, 13];
/// id-ecPublicKey (RFC 5480).
pub const EC_PUBLIC_KEY: &[u64] = &[1, 2, 840, 10_045, 2, 1];
/// secp256r1, P-256 (RFC 5480).
pub const P256: &[u64] = &[1, 2, 840, 10_045, 3, 1, 7];
/// secp224r1, P-224 (RFC 5480).
pub const P224: &[u64] = &[1, 3, 132, 0, 33];
/// secp384r1, P-384 (RFC 5480).
pub const P384: &[u64] = &[1, 3, 132, 0, 34];
/// secp521r1, P-521 (RFC 5480).
pub const P521: &[u64] = &[1, 3, 132, 0, 35];
/// secp256k1 (SEC 2).
pub const SECP256K1: &[u64] = &[1, 3, 132, 0, 10];
/// ecdsa-with-SHA1 (RFC 3279 2.2.3).
pub const ECDSA_WITH_SHA1: &[u64] = &[1, 2, 840, 10_045, 4, 1];
/// ecdsa-with-SHA224 (RFC 5758).
pub const ECDSA_WITH_SHA224: &[u64] = &[1, 2, 840, 10_045, 4, 3, 1];
/// ecdsa-with-SHA256 (RFC 5758).
pub const ECDSA_WITH_SHA256: &[u64] = &[1, 2, 840, 10_045, 4, 3, 2];
/// ecdsa-with-SHA384 (RFC 5758).
pub const ECDSA_WITH_SHA384: &[u64] = &[1, 2, 840, 10_045, 4, 3, 3];
/// ecdsa-with-SHA512 (RFC 5758).
pub const ECDSA_WITH_SHA512: &[u64] = &[1, 2, 840, 10_045, 4, 3, 4];
/// id-Ed25519 (RFC 8410).
pub const ED25519: &[u64] = &[1, 3, 101, 112];
/// id-sha1 (RFC 3279).
pub const SHA1: &[u64] = &[1, 3, 14, 3, 2, 26];
/// id-md5 (RFC 3279).
pub const MD5: &[u64] = &[1, 2, 840, 113_549, 2, 5];
/// id-sha224 (RFC 4055).
pub const SHA224: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 4];
/// id-sha256 (RFC 4055).
pub const SHA256: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 1];
/// id-sha384 (RFC 4055).
pub const SHA384: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 2];
/// id-sha512 (RFC 4055).
pub const SHA512: &[u64] = &[2, 16, 840, 1, 101, 3, 4, 2, 3];
/// An arc for documentation (RFC 5612's enterprise number 32473), for whatever nobody must know.
pub const UNKNOWN: &[u64] = &[1, 3, 6, 1, 4, 1, 32_473, 1, 1];
