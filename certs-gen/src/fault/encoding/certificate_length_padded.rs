//! The length of the certificate has more octets than it needs.

use super::{inside, padded_length};
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "certificate-length-padded",
    group: Group::Encoding,
    title: "the length of the certificate has more octets than it needs",
    clause: "X.690 10.1: the fewest octets; RFC 5280 4.1",
    why: "one reader takes it and another does not, or they see different certificates in the same \
           bytes; a strict one refuses; a fingerprint of the bytes is another while the signature \
           is still good",
    twin: "alice",
    openssl: accepted("the parser reads BER"),
    webpki: refused(
        "TrailingData(SignedData)",
        "the length must be definite and the shortest; any flaw of the outermost element is \
           reported as what could not be used up",
    ),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.spoiled(|leaf| padded_length(der::SEQUENCE, inside(&leaf)))
}
