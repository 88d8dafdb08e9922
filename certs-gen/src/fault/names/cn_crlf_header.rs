//! The common name holds CR LF and then a whole identity header.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-crlf-header",
    group: Group::Names,
    title: "the common name holds CR LF and then a whole identity header",
    clause: "RFC 9110 5.5; CWE-113",
    why: "a gullible proxy copies it into the request, which gains a header that names another \
           user; a strict one escapes it, or refuses",
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
        format!("{}\r\nX-SSL-Client-CN: {}", mint.user().name, mint.victim()).as_bytes(),
    )
}
