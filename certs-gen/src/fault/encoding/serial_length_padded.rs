//! The length of the serial number has more octets than it needs.

use super::{fields, inside, padded_length};
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "serial-length-padded",
    group: Group::Encoding,
    title: "the length of the serial number has more octets than it needs",
    clause: "X.690 10.1: the fewest octets",
    why: "one reader takes it and another does not, or they see different certificates in the same \
           bytes; a strict one refuses",
    twin: "alice",
    openssl: accepted("the parser reads BER, and the signature is checked over the bytes as received"),
    webpki: refused("BadDer", "the length must be the shortest"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    fields(mint, |fields| {
        if let Some(serial) = fields.get_mut(1) {
            *serial = padded_length(der::INTEGER, inside(serial));
        }
    })
}
