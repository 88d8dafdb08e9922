//! What a certificate must be beyond its path: a key that cannot be broken, an encoding that every reader reads alike.

use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::oid;
use x509_parser::extensions::GeneralName;
use x509_parser::oid_registry::Oid;
use x509_parser::prelude::FromDer as _;
use x509_parser::public_key::PublicKey;

/// Curves that a key may be on: P-256, P-384, P-521.
const CURVES: [Oid<'static>; 3] = [oid!(1.2.840.10045.3.1.7), oid!(1.3.132.0.34), oid!(1.3.132.0.35)];

/// Smallest RSA modulus in bits (NIST SP 800-131A).
const SMALLEST_MODULUS: usize = 2048;

/// Smallest RSA exponent (NIST SP 800-56B 6.2).
const SMALLEST_EXPONENT: u64 = 65537;

/// Is the public key of a kind and size that cannot be broken?
pub(crate) fn strong_key(certificate: &X509Certificate<'_>) -> bool {
    let key = certificate.public_key();
    match key.parsed() {
        Ok(PublicKey::RSA(rsa)) => {
            let exponent = rsa.try_exponent().unwrap_or(0);
            let modulus = rsa
                .modulus
                .iter()
                .skip_while(|octet| **octet == 0)
                .count()
                .saturating_mul(8);
            modulus >= SMALLEST_MODULUS && exponent >= SMALLEST_EXPONENT && exponent % 2 == 1
        }
        Ok(PublicKey::EC(_)) => key
            .algorithm
            .parameters
            .as_ref()
            .and_then(|parameters| parameters.as_oid().ok())
            .is_some_and(|curve| CURVES.contains(&curve)),
        Ok(
            PublicKey::DSA(_)
            | PublicKey::GostR3410(_)
            | PublicKey::GostR3410_2012(_)
            | PublicKey::Unknown(_),
        )
        | Err(_) => key.algorithm.algorithm == oid!(1.3.101.112),
    }
}

/// Judges a certificate that a lenient proxy forwarded: strict DER, version 3, a strong key that may sign, no empty name.
///
/// # Errors
/// What is wrong, for the answer.
pub(crate) fn sound(der: &[u8]) -> Result<(), &'static str> {
    client_identity::der::strict(der).map_err(|_| "the certificate is not strictly encoded")?;
    let (_, certificate) = X509Certificate::from_der(der).map_err(|_| "the certificate cannot be read")?;
    if certificate.version().0 != 2 {
        return Err("the certificate is not of version 3");
    }
    if !strong_key(&certificate) {
        return Err("the public key is too weak or of an unknown kind");
    }
    let usage = certificate
        .key_usage()
        .map_err(|_| "the key usage cannot be read")?;
    if usage.is_some_and(|usage| !usage.value.digital_signature()) {
        return Err("the key may not sign handshakes");
    }
    let names = certificate
        .subject_alternative_name()
        .map_err(|_| "the alternative names cannot be read")?;
    let empty = |name: &GeneralName<'_>| match name {
        GeneralName::DNSName(text) | GeneralName::RFC822Name(text) | GeneralName::URI(text) => {
            text.is_empty()
        }
        GeneralName::DirectoryName(_)
        | GeneralName::EDIPartyName(_)
        | GeneralName::IPAddress(_)
        | GeneralName::Invalid(..)
        | GeneralName::OtherName(..)
        | GeneralName::RegisteredID(_)
        | GeneralName::X400Address(_) => false,
    };
    if names.is_some_and(|names| names.value.general_names.iter().any(empty)) {
        return Err("an alternative name is empty");
    }
    Ok(())
}
