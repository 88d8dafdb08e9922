//! The common name is a constructed UTF8String, a hundred levels deep.

use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::name::Attribute;
use crate::spec::PkiError;

/// The bit of a tag that says "made of elements".
const CONSTRUCTED: u8 = 0x20;
/// Elements above the innermost.
const LEVELS: usize = 100;

pub(super) static FAULT: Fault = Fault {
    name: "deep-string",
    group: Group::Encoding,
    title: "the common name is a constructed UTF8String, a hundred levels deep",
    clause: "X.690 10.2: strings are primitive in DER; CVE-2018-0739 (OpenSSL); CWE-674",
    why: "a gullible parser calls itself once a level until its stack ends; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "Could not read certificate file",
        "constructed strings may be five levels deep",
    ),
    webpki: accepted("the subject of a leaf is passed through as bytes"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let own = der::tlv(der::UTF8_STRING, mint.user().name.as_bytes());
    let nested = (1..LEVELS).fold(own, |inner, _| der::tlv(der::UTF8_STRING | CONSTRUCTED, &inner));
    let attribute = Attribute::common_name(der::UTF8_STRING | CONSTRUCTED, &nested);
    mint.altered(|draft| draft.subject = mint.user().subject.clone().with_common_name(attribute).to_der())
}
