//! The common name is a BMPString of an odd number of octets, which spell another user's name.

use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::name::Attribute;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "odd-bmp-string",
    group: Group::Encoding,
    title: "the common name is a BMPString of an odd number of octets, which spell another user's \
           name",
    clause: "X.690 8.23: BMPString has two octets a letter",
    why: "a gullible parser reads past the end, or falls back to the octets, and sees the other \
           user; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "Could not read certificate file",
        "a BMPString must have an even number of octets",
    ),
    webpki: accepted("the subject of a leaf is passed through as bytes"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let mut octets = mint.victim().into_bytes();
    if octets.len().is_multiple_of(2) {
        octets.push(0);
    }
    let attribute = Attribute::common_name(der::BMP_STRING, &octets);
    mint.altered(|draft| draft.subject = mint.user().subject.clone().with_common_name(attribute).to_der())
}
