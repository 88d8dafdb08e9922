//! The common name is the own one as a TeletexString.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-t61",
    group: Group::Names,
    title: "the common name is the own one as a TeletexString",
    clause: "RFC 5280 4.1.2.4: TeletexString is only for names in use already",
    why: "a gullible app does not know the type and sees nobody, or its octets; a strict one \
           decodes the string, or refuses the type",
    twin: "alice",
    openssl: accepted("the string type is a known one and its octets fit it"),
    webpki: accepted("the subject of a leaf is passed through as bytes"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    common_name(mint, der::TELETEX_STRING, mint.user().name.as_bytes())
}
