//! The common name is another user's in other case.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-case-twin",
    group: Group::Names,
    title: "the common name is another user's in other case",
    clause: "RFC 4518 2.2; CWE-178",
    why: "a gullible app ignores case, or its database does; a strict one compares exactly, or \
           enrols names in one case only",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let victim = mint.victim();
    let upper = victim.to_uppercase();
    let twin = if upper == victim {
        victim.to_lowercase()
    } else {
        upper
    };
    common_name(mint, der::UTF8_STRING, twin.as_bytes())
}
