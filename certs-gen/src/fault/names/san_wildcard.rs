//! The rfc822Name is `*@example.test`.

use super::alternative_names;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "san-wildcard",
    group: Group::Names,
    title: "the rfc822Name is `*@example.test`",
    clause: "RFC 5280 4.2.1.6: an address has no wildcards; CWE-155",
    why: "a gullible app matches addresses as patterns, and this one is everybody; a strict one \
           compares letters",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    alternative_names(mint, &[GeneralName::Email(b"*@example.test".to_vec())])
}
