//! Whether the server is the one that was meant: its chain, its signature, and the key in its certificate.

use rustls::client::danger::ServerCertVerifier;
use rustls::crypto::aws_lc_rs::default_provider;
use rustls_pki_types::{CertificateDer, UnixTime};

use crate::tls::client::{HandshakeOutcome, Judge};
use crate::tls::encoding::Cursor;

/// The schemes that a server may sign with.
pub(super) fn schemes() -> Vec<u16> {
    let algorithms = default_provider().signature_verification_algorithms;
    algorithms
        .supported_schemes()
        .into_iter()
        .map(u16::from)
        .collect()
}

/// Checks the chain, if somebody judges it.
pub(super) fn check_chain(judge: Option<&Judge>, chain: &[Vec<u8>]) -> Result<(), HandshakeOutcome> {
    let Some((judge, name)) = judge else {
        return Ok(());
    };
    let refused = |why: String| Err(HandshakeOutcome::ServerCertificateRefused(why));
    let chain: Vec<_> = chain
        .iter()
        .map(|one| CertificateDer::from(one.as_slice()))
        .collect();
    let Some((leaf, rest)) = chain.split_first() else {
        return refused("the server presented no certificate".to_owned());
    };
    match judge.verify_server_cert(leaf, rest, name, &[], UnixTime::now()) {
        Ok(_) => Ok(()),
        Err(error) => refused(error.to_string()),
    }
}

/// Checks a signature of the server, if somebody judges it.
pub(super) fn check_signature(
    judge: Option<&Judge>,
    chain: &[Vec<u8>],
    scheme: u16,
    message: &[u8],
    signature: &[u8],
) -> Result<(), HandshakeOutcome> {
    if judge.is_none() {
        return Ok(());
    }
    let refused =
        |why: &str| HandshakeOutcome::ServerCertificateRefused(format!("{why} (scheme {scheme:#06x})"));
    let key = chain
        .first()
        .and_then(|leaf| PublicKey::of(leaf))
        .ok_or_else(|| refused("unreadable server certificate"))?;
    let algorithms = default_provider().signature_verification_algorithms;
    let fitting = algorithms
        .mapping
        .iter()
        .filter(|(own, _)| u16::from(*own) == scheme)
        .flat_map(|(_, algorithms)| algorithms.iter());
    for algorithm in fitting {
        if algorithm.public_key_alg_id().as_ref() == key.algorithm
            && algorithm.verify_signature(key.bits, message, signature).is_ok()
        {
            return Ok(());
        }
    }
    Err(refused("wrong signature of the server"))
}

/// Encrypts a premaster secret for the server's RSA key (RFC 5246 section 7.4.7.1).
pub(super) fn encrypt(chain: &[Vec<u8>], secret: &[u8]) -> Option<Vec<u8>> {
    use aws_lc_rs::rsa::{Pkcs1PublicEncryptingKey, PublicEncryptingKey};
    let key = PublicKey::of(chain.first()?)?;
    let key = Pkcs1PublicEncryptingKey::new(PublicEncryptingKey::from_der(key.whole).ok()?).ok()?;
    let mut output = vec![0; key.ciphertext_size()];
    key.encrypt(secret, &mut output).ok().map(|done| done.to_vec())
}

/// SubjectPublicKeyInfo of a certificate.
struct PublicKey<'a> {
    /// All of it.
    whole: &'a [u8],
    /// The content of its AlgorithmIdentifier.
    algorithm: &'a [u8],
    /// The octets of its BIT STRING.
    bits: &'a [u8],
}

impl<'a> PublicKey<'a> {
    fn of(certificate: &'a [u8]) -> Option<Self> {
        const SEQUENCE: u8 = 0x30;
        const BIT_STRING: u8 = 0x03;
        const VERSION: u8 = 0xA0;
        let mut certificate = Cursor(certificate);
        let mut whole = Cursor(element(&mut certificate, SEQUENCE)?.1);
        let mut body = Cursor(element(&mut whole, SEQUENCE)?.1);
        if body.0.first() == Some(&VERSION) {
            element(&mut body, VERSION)?;
        }
        // Serial number, signature algorithm, issuer, validity, subject.
        element(&mut body, 0x02)?;
        for _ in 0..4 {
            element(&mut body, SEQUENCE)?;
        }
        let (whole, content) = element(&mut body, SEQUENCE)?;
        let mut content = Cursor(content);
        let algorithm = element(&mut content, SEQUENCE)?.1;
        let (_, bits) = element(&mut content, BIT_STRING)?.1.split_first()?;
        Some(Self {
            whole,
            algorithm,
            bits,
        })
    }
}

/// The next DER element with this tag: all of it, and its content.
fn element<'a>(cursor: &mut Cursor<'a>, tag: u8) -> Option<(&'a [u8], &'a [u8])> {
    let start = cursor.0;
    if cursor.byte()? != tag {
        return None;
    }
    let length = match cursor.byte()? {
        short @ 0..=0x7F => usize::from(short),
        0x81 => usize::from(cursor.byte()?),
        0x82 => usize::from(cursor.short()?),
        _ => return None,
    };
    let content = cursor.take(length)?;
    Some((start.get(..start.len() - cursor.0.len())?, content))
}
