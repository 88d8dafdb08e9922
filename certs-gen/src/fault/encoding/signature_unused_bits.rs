//! The signature says that one bit of its last octet is not used.

use super::{elements, inside};
use crate::authority::Role;
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

/// Serial numbers that are tried: each has an even chance of a signature that ends in a one.
const TRIES: u8 = 64;

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    // The bit that is said to be unused is a one: were it a zero, as X.690 11.2.1 wants it, readers that look at nothing else
    // would be right to go on, and what a server does would hang on chance.
    let issuer = mint.authority(Role::Issuing)?;
    let mut minted = mint.altered(|_| {})?;
    for number in 0..TRIES {
        if minted
            .chain
            .first()
            .and_then(|leaf| leaf.last())
            .is_some_and(|last| last & 1 == 1)
        {
            break;
        }
        minted = mint.altered_under(issuer, mint.key()?, |draft| {
            if let Some(last) = draft.serial.last_mut() {
                *last = last.wrapping_add(number + 1);
            }
        })?;
    }
    if let Some(leaf) = minted.chain.first_mut() {
        *leaf = one_unused(leaf);
    }
    Ok(minted)
}

fn one_unused(leaf: &[u8]) -> Vec<u8> {
    let mut parts = elements(inside(leaf));
    if let Some(signature) = parts.last_mut() {
        let mut bits = inside(signature).to_vec();
        if let Some(unused) = bits.first_mut() {
            *unused = 1;
        }
        *signature = der::tlv(der::BIT_STRING, &bits);
    }
    der::tlv(der::SEQUENCE, &parts.concat())
}
