//! The rfc822Name holds CR LF and then a whole identity header.

use super::alternative_names;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "san-crlf-header",
    group: Group::Names,
    title: "the rfc822Name holds CR LF and then a whole identity header",
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
    let text = format!(
        "{}@example.test\r\nX-SSL-Client-CN: {}",
        mint.user().name,
        mint.victim()
    );
    alternative_names(mint, &[GeneralName::Email(text.into_bytes())])
}
