//! An unused bit of the key usage is set.

use crate::certificate::Extension;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "key-usage-padding-set",
    group: Group::Encoding,
    title: "an unused bit of the key usage is set",
    clause: "X.690 11.2.1: unused bits are zero in DER",
    why: "one reader takes the unused bits for usages, another drops them; a strict one refuses",
    twin: "alice",
    openssl: accepted("unused bits are cleared on reading"),
    webpki: accepted("key usage is not looked at"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| {
        draft.replace(Extension::new(
            oid::KEY_USAGE,
            true,
            der::tlv(der::BIT_STRING, &[7, 0x81]),
        ))
    })
}
