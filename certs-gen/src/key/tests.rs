use super::*;

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, ED25519,
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};

/// aws-lc verifies; a library never judges its own signatures.
fn verified(key: &KeyPair, by: &'static dyn VerificationAlgorithm, scheme: u16) -> bool {
    let signature = key.sign_tls(scheme, b"message").unwrap();
    let public = der::Reader::new(der::Reader::new(key.spki_der()).content(der::SEQUENCE).unwrap())
        .any()
        .and_then(|(_, algorithm, _)| {
            let spki = key.spki_der();
            let bits = spki
                .windows(algorithm.len())
                .position(|window| window == algorithm)
                .unwrap()
                + algorithm.len();
            der::Reader::new(&spki[bits..]).content(der::BIT_STRING)
        })
        .unwrap();
    UnparsedPublicKey::new(by, &public[1..])
        .verify(b"message", &signature)
        .is_ok()
}

#[test]
fn another_library_verifies_every_kind() {
    let key = |algorithm| KeyPair::derive(1, "test", algorithm).unwrap();
    assert!(verified(
        &key(KeyAlgorithm::P256),
        &ECDSA_P256_SHA256_ASN1,
        0x0403
    ));
    assert!(verified(
        &key(KeyAlgorithm::P384),
        &ECDSA_P384_SHA384_ASN1,
        0x0503
    ));
    assert!(verified(
        &key(KeyAlgorithm::P521),
        &ECDSA_P521_SHA512_ASN1,
        0x0603
    ));
    assert!(verified(&key(KeyAlgorithm::Ed25519), &ED25519, 0x0807));
    assert!(verified(
        &key(KeyAlgorithm::Rsa(2048)),
        &RSA_PKCS1_2048_8192_SHA256,
        0x0401
    ));
    assert!(verified(
        &key(KeyAlgorithm::Rsa(3072)),
        &RSA_PSS_2048_8192_SHA256,
        0x0804
    ));
    assert!(verified(
        &KeyPair::from_pool(PoolKey::RsaE3).unwrap(),
        &RSA_PSS_2048_8192_SHA256,
        0x0804
    ));
}

#[test]
fn signatures_and_keys_repeat() {
    for algorithm in [
        KeyAlgorithm::P256,
        KeyAlgorithm::Rsa(2048),
        KeyAlgorithm::Rsa(512),
    ] {
        let [one, two] = [(); 2].map(|()| KeyPair::derive(7, "twice", algorithm).unwrap());
        assert_eq!(one.pkcs8_der(), two.pkcs8_der());
        let scheme = if algorithm == KeyAlgorithm::P256 {
            0x0403
        } else {
            0x0401
        };
        assert_eq!(
            one.sign_tls(scheme, b"m").unwrap(),
            two.sign_tls(scheme, b"m").unwrap()
        );
    }
}

#[test]
fn a_scheme_of_another_kind_is_refused() {
    let key = KeyPair::derive(1, "test", KeyAlgorithm::P256).unwrap();
    assert!(matches!(
        key.sign_tls(0x0804, b""),
        Err(KeyError::CannotSign { .. })
    ));
    assert!(matches!(
        key.sign_tls(0xffff, b""),
        Err(KeyError::CannotSign { .. })
    ));
}

#[test]
fn an_exponent_of_one_signs_with_the_padding_itself() {
    let key = KeyPair::from_pool(PoolKey::RsaE1).unwrap();
    let signature = key.sign_tls(0x0401, b"message").unwrap();
    assert!(signature.starts_with(&[0, 1, 0xff]) && signature.ends_with(&Hash::Sha256.digest(b"message")));
}
