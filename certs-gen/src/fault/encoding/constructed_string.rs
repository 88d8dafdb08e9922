//! The common name is a constructed UTF8String of two parts.

use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::Attribute;
use crate::spec::PkiError;

/// The bit of a tag that says "made of elements".
const CONSTRUCTED: u8 = 0x20;

pub(super) static FAULT: Fault = Fault {
    name: "constructed-string",
    group: Group::Encoding,
    title: "the common name is a constructed UTF8String of two parts",
    clause: "X.690 10.2: strings are primitive in DER",
    why: "one reader joins the parts, another sees the headers of the parts as text, a third sees \
           nobody; a strict one refuses",
    twin: "alice",
    openssl: accepted("the parser reads BER, and the signature is checked over the bytes as received"),
    webpki: accepted("the subject of a leaf is passed through as bytes"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let own = mint.user().name.as_bytes();
    let (first, second) = own.split_at(own.len() / 2);
    let parts = [first, second]
        .map(|part| der::tlv(der::UTF8_STRING, part))
        .concat();
    let attribute = Attribute::common_name(der::UTF8_STRING | CONSTRUCTED, &parts);
    mint.altered(|draft| draft.subject = mint.user().subject.clone().with_common_name(attribute).to_der())
}
