//! The serial number begins with an octet of zeros that it does not need.

use super::serial;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "serial-padded",
    group: Group::Encoding,
    title: "the serial number begins with an octet of zeros that it does not need",
    clause: "X.690 8.3.2: the first nine bits are not all alike",
    why: "a gullible app compares the octets with a list of serial numbers that lacks the zeros, \
           so that a revoked one is not found; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "Could not read certificate file",
        "an INTEGER must be the shortest",
    ),
    webpki: accepted("the serial number is compared as octets, and no list has it"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    serial(mint, |serial| {
        if let Some(first) = serial.first_mut() {
            *first &= 0x7f;
        }
        serial.insert(0, 0);
    })
}
