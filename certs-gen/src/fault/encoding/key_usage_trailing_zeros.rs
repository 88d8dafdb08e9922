//! The key usage ends in zero bits.

use crate::certificate::Extension;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "key-usage-trailing-zeros",
    group: Group::Encoding,
    title: "the key usage ends in zero bits",
    clause: "X.690 11.2.2: trailing zero bits of a named bit list are removed in DER",
    why: "many issuers wrote this once, so most readers take it; a strict one may refuse",
    twin: "alice",
    openssl: accepted("trailing zeros are read as they are"),
    webpki: accepted("key usage is not looked at"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| {
        draft.replace(Extension::new(
            oid::KEY_USAGE,
            true,
            der::tlv(der::BIT_STRING, &[0, 0x80]),
        ))
    })
}
