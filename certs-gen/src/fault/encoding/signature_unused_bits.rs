//! The signature says that one bit of its last octet is not used.

use super::{elements, inside};
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "signature-unused-bits",
    group: Group::Encoding,
    title: "the signature says that one bit of its last octet is not used",
    clause: "RFC 5280 4.1.1.3; X.690 8.6.2: signatures are whole octets",
    why: "one reader passes over the count, another drops the bit; a strict one refuses; a \
           fingerprint of the bytes is another",
    twin: "alice",
    openssl: refused("invalid bit string bits left", "a signature has whole octets"),
    webpki: refused("BadDer", "a signature has whole octets"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.spoiled(|leaf| {
        let mut parts = elements(inside(&leaf));
        if let Some(signature) = parts.last_mut() {
            let mut bits = inside(signature).to_vec();
            if let Some(unused) = bits.first_mut() {
                *unused = 1;
            }
            *signature = der::tlv(der::BIT_STRING, &bits);
        }
        der::tlv(der::SEQUENCE, &parts.concat())
    })
}
