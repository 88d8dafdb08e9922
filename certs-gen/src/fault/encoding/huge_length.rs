//! The certificate says that it has 2^63-1 octets.

use super::inside;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "huge-length",
    group: Group::Encoding,
    title: "the certificate says that it has 2^63-1 octets",
    clause: "X.690 8.1.3; CWE-789, CWE-190",
    why: "a gullible parser adds the length to an offset, or asks for the memory; a strict one \
           refuses",
    twin: "alice",
    openssl: refused(
        "Could not read certificate file",
        "the length is longer than the input",
    ),
    webpki: refused(
        "TrailingData(SignedData)",
        "the reader takes lengths of two octets at most; any flaw of the outermost element is \
           reported as what could not be used up",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.spoiled(|leaf| {
        [
            &[der::SEQUENCE][..],
            &der::raw_length(&i64::MAX.to_be_bytes()),
            inside(&leaf),
        ]
        .concat()
    })
}
