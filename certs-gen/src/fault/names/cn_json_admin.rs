//! The common name closes a JSON string and opens another member.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-json-admin",
    group: Group::Names,
    title: "the common name closes a JSON string and opens another member",
    clause: "RFC 8259 7: quotation marks are escaped; CWE-116, CWE-117",
    why: "a gullible proxy or log pastes it between quotation marks, and the reader sees a second \
           user; a strict one escapes it",
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
        format!(r#"{}","user":"{}"#, mint.user().name, mint.victim()).as_bytes(),
    )
}
