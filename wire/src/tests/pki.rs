use std::sync::{Arc, LazyLock};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};

use crate::tls::client::Presented;
use crate::tls::sign::KeySigner;

/// The name in the server's certificate.
pub(super) const SERVER: &str = "server.test";

pub(super) static PKI: LazyLock<Pki> = LazyLock::new(Pki::new);

pub(super) struct Credential {
    pub(super) certificate: Vec<u8>,
    pub(super) key: Vec<u8>,
}

impl Credential {
    pub(super) fn presented(&self) -> Presented {
        let signer = Arc::new(KeySigner::from_der(&self.key).unwrap());
        Presented {
            chain: vec![self.certificate.clone()],
            signer,
        }
    }
}

pub(super) struct Pki {
    pub(super) ca: Credential,
    pub(super) server: Credential,
    pub(super) alice: Credential,
    /// Signed by a CA that the server does not trust.
    pub(super) stranger: Credential,
    /// A server that signs itself, as a CA.
    pub(super) itself: Credential,
}

impl Pki {
    fn new() -> Self {
        let ca = issue("ca", None, None);
        let other = issue("other", None, None);
        Self {
            server: issue(SERVER, Some(("ca", &ca)), Some(SERVER)),
            alice: issue("alice", Some(("ca", &ca)), Some("alice.test")),
            stranger: issue("alice", Some(("other", &other)), Some("alice.test")),
            itself: issue(SERVER, None, Some(SERVER)),
            ca,
        }
    }
}

fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let [high, low] = u16::try_from(content.len()).unwrap().to_be_bytes();
    let head = match content.len() {
        0..128 => vec![tag, low],
        128..256 => vec![tag, 0x81, low],
        _ => vec![tag, 0x82, high, low],
    };
    [head, content].concat()
}

fn name(common_name: &str) -> Vec<u8> {
    let attribute = der(
        0x30,
        &[b"\x06\x03\x55\x04\x03", &der(0x0C, &[common_name.as_bytes()])],
    );
    der(0x30, &[&der(0x31, &[&attribute])])
}

/// A P-256 certificate, valid from 2020 to 2049: a CA without `issuer`; with the DNS name.
fn issue(subject: &str, issuer: Option<(&str, &Credential)>, dns: Option<&str>) -> Credential {
    let ecdsa_sha256 = b"\x30\x0A\x06\x08\x2A\x86\x48\xCE\x3D\x04\x03\x02";
    let ec_p256 = b"\x30\x13\x06\x07\x2A\x86\x48\xCE\x3D\x02\x01\x06\x08\x2A\x86\x48\xCE\x3D\x03\x01\x07";
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new()).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, key.as_ref()).unwrap();
    let mut extensions = Vec::new();
    if issuer.is_none() {
        let is_ca = der(0x04, &[b"\x30\x03\x01\x01\xFF"]);
        extensions.extend(der(0x30, &[b"\x06\x03\x55\x1D\x13\x01\x01\xFF", &is_ca]));
    }
    if let Some(dns) = dns {
        let names = der(0x30, &[&der(0x82, &[dns.as_bytes()])]);
        extensions.extend(der(0x30, &[b"\x06\x03\x55\x1D\x11", &der(0x04, &[&names])]));
    }
    let validity = der(
        0x30,
        &[&der(0x17, &[b"200101000000Z"]), &der(0x17, &[b"491231235959Z"])],
    );
    let body = der(
        0x30,
        &[
            b"\xA0\x03\x02\x01\x02",
            b"\x02\x01\x07",
            ecdsa_sha256,
            &name(issuer.map_or(subject, |(name, _)| name)),
            &validity,
            &name(subject),
            &der(0x30, &[ec_p256, &der(0x03, &[b"\0", pair.public_key().as_ref()])]),
            &der(0xA3, &[&der(0x30, &[&extensions])]),
        ],
    );
    let signing = match issuer {
        None => pair,
        Some((_, ca)) => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &ca.key).unwrap(),
    };
    let signature = signing.sign(&SystemRandom::new(), &body).unwrap();
    let certificate = der(
        0x30,
        &[&body, ecdsa_sha256, &der(0x03, &[b"\0", signature.as_ref()])],
    );
    Credential {
        certificate,
        key: key.as_ref().to_vec(),
    }
}
