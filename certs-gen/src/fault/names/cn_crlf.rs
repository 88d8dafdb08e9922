//! The common name holds CR LF and then `CN=admin`.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-crlf",
    group: Group::Names,
    title: "the common name holds CR LF and then `CN=admin`",
    clause: "RFC 9110 5.5: CR, LF and NUL in a field value are invalid; CWE-93, CWE-117",
    why: "a gullible proxy writes it into a header or a log as it is, and the reader sees a line \
           of its own; a strict one escapes it, or refuses",
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
        format!("{}\r\nCN={}", mint.user().name, mint.victim()).as_bytes(),
    )
}
