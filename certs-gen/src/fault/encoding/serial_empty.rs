//! The serial number has no octets.

use super::serial;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "serial-empty",
    group: Group::Encoding,
    title: "the serial number has no octets",
    clause: "X.690 8.3.1: at least one octet",
    why: "a gullible parser looks at the first octet; a strict one refuses",
    twin: "alice",
    openssl: refused("Could not read certificate file", "an INTEGER must have an octet"),
    webpki: accepted("the serial number is compared as octets, and no list has it"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    serial(mint, Vec::clear)
}
