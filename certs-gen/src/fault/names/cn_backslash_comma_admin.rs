//! The common name is `alice\,CN=admin`, with a backslash of its own before the comma.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-backslash-comma-admin",
    group: Group::Names,
    title: "the common name is `alice\\,CN=admin`, with a backslash of its own before the comma",
    clause: "RFC 4514 2.4: both the backslash and the comma are escaped",
    why: "a gullible printer escapes the comma only, so that the reader takes the two backslashes \
           for one and splits at the comma; a strict one escapes both",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    common_name(
        mint,
        der::UTF8_STRING,
        format!("{}\\,CN={}", mint.user().name, mint.victim()).as_bytes(),
    )
}
