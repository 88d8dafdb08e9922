//! The common name is the own one as a PrintableString.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-printable",
    group: Group::Names,
    title: "the common name is the own one as a PrintableString",
    clause: "RFC 5280 4.1.2.4 and 7.1: names compare by their letters, whatever the string type",
    why: "a gullible app compares encodings and sees a stranger; a strict one sees the same letters",
    twin: "alice",
    openssl: accepted("the string type is a known one and its octets fit it"),
    webpki: accepted("the subject of a leaf is passed through as bytes"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    common_name(mint, der::PRINTABLE_STRING, mint.user().name.as_bytes())
}
