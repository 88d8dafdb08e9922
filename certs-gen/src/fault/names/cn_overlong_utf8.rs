//! The common name is another user's with its first letter in two octets where one is enough.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-overlong-utf8",
    group: Group::Names,
    title: "the common name is another user's with its first letter in two octets where one is \
           enough",
    clause: "RFC 3629 10: overlong forms are invalid; CVE-2000-0884; CWE-176",
    why: "a gullible decoder joins the two octets to the letter after a filter has looked for it; \
           a strict one refuses",
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
    let victim = mint.victim();
    let mut octets = Vec::new();
    for (index, octet) in victim.bytes().enumerate() {
        if index == 0 && octet < 0x80 {
            octets.extend([0xc0 | octet >> 6, 0x80 | (octet & 0x3f)]);
        } else {
            octets.push(octet);
        }
    }
    common_name(mint, der::UTF8_STRING, &octets)
}
