//! The common name is an asterisk.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-wildcard",
    group: Group::Names,
    title: "the common name is an asterisk",
    clause: "RFC 9525 6.3 knows wildcards in host names only; CWE-155",
    why: "a gullible app matches names as patterns, and this one is everybody; a strict one \
           compares letters",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    common_name(mint, der::UTF8_STRING, b"*")
}
