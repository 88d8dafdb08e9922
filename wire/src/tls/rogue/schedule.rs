//! Secrets from secrets: the key schedule of TLS 1.3 (RFC 8446 section 7.1) and the PRF of TLS 1.2 (RFC 5246 section 5).

use super::suite::Hash;
use crate::tls::encoding::vector8;

/// One stage of the schedule: early, handshake or master secret.
#[derive(Clone)]
pub(super) struct Schedule {
    hash: Hash,
    secret: Vec<u8>,
}

impl Schedule {
    /// The early secret, of a pre-shared key or of none.
    pub(super) fn early(hash: Hash, psk: Option<&[u8]>) -> Self {
        let zeros = vec![0; hash.len()];
        Self {
            hash,
            secret: hash.mac(&zeros, &[psk.unwrap_or(&zeros)]),
        }
    }

    /// The stage that follows, with `input` mixed in; `None` for the master secret, which takes zeros.
    pub(super) fn next(&self, input: Option<&[u8]>) -> Self {
        let zeros = vec![0; self.hash.len()];
        let salt = self.derive("derived", &[]);
        Self {
            hash: self.hash,
            secret: self.hash.mac(&salt, &[input.unwrap_or(&zeros)]),
        }
    }

    /// Derive-Secret over the messages so far.
    pub(super) fn derive(&self, label: &str, transcript: &[u8]) -> Vec<u8> {
        let context = self.hash.of(transcript);
        expand_label(self.hash, &self.secret, label, &context, self.hash.len())
    }
}

/// HKDF-Expand-Label.
pub(super) fn expand_label(hash: Hash, secret: &[u8], label: &str, context: &[u8], length: usize) -> Vec<u8> {
    let info = [
        &u16::try_from(length).unwrap_or(u16::MAX).to_be_bytes()[..],
        &vector8(&[b"tls13 ", label.as_bytes()].concat()),
        &vector8(context),
    ]
    .concat();
    let mut output = Vec::with_capacity(length + hash.len());
    let mut block = Vec::new();
    let mut counter = 0_u8;
    while output.len() < length {
        counter = counter.wrapping_add(1);
        block = hash.mac(secret, &[&block, &info, &[counter]]);
        output.extend_from_slice(&block);
    }
    output.truncate(length);
    output
}

/// The content of Finished in TLS 1.3, and of a PSK binder, which is made the same way.
pub(super) fn finished(hash: Hash, base_key: &[u8], transcript: &[u8]) -> Vec<u8> {
    let key = expand_label(hash, base_key, "finished", &[], hash.len());
    hash.mac(&key, &[&hash.of(transcript)])
}

/// The PRF of TLS 1.2.
pub(super) fn prf(hash: Hash, secret: &[u8], label: &str, seed: &[u8], length: usize) -> Vec<u8> {
    let seed = [label.as_bytes(), seed].concat();
    let mut output = Vec::with_capacity(length + hash.len());
    let mut chained = hash.mac(secret, &[&seed]);
    while output.len() < length {
        output.extend(hash.mac(secret, &[&chained, &seed]));
        chained = hash.mac(secret, &[&chained]);
    }
    output.truncate(length);
    output
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::tls_prf::{P_SHA384, Secret};

    use super::*;

    fn hex(text: &str) -> Vec<u8> {
        let digits: Vec<u8> = text
            .chars()
            .filter_map(|digit| digit.to_digit(16))
            .map(|digit| u8::try_from(digit).unwrap())
            .collect();
        digits
            .as_chunks::<2>()
            .0
            .iter()
            .map(|[high, low]| high << 4 | low)
            .collect()
    }

    // RFC 8448 section 3, "Simple 1-RTT Handshake".
    const CLIENT_HELLO: &str = "010000c00303cb34ecb1e78163ba1c38c6dacb196a6dffa21a8d9912ec18a2ef6283024dece7000006\
        130113031302010000910000000b0009000006736572766572ff01000100000a00140012001d001700180019010001010102010301040023\
        0000003300260024001d002099381de560e4bd43d23d8e435a7dbafeb3c06e51c13cae4d5413691e529aaf2c002b0003020304000d0020\
        001e040305030603020308040805080604010501060102010402050206020202002d00020101001c00024001";
    const SERVER_HELLO: &str = "020000560303a6af06a4121860dc5e6e60249cd34c95930c8ac5cb1434dac155772ed3e2692800130100\
        002e00330024001d0020c9828876112095fe66762bdbf7c672e156d6cc253b833df1dd69b1b04e751f0f002b00020304";
    const SHARED: &str = "8bd4054fb55b9d63fdfbacf9f04b9f0d35e6d63f537563efd46272900f89492d";

    #[test]
    fn the_handshake_secrets_are_those_of_rfc_8448() {
        let transcript = hex(&[CLIENT_HELLO, SERVER_HELLO].concat());
        let early = Schedule::early(Hash::Sha256, None);
        assert_eq!(
            early.secret,
            hex("33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a")
        );
        let handshake = early.next(Some(&hex(SHARED)));
        assert_eq!(
            handshake.secret,
            hex("1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac")
        );
        assert_eq!(
            handshake.derive("c hs traffic", &transcript),
            hex("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21")
        );
        let server = handshake.derive("s hs traffic", &transcript);
        assert_eq!(
            server,
            hex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38")
        );
        let expand = |label, length| expand_label(Hash::Sha256, &server, label, &[], length);
        assert_eq!(expand("key", 16), hex("3fce516009c21727d0f2e4e86ee403bc"));
        assert_eq!(expand("iv", 12), hex("5d313eb2671276ee13000b30"));
        assert_eq!(
            handshake.next(None).secret,
            hex("18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919")
        );
    }

    #[test]
    fn the_finished_key_and_the_psk_are_those_of_rfc_8448() {
        let client = hex("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21");
        let key = hex("b80ad01015fb2f0bd65ff7d4da5d6bf83f84821d1f87fdc7d3c75b5a7b42d9c4");
        assert_eq!(expand_label(Hash::Sha256, &client, "finished", &[], 32), key);
        assert_eq!(
            finished(Hash::Sha256, &client, b"messages"),
            Hash::Sha256.mac(&key, &[&Hash::Sha256.of(b"messages")])
        );
        let resumption = hex("7df235f2031d2a051287d02b0241b0bfdaf86cc856231f2d5aba46c434ec196c");
        assert_eq!(
            expand_label(Hash::Sha256, &resumption, "resumption", &[0, 0], 32),
            hex("4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3")
        );
    }

    /// From the TLS working group's mailing list, 2009 ("Test vectors for TLS 1.2 PRF").
    #[test]
    fn the_prf_is_that_of_tls_1_2() {
        let output = prf(
            Hash::Sha256,
            &hex("9bbe436ba940f017b17652849a71db35"),
            "test label",
            &hex("a0ba9f936cda311827a6f796ffd5198c"),
            100,
        );
        let known = "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa0\
            22f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66";
        assert_eq!(output, hex(known));
    }

    #[test]
    fn the_prf_agrees_with_the_library_over_sha_384() {
        let library = Secret::new(&P_SHA384, b"secret")
            .unwrap()
            .derive(b"label", b"seed", 200);
        assert_eq!(
            prf(Hash::Sha384, b"secret", "label", b"seed", 200),
            library.unwrap().as_ref()
        );
    }
}
