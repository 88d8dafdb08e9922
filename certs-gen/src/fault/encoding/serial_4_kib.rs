//! The serial number has 4,096 octets.

use super::{filler, serial};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

/// Octets of the number.
const OCTETS: usize = 4096;

pub(super) static FAULT: Fault = Fault {
    name: "serial-4-kib",
    group: Group::Encoding,
    title: "the serial number has 4,096 octets",
    clause: "RFC 5280 4.1.2.2: positive and not longer than 20 octets; CWE-400",
    why: "a gullible app turns it into decimal at a cost that grows with the square of its length, \
           or cuts it; a strict one refuses",
    twin: "alice",
    openssl: accepted("the serial number is used only to look into the lists, which do not have it"),
    webpki: accepted("the serial number is compared as octets, and no list has it"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let octets = filler(mint, OCTETS);
    serial(mint, |serial| {
        *serial = octets;
        if let Some(first) = serial.first_mut() {
            *first = *first & 0x7f | 1;
        }
    })
}
