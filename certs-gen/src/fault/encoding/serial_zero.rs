//! The serial number is 0.

use super::serial;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "serial-zero",
    group: Group::Encoding,
    title: "the serial number is 0",
    clause: "RFC 5280 4.1.2.2: positive and not longer than 20 octets",
    why: "a gullible app takes zero for no serial number at all; a strict one may refuse, since 0 \
           is not positive",
    twin: "alice",
    openssl: accepted("the serial number is used only to look into the lists, which do not have it"),
    webpki: accepted("the serial number is compared as octets, and no list has it"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    serial(mint, |serial| *serial = vec![0])
}
