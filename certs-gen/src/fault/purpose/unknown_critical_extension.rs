//! A critical extension that nobody knows.

use crate::certificate::Extension;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "unknown-critical-extension",
    group: Group::Purpose,
    title: "a critical extension that nobody knows",
    clause: "RFC 5280 4.2: MUST reject a critical extension that it does not recognise",
    why: "a gullible server ignores what it does not know, and with it every restriction of \
           the future; a strict one refuses",
    twin: "alice",
    openssl: refused("unhandled critical extension", "it is not known and critical"),
    webpki: refused("UnsupportedCriticalExtension", "it is not known and critical"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| {
        draft
            .extensions
            .push(Extension::new(oid::UNKNOWN, true, der::null()))
    })
}
