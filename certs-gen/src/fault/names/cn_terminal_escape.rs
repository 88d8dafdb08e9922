//! The common name holds an escape sequence that wipes the line of a terminal.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-terminal-escape",
    group: Group::Names,
    title: "the common name holds an escape sequence that wipes the line of a terminal",
    clause: "ECMA-48 8.3.41; CWE-150",
    why: "a gullible log shows whoever reads it the other user's name in place of this one; a \
           strict one escapes it",
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
        format!("{}\u{1b}[2K\r{}", mint.user().name, mint.victim()).as_bytes(),
    )
}
