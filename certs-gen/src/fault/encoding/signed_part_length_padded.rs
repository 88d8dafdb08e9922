//! The length of the signed part has more octets than it needs.

use super::{inside, padded_length};
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "signed-part-length-padded",
    group: Group::Encoding,
    title: "the length of the signed part has more octets than it needs",
    clause: "X.690 10.1: the fewest octets; RFC 5280 4.1: what is signed is the DER",
    why: "one reader takes it and another does not, or they see different certificates in the same \
           bytes; a strict one refuses",
    twin: "alice",
    openssl: accepted("the parser reads BER, and the signature is checked over the bytes as received"),
    webpki: refused("BadDer", "the length must be the shortest"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.resigned(|to_be_signed| padded_length(der::SEQUENCE, inside(&to_be_signed)))
}
