//! The tag of the certificate is written in the form for high numbers.

use super::inside;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

/// SEQUENCE, universal and constructed, with its number 16 in a second octet.
const HIGH_SEQUENCE: [u8; 2] = [0x3f, 0x10];

pub(super) static FAULT: Fault = Fault {
    name: "high-tag-form",
    group: Group::Encoding,
    title: "the tag of the certificate is written in the form for high numbers",
    clause: "X.690 8.1.2.2: numbers to 30 take one octet",
    why: "one reader takes it and another does not, or they see different certificates in the same \
           bytes; a strict one refuses; a fingerprint of the bytes is another while the signature \
           is still good",
    twin: "alice",
    openssl: accepted("the parser reads BER"),
    webpki: refused(
        "TrailingData(SignedData)",
        "tags take one octet; any flaw of the outermost element is reported as what could not be \
           used up",
    ),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.spoiled(|leaf| {
        [
            &HIGH_SEQUENCE[..],
            &der::length(inside(&leaf).len()),
            inside(&leaf),
        ]
        .concat()
    })
}
