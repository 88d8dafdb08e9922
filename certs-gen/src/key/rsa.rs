//! RSA signatures for moduli and exponents that libraries refuse: PKCS #1 v1.5 and PSS of RFC 8017, by the Chinese
//! remainder theorem on `crypto-bigint`.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, ConcatenatingMul as _, NonZero, Odd};

use super::KeyError;
use crate::der;
use crate::hash::Hash;

/// An RSA private key.
pub(super) struct RsaSecret {
    modulus: Vec<u8>,
    public_exponent: Vec<u8>,
    // None: e = d = 1, the power is the message itself.
    factors: Option<Factors>,
}

struct Factors {
    first: Factor,
    second: Factor,
    coefficient: BoxedMontyForm,
}

struct Factor {
    prime: NonZero<BoxedUint>,
    params: BoxedMontyParams,
    exponent: BoxedUint,
}

impl Factor {
    fn new(prime: &[u8], exponent: &[u8]) -> Result<Self, KeyError> {
        let invalid = KeyError::Invalid("an RSA prime is not odd");
        let prime = BoxedUint::from_be_slice_vartime(strip(prime));
        let odd = Option::<Odd<BoxedUint>>::from(Odd::new(prime.clone())).ok_or(invalid)?;
        let prime = Option::<NonZero<BoxedUint>>::from(NonZero::new(prime))
            .ok_or(KeyError::Invalid("an RSA prime is zero"))?;
        Ok(Self {
            prime,
            params: BoxedMontyParams::new_vartime(odd),
            exponent: BoxedUint::from_be_slice_vartime(strip(exponent)),
        })
    }

    fn form(&self, value: &BoxedUint) -> BoxedMontyForm {
        BoxedMontyForm::new(value.rem_vartime(&self.prime), &self.params)
    }
}

fn strip(magnitude: &[u8]) -> &[u8] {
    let zeros = magnitude.iter().take_while(|octet| **octet == 0).count();
    magnitude.get(zeros..).unwrap_or_default()
}

impl RsaSecret {
    /// The content of an RSAPrivateKey (RFC 8017 A.1.2).
    pub(super) fn read(structure: &[u8]) -> Result<Self, KeyError> {
        let mut fields = der::Reader::new(der::Reader::new(structure).content(der::SEQUENCE)?);
        fields.content(der::INTEGER)?;
        let modulus = strip(fields.content(der::INTEGER)?).to_vec();
        let public_exponent = strip(fields.content(der::INTEGER)?).to_vec();
        fields.content(der::INTEGER)?;
        let first_prime = fields.content(der::INTEGER)?;
        let second_prime = fields.content(der::INTEGER)?;
        let first = Factor::new(first_prime, fields.content(der::INTEGER)?)?;
        let second = Factor::new(second_prime, fields.content(der::INTEGER)?)?;
        let coefficient = first.form(&BoxedUint::from_be_slice_vartime(strip(
            fields.content(der::INTEGER)?,
        )));
        if modulus.len() > 2048 {
            return Err(KeyError::Invalid("an RSA modulus of more than 16,384 bits"));
        }
        Ok(Self {
            modulus,
            public_exponent,
            factors: Some(Factors {
                first,
                second,
                coefficient,
            }),
        })
    }

    /// e = d = 1 on a modulus.
    pub(super) fn identity(modulus: &[u8]) -> Result<Self, KeyError> {
        if modulus.is_empty() {
            return Err(KeyError::Invalid("an empty RSA modulus"));
        }
        Ok(Self {
            modulus: modulus.to_vec(),
            public_exponent: vec![1],
            factors: None,
        })
    }

    pub(super) fn bits(&self) -> u16 {
        let spare = self.modulus.first().map_or(0, |first| first.leading_zeros());
        u16::try_from(self.modulus.len() * 8).unwrap_or(u16::MAX) - u16::try_from(spare).unwrap_or(0)
    }

    pub(super) fn modulus(&self) -> Vec<u8> {
        self.modulus.clone()
    }

    /// The RSAPublicKey structure.
    pub(super) fn public_key(&self) -> Vec<u8> {
        der::sequence(&[
            &der::unsigned(&self.modulus),
            &der::unsigned(&self.public_exponent),
        ])
    }

    /// RSASSA-PKCS1-v1_5 (RFC 8017 8.2); `None` when the modulus is too short for the digest.
    pub(super) fn sign_pkcs1(&self, hash: Hash, message: &[u8]) -> Option<Vec<u8>> {
        let info = der::sequence(&[&hash.identifier(), &der::octets(&hash.digest(message))]);
        let padding = self
            .modulus
            .len()
            .checked_sub(info.len() + 3)
            .filter(|size| *size >= 8)?;
        Some(self.power(&[&[0, 1][..], &vec![0xff; padding], &[0], &info].concat()))
    }

    /// RSASSA-PSS (RFC 8017 8.1), the salt derived from the message; `None` when the modulus is too short.
    pub(super) fn sign_pss(&self, hash: Hash, mask: Hash, salt: usize, message: &[u8]) -> Option<Vec<u8>> {
        let digest = hash.digest(message);
        let salt = mask_of(Hash::Sha256, &[b"salt".as_slice(), &digest].concat(), salt);
        let top_bits = usize::from(self.bits()) - 1;
        let size = top_bits.div_ceil(8);
        let padding = size.checked_sub(digest.len() + salt.len() + 2)?;
        let seed = hash.digest(&[&[0; 8][..], &digest, &salt].concat());
        let data = [&vec![0; padding][..], &[1], &salt].concat();
        let mut masked: Vec<u8> = data
            .iter()
            .zip(mask_of(mask, &seed, data.len()))
            .map(|(plain, mask)| plain ^ mask)
            .collect();
        if let Some(first) = masked.first_mut() {
            *first &= 0xff_u8 >> (8 * size - top_bits);
        }
        Some(self.power(&[&masked[..], &seed, &[0xbc]].concat()))
    }

    /// The message to the private exponent, as long as the modulus.
    fn power(&self, padded: &[u8]) -> Vec<u8> {
        let value = BoxedUint::from_be_slice_vartime(padded);
        let power = match &self.factors {
            None => value,
            Some(Factors {
                first,
                second,
                coefficient,
            }) => {
                let second_power = second.form(&value).pow(&second.exponent).retrieve();
                let first_power = first.form(&value).pow(&first.exponent);
                let difference = first_power
                    .sub(&first.form(&second_power))
                    .mul(coefficient)
                    .retrieve();
                difference
                    .concatenating_mul(second.prime.as_ref())
                    .concatenating_add(&second_power)
            }
        };
        let octets = power.to_be_bytes_trimmed_vartime();
        let mut signature = vec![0; self.modulus.len().saturating_sub(octets.len())];
        signature.extend_from_slice(&octets);
        signature
    }
}

/// MGF1 (RFC 8017 B.2.1).
fn mask_of(hash: Hash, seed: &[u8], size: usize) -> Vec<u8> {
    let blocks = (0u32..).map(|counter| hash.digest(&[seed, &counter.to_be_bytes()].concat()));
    blocks.flatten().take(size).collect()
}
