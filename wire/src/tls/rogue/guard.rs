//! Record protection in one direction: AEAD of TLS 1.3 and 1.2, and CBC with HMAC-SHA1 of TLS 1.2.

use aws_lc_rs::aead::{
    AES_128_GCM, AES_256_GCM, Aad, Algorithm, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey,
};
use aws_lc_rs::cipher::{
    AES_128, AES_256, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use aws_lc_rs::{constant_time, hmac, rand};

use super::schedule::expand_label;
use super::suite::{Bulk, Suite};

const VERSION: [u8; 2] = [3, 3];
const BLOCK: usize = 16;
const SHA1_LENGTH: usize = 20;

/// Keys and sequence number of one direction.
#[derive(Debug)]
pub(super) struct Guard {
    kind: Kind,
    sequence: u64,
}

#[derive(Debug)]
enum Kind {
    Aead12 { key: LessSafeKey, salt: [u8; 4] },
    Aead13 { key: LessSafeKey, nonce: [u8; 12] },
    Cbc { aes: Vec<u8>, mac: Box<hmac::Key> },
}

impl Guard {
    /// TLS 1.3 under a traffic secret. `None` if the suite is not of TLS 1.3.
    pub(super) fn tls13(suite: Suite, secret: &[u8]) -> Option<Self> {
        let key = expand_label(suite.hash, secret, "key", &[], suite.key_length);
        let nonce = expand_label(suite.hash, secret, "iv", &[], 12);
        Some(Self {
            kind: Kind::Aead13 {
                key: aead_key(suite, &key)?,
                nonce: nonce.try_into().ok()?,
            },
            sequence: 0,
        })
    }

    /// Both directions of TLS 1.2 under a key block: the client's, then the server's.
    pub(super) fn tls12(suite: Suite, key_block: &[u8]) -> Option<(Self, Self)> {
        let mut rest = key_block;
        let mut take = |length: usize| {
            let (taken, after) = rest.split_at_checked(length)?;
            rest = after;
            Some(taken)
        };
        let sizes = match suite.bulk {
            Bulk::CbcSha1 => (SHA1_LENGTH, 0),
            Bulk::Gcm => (0, 4),
            Bulk::ChaCha => return None,
        };
        let macs = [take(sizes.0)?, take(sizes.0)?];
        let keys = [take(suite.key_length)?, take(suite.key_length)?];
        let salts = [take(sizes.1)?, take(sizes.1)?];
        let one = |mac: &[u8], key: &[u8], salt: &[u8]| {
            let kind = if suite.bulk == Bulk::Gcm {
                Kind::Aead12 {
                    key: aead_key(suite, key)?,
                    salt: salt.try_into().ok()?,
                }
            } else {
                Kind::Cbc {
                    aes: key.to_vec(),
                    mac: Box::new(hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, mac)),
                }
            };
            Some(Self { kind, sequence: 0 })
        };
        let [mac, their_mac] = macs;
        let [key, their_key] = keys;
        let [salt, their_salt] = salts;
        Some((one(mac, key, salt)?, one(their_mac, their_key, their_salt)?))
    }

    /// How many bytes of key block a TLS 1.2 suite needs.
    pub(super) fn key_block_length(suite: Suite) -> usize {
        2 * (suite.key_length + if suite.bulk == Bulk::Gcm { 4 } else { SHA1_LENGTH })
    }

    /// Whether the records are those of TLS 1.3, which hide their type.
    pub(super) fn hides_type(&self) -> bool {
        matches!(self.kind, Kind::Aead13 { .. })
    }

    /// The record that carries `payload`. `None` if the library refuses.
    pub(super) fn seal(&mut self, kind: u8, payload: &[u8]) -> Option<Vec<u8>> {
        let sequence = self.advance();
        match &self.kind {
            Kind::Aead13 { key, nonce } => {
                let mut inner = [payload, &[kind]].concat();
                let header = header(23, inner.len() + key.algorithm().tag_len());
                key.seal_in_place_append_tag(nonce_of(nonce, sequence), Aad::from(header), &mut inner)
                    .ok()?;
                Some([&header[..], &inner].concat())
            }
            Kind::Aead12 { key, salt } => {
                let explicit = sequence.to_be_bytes();
                let nonce = Nonce::try_assume_unique_for_key(&[&salt[..], &explicit].concat()).ok()?;
                let mut inner = payload.to_vec();
                key.seal_in_place_append_tag(
                    nonce,
                    Aad::from(aad(sequence, kind, payload.len())),
                    &mut inner,
                )
                .ok()?;
                Some([&header(kind, 8 + inner.len())[..], &explicit, &inner].concat())
            }
            Kind::Cbc { aes, mac } => {
                let tag = hmac::sign(mac, &[&aad(sequence, kind, payload.len())[..], payload].concat());
                let mut inner = [payload, tag.as_ref()].concat();
                let fill = BLOCK - inner.len() % BLOCK;
                inner.resize(inner.len() + fill, u8::try_from(fill - 1).ok()?);
                let mut iv = [0; BLOCK];
                rand::fill(&mut iv).ok()?;
                EncryptingKey::cbc(cipher_key(aes)?)
                    .ok()?
                    .less_safe_encrypt(&mut inner, EncryptionContext::Iv128(FixedLength::from(iv)))
                    .ok()?;
                Some([&header(kind, BLOCK + inner.len())[..], &iv, &inner].concat())
            }
        }
    }

    /// Type and content of a protected record. `None` if it was not made under these keys.
    pub(super) fn open(&mut self, kind: u8, payload: &[u8]) -> Option<(u8, Vec<u8>)> {
        let sequence = self.advance();
        match &self.kind {
            Kind::Aead13 { key, nonce } => {
                let mut inner = payload.to_vec();
                let header = header(23, payload.len());
                let plain = key
                    .open_in_place(nonce_of(nonce, sequence), Aad::from(header), &mut inner)
                    .ok()?;
                let end = plain.iter().rposition(|byte| *byte != 0)?;
                Some((*plain.get(end)?, plain.get(..end)?.to_vec()))
            }
            Kind::Aead12 { key, salt } => {
                let (explicit, sealed) = payload.split_at_checked(8)?;
                let nonce = Nonce::try_assume_unique_for_key(&[&salt[..], explicit].concat()).ok()?;
                let length = sealed.len().checked_sub(key.algorithm().tag_len())?;
                let mut inner = sealed.to_vec();
                let plain = key
                    .open_in_place(nonce, Aad::from(aad(sequence, kind, length)), &mut inner)
                    .ok()?;
                Some((kind, plain.to_vec()))
            }
            Kind::Cbc { aes, mac } => {
                let (iv, sealed) = payload.split_first_chunk::<BLOCK>()?;
                let mut inner = sealed.to_vec();
                DecryptingKey::cbc(cipher_key(aes)?)
                    .ok()?
                    .decrypt(&mut inner, DecryptionContext::Iv128(FixedLength::from(*iv)))
                    .ok()?;
                // Nobody attacks this client by timing: it is the attacker.
                let padding = usize::from(*inner.last()?) + 1;
                let unpadded = inner.get(..inner.len().checked_sub(padding)?)?;
                let (content, tag) = unpadded.split_at_checked(unpadded.len().checked_sub(SHA1_LENGTH)?)?;
                let expected = hmac::sign(mac, &[&aad(sequence, kind, content.len())[..], content].concat());
                constant_time::verify_slices_are_equal(expected.as_ref(), tag).ok()?;
                Some((kind, content.to_vec()))
            }
        }
    }

    /// The same keys after `records` records.
    pub(super) fn after(self, records: u64) -> Self {
        Self {
            sequence: records,
            ..self
        }
    }

    fn advance(&mut self) -> u64 {
        let sequence = self.sequence;
        self.sequence = sequence.wrapping_add(1);
        sequence
    }
}

