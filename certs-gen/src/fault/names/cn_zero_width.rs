//! The common name is another user's with a zero-width space in it.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-zero-width",
    group: Group::Names,
    title: "the common name is another user's with a zero-width space in it",
    clause: "RFC 4518 2.2 maps it to nothing; UTR 36",
    why: "a gullible app drops what is not seen, and a human in charge cannot see it; a strict one \
           compares what was signed, or refuses",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let victim = mint.victim();
    let mut letters = victim.chars();
    let first: String = letters.by_ref().take(1).collect();
    common_name(
        mint,
        der::UTF8_STRING,
        format!("{first}\u{200b}{}", letters.as_str()).as_bytes(),
    )
}
