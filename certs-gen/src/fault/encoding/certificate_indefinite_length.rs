//! The certificate is a BER element of indefinite length.

use super::{indefinite, inside};
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "certificate-indefinite-length",
    group: Group::Encoding,
    title: "the certificate is a BER element of indefinite length",
    clause: "X.690 10.1: DER has definite lengths; RFC 5280 4.1",
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
    mint.spoiled(|leaf| indefinite(der::SEQUENCE, inside(&leaf)))
}
