//! The common name is a BMPString whose octets, read singly, spell another user's name.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-bmp-octets-admin",
    group: Group::Names,
    title: "the common name is a BMPString whose octets, read singly, spell another user's name",
    clause: "RFC 5280 4.1.2.4; X.690 8.23: BMPString has two octets a letter",
    why: "a gullible app reads the octets without looking at the string type; a strict one sees \
           letters of other scripts, which are nobody's name",
    twin: "alice",
    openssl: accepted("the string type is a known one and its octets fit it"),
    webpki: accepted("the subject of a leaf is passed through as bytes"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let mut octets = mint.victim().into_bytes();
    if !octets.len().is_multiple_of(2) {
        octets.push(0);
    }
    common_name(mint, der::BMP_STRING, &octets)
}