fn header(kind: u8, length: usize) -> [u8; 5] {
    let [high, low] = u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes();
    [kind, VERSION[0], VERSION[1], high, low]
}

/// Additional data of TLS 1.2 (RFC 5246 section 6.2.3.3), which is also what its MAC covers first.
fn aad(sequence: u64, kind: u8, length: usize) -> Vec<u8> {
    [&sequence.to_be_bytes()[..], &header(kind, length)].concat()
}

fn nonce_of(base: &[u8; 12], sequence: u64) -> Nonce {
    let mut nonce = *base;
    let (_, counter) = nonce.split_at_mut(4);
    for (byte, number) in counter.iter_mut().zip(sequence.to_be_bytes()) {
        *byte ^= number;
    }
    Nonce::assume_unique_for_key(nonce)
}

fn aead_key(suite: Suite, key: &[u8]) -> Option<LessSafeKey> {
    let algorithm: &'static Algorithm = match (suite.bulk, suite.key_length) {
        (Bulk::Gcm, 16) => &AES_128_GCM,
        (Bulk::Gcm, _) => &AES_256_GCM,
        (Bulk::ChaCha, _) => &CHACHA20_POLY1305,
        (Bulk::CbcSha1, _) => return None,
    };
    UnboundKey::new(algorithm, key).ok().map(LessSafeKey::new)
}

fn cipher_key(aes: &[u8]) -> Option<UnboundCipherKey> {
    UnboundCipherKey::new(if aes.len() == BLOCK { &AES_128 } else { &AES_256 }, aes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tls::rogue::suite::{Exchange, SUITES};

    fn pair(suite: Suite) -> (Guard, Guard) {
        if suite.exchange == Exchange::Tls13 {
            let secret = vec![7; suite.hash.len()];
            return (
                Guard::tls13(suite, &secret).unwrap(),
                Guard::tls13(suite, &secret).unwrap(),
            );
        }
        let block = vec![7; Guard::key_block_length(suite)];
        let (client, _) = Guard::tls12(suite, &block).unwrap();
        let (_, server) = Guard::tls12(suite, &block).unwrap();
        (client, server)
    }

    #[test]
    fn what_is_sealed_opens_once_and_in_order() {
        for suite in SUITES {
            let (mut ours, mut theirs) = pair(suite);
            for payload in [&b"first"[..], b"", &[9; 100]] {
                let record = ours.seal(22, payload).unwrap();
                assert_eq!(
                    usize::from(u16::from_be_bytes([record[3], record[4]])),
                    record.len() - 5
                );
                let opened = theirs.open(record[0], &record[5..]);
                assert_eq!(opened, Some((22, payload.to_vec())), "{:#06x}", suite.code);
                assert_eq!(theirs.open(record[0], &record[5..]), None, "a record opens twice");
                theirs.sequence -= 1;
            }
        }
    }

    #[test]
    fn a_changed_record_does_not_open() {
        for suite in SUITES {
            let (mut ours, mut theirs) = pair(suite);
            let mut record = ours.seal(23, b"payload").unwrap();
            let middle = record.len() / 2;
            record[middle] ^= 1;
            assert_eq!(theirs.open(record[0], &record[5..]), None, "{:#06x}", suite.code);
            assert_eq!(theirs.open(23, b""), None);
        }
    }
}
