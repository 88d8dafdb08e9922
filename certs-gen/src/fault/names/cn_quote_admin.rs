//! The common name closes a quoted subject and opens another, as in `X-Forwarded-Client-Cert`.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-quote-admin",
    group: Group::Names,
    title: "the common name closes a quoted subject and opens another, as in \
           `X-Forwarded-Client-Cert`",
    clause: "RFC 4514 2.4: a quotation mark in a value is escaped; the Envoy documentation of \
           x-forwarded-client-cert",
    why: "a gullible proxy pastes the subject between quotation marks, and the reader finds a \
           second Subject; a strict one escapes it",
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
        format!(r#"{}";Subject="CN={}"#, mint.user().name, mint.victim()).as_bytes(),
    )
}
