//! The common name holds a bare LF and then `CN=admin`.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-line-feed",
    group: Group::Names,
    title: "the common name holds a bare LF and then `CN=admin`",
    clause: "RFC 9112 2.2: a recipient may take a bare LF for the end of a line; CWE-117",
    why: "a gullible app reads the printed name line by line, or its pattern ends at `$` before \
           the LF; a strict one escapes it, or refuses",
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
        format!("{}\nCN={}", mint.user().name, mint.victim()).as_bytes(),
    )
}
