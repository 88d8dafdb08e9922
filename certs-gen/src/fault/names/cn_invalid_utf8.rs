//! The common name is another user's with an octet that no UTF-8 text has.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-invalid-utf8",
    group: Group::Names,
    title: "the common name is another user's with an octet that no UTF-8 text has",
    clause: "RFC 3629 3; CWE-176",
    why: "a gullible app drops what it cannot decode, and the other user's name is left; a strict \
           one refuses",
    twin: "alice",
    openssl: refused(
        "Could not read certificate file",
        "the subject is turned into UTF-8 for its canonical form, which fails",
    ),
    webpki: accepted("the subject of a leaf is passed through as bytes"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let mut octets = mint.victim().into_bytes();
    octets.push(0xff);
    common_name(mint, der::UTF8_STRING, &octets)
}
