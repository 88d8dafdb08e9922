//! The common name is the own one as a UniversalString.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-universal",
    group: Group::Names,
    title: "the common name is the own one as a UniversalString",
    clause: "RFC 5280 4.1.2.4: UniversalString is only for names in use already; 7.1: names compare \
           by their letters",
    why: "a gullible app reads the octets and stops at the first NUL; a strict one decodes the \
           string, or refuses the type",
    twin: "alice",
    openssl: accepted("the string type is a known one and its octets fit it"),
    webpki: accepted("the subject of a leaf is passed through as bytes"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let octets: Vec<u8> = mint
        .user()
        .name
        .chars()
        .flat_map(|letter| u32::from(letter).to_be_bytes())
        .collect();
    common_name(mint, der::UNIVERSAL_STRING, &octets)
}
