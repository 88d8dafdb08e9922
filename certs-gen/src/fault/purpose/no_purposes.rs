//! There is no extended key usage.

use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "no-purposes",
    group: Group::Purpose,
    title: "there is no extended key usage",
    clause: "RFC 5280 4.2.1.12: no extension, no restriction",
    why: "the certificate may be used for anything; a deployment that issues client \
           certificates with the purpose does well to demand it",
    twin: "alice",
    openssl: accepted("no extension means no restriction"),
    webpki: accepted("no extension means no restriction"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.remove(oid::EXTENDED_KEY_USAGE))
}
