//! The signed part is a BER element of indefinite length.

use super::{indefinite, inside};
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "signed-part-indefinite-length",
    group: Group::Encoding,
    title: "the signed part is a BER element of indefinite length",
    clause: "X.690 10.1: DER has definite lengths; RFC 5280 4.1: what is signed is the DER",
    why: "one reader takes it and another does not, or they see different certificates in the same \
           bytes; a strict one refuses",
    twin: "alice",
    openssl: accepted("the parser reads BER, and the signature is checked over the bytes as received"),
    webpki: refused("BadDer", "the length must be definite and the shortest"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.resigned(|to_be_signed| indefinite(der::SEQUENCE, inside(&to_be_signed)))
}
