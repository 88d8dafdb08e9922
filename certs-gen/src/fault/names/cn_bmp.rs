//! The common name is the own one as a BMPString.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-bmp",
    group: Group::Names,
    title: "the common name is the own one as a BMPString",
    clause: "RFC 5280 4.1.2.4: BMPString is only for names in use already; 7.1: names compare by \
           their letters",
    why: "a gullible app reads the octets and sees NULs between the letters; a strict one decodes \
           the string, or refuses the type",
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
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    common_name(mint, der::BMP_STRING, &octets)
}
