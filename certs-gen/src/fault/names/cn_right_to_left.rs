//! The common name is another user's backwards, after a right-to-left override.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-right-to-left",
    group: Group::Names,
    title: "the common name is another user's backwards, after a right-to-left override",
    clause: "UTR 36; CVE-2021-42574; CWE-1007",
    why: "a gullible display shows the other user's name to whoever enrols or audits; a strict one \
           shows control characters as such, and compares code points",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let backwards: String = mint.victim().chars().rev().collect();
    common_name(mint, der::UTF8_STRING, format!("\u{202e}{backwards}").as_bytes())
}
