//! Private keys out of PEM files: PKCS #8 (RFC 5958), its encrypted form, PKCS #1 (RFC 8017) and SEC 1 (RFC 5915).

use pkcs8::EncryptedPrivateKeyInfoRef;

use super::curve::Curve;
use super::rsa::RsaSecret;
use super::{KeyAlgorithm, KeyError, KeyPair};
use crate::{der, oid};

pub(super) fn read(text: &str, passphrase: Option<&str>) -> Result<KeyPair, KeyError> {
    let blocks = pem::parse_many(text).map_err(|error| KeyError::Pem(error.to_string()))?;
    // OpenSSL writes EC PARAMETERS in front of a SEC 1 key, and a file may hold the certificate too.
    for block in &blocks {
        match block.tag() {
            "PRIVATE KEY" => return pkcs8_key(block.contents()),
            "ENCRYPTED PRIVATE KEY" => {
                let passphrase = passphrase.ok_or(KeyError::NoPassphrase)?;
                let decrypted = EncryptedPrivateKeyInfoRef::try_from(block.contents())
                    .map_err(|error| KeyError::Decrypt(error.to_string()))?
                    .decrypt(passphrase)
                    .map_err(|error| KeyError::Decrypt(error.to_string()))?;
                return pkcs8_key(decrypted.as_bytes());
            }
            "RSA PRIVATE KEY" if block.headers().iter().next().is_some() => {
                return Err(KeyError::Pem(
                    "the old OpenSSL encryption: convert with `openssl pkcs8 -topk8`".to_owned(),
                ));
            }
            "RSA PRIVATE KEY" => return rsa_key(block.contents()),
            "EC PRIVATE KEY" => return curve_key(block.contents(), None),
            _ => {}
        }
    }
    Err(KeyError::Pem("no private key in the file".to_owned()))
}

fn pkcs8_key(structure: &[u8]) -> Result<KeyPair, KeyError> {
    let mut fields = der::Reader::new(der::Reader::new(structure).content(der::SEQUENCE)?);
    fields.content(der::INTEGER)?;
    let mut algorithm = der::Reader::new(fields.content(der::SEQUENCE)?);
    let kind = algorithm.whole(der::OBJECT_IDENTIFIER)?;
    let key = fields.content(der::OCTET_STRING)?;
    if kind == der::oid(oid::RSA) {
        rsa_key(key)
    } else if kind == der::oid(oid::EC_PUBLIC_KEY) {
        curve_key(key, Some(algorithm.whole(der::OBJECT_IDENTIFIER)?))
    } else if kind == der::oid(oid::ED25519) {
        KeyPair::from_ed25519_seed(der::Reader::new(key).content(der::OCTET_STRING)?)
    } else {
        Err(KeyError::Unsupported)
    }
}

fn rsa_key(structure: &[u8]) -> Result<KeyPair, KeyError> {
    let identifier = der::sequence(&[&der::oid(oid::RSA), &der::null()]);
    let wrapped = der::sequence(&[&der::small(0), &identifier, &der::octets(structure)]);
    Ok(KeyPair::from_rsa(RsaSecret::read(structure)?, Some(wrapped)))
}

/// An ECPrivateKey; the curve stands outside it in PKCS #8 and inside it in SEC 1.
fn curve_key(structure: &[u8], outside: Option<&[u8]>) -> Result<KeyPair, KeyError> {
    let mut fields = der::Reader::new(der::Reader::new(structure).content(der::SEQUENCE)?);
    fields.content(der::INTEGER)?;
    let scalar = fields.content(der::OCTET_STRING)?;
    let inside = fields.skip_if(0xa0)?;
    let public = fields.skip_if(0xa1)?;
    let curve = match outside.or(inside) {
        Some(named) if named == der::oid(oid::P256) => KeyAlgorithm::P256,
        Some(named) if named == der::oid(oid::P384) => KeyAlgorithm::P384,
        Some(named) if named == der::oid(oid::P521) => KeyAlgorithm::P521,
        Some(named) if named == der::oid(oid::SECP256K1) => KeyAlgorithm::Secp256k1,
        Some(named) if named == der::oid(oid::P224) => {
            let bits = der::Reader::new(public.ok_or(KeyError::Unsupported)?).content(der::BIT_STRING)?;
            let public = bits.get(1..).unwrap_or_default().to_vec();
            return KeyPair::from_curve(Curve::P224 {
                scalar: scalar.to_vec(),
                public,
            });
        }
        _ => return Err(KeyError::Unsupported),
    };
    let curve =
        Curve::from_scalar(curve, scalar).ok_or(KeyError::Invalid("the EC scalar is out of range"))?;
    KeyPair::from_curve(curve)
}
