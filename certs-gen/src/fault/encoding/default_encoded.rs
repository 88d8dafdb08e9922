//! BasicConstraints says cA FALSE, which is the default.

use crate::certificate::Extension;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "default-encoded",
    group: Group::Encoding,
    title: "basicConstraints says cA FALSE, which is the default",
    clause: "X.690 11.5: a default value is left out in DER; RFC 5280 4.2.1.9",
    why: "many issuers wrote this once, so most readers take it; a strict one may refuse",
    twin: "alice",
    openssl: accepted("the parser reads BER"),
    webpki: accepted("cA FALSE is taken as an exception, since many issuers write it"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let explicit = der::sequence(&[&der::boolean(false)]);
    mint.altered(|draft| draft.replace(Extension::new(oid::BASIC_CONSTRAINTS, true, explicit)))
}
