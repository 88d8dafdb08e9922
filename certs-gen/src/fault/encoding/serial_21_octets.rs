//! The serial number has 21 octets.

use super::serial;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "serial-21-octets",
    group: Group::Encoding,
    title: "the serial number has 21 octets",
    clause: "RFC 5280 4.1.2.2: positive and not longer than 20 octets",
    why: "a gullible app keeps 20 octets, or its database column does, so that two certificates \
           are one; a strict one takes the whole, or refuses",
    twin: "alice",
    openssl: accepted("the serial number is used only to look into the lists, which do not have it"),
    webpki: accepted("the serial number is compared as octets, and no list has it"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let noise = mint.noise("serial");
    serial(mint, |serial| {
        *serial = noise.iter().copied().take(21).collect();
        if let Some(first) = serial.first_mut() {
            *first = *first & 0x7f | 1;
        }
    })
}
