//! A non-critical extension that nobody knows.

use crate::certificate::Extension;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "unknown-extension",
    group: Group::Purpose,
    title: "a non-critical extension that nobody knows",
    clause: "RFC 5280 4.2: may be ignored",
    why: "it must be ignored by whoever does not know it; a server that refuses is too strict \
           but safe",
    twin: "alice",
    openssl: accepted("what is not critical is skipped"),
    webpki: accepted("what is not critical is skipped"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| {
        draft
            .extensions
            .push(Extension::new(oid::UNKNOWN, false, der::null()))
    })
}
