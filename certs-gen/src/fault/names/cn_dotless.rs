//! The common name is another user's with a letter that becomes the same one in upper case.

use super::{common_name, look_alike};
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

/// Letters and other ones whose upper or lower case is the same.
const FOLDING: &[(char, char)] = &[('i', '\u{131}'), ('k', '\u{212a}'), ('s', '\u{17f}')];

pub(super) static FAULT: Fault = Fault {
    name: "cn-dotless",
    group: Group::Names,
    title: "the common name is another user's with a letter that becomes the same one in upper case",
    clause: "UTR 36; CVE-2019-19844 (Django password reset)",
    why: "a gullible app compares without regard to case, by changing case, which joins letters \
           that are different; a strict one compares exactly",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let twin = look_alike(&mint.victim(), FOLDING)?;
    common_name(mint, der::UTF8_STRING, twin.as_bytes())
}
