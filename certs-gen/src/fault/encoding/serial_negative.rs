//! The serial number is negative.

use super::serial;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "serial-negative",
    group: Group::Encoding,
    title: "the serial number is negative",
    clause: "RFC 5280 4.1.2.2: positive and not longer than 20 octets",
    why: "a gullible app drops the sign, or prints the octets as unsigned, and matches another \
           certificate of the same issuer; a strict one refuses, or keeps the sign",
    twin: "alice",
    openssl: accepted("the serial number is used only to look into the lists, which do not have it"),
    webpki: accepted("the serial number is compared as octets, and no list has it"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    serial(mint, |serial| {
        if let Some(first) = serial.first_mut() {
            *first |= 0x80;
        }
    })
}
