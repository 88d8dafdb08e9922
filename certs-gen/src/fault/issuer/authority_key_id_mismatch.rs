//! The authorityKeyIdentifier points at a key that is not the issuer's.

use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "authority-key-id-mismatch",
    group: Group::Issuer,
    title: "the authorityKeyIdentifier points at a key that is not the issuer's",
    clause: "RFC 5280 4.2.1.1: an aid to building paths, not a condition of validity",
    why: "the signature verifies all the same; some builders do not find the issuer then, \
           others ignore the hint",
    twin: "alice",
    openssl: refused(
        "unable to get local issuer certificate",
        "the identifier is compared when the issuer is looked for",
    ),
    webpki: accepted("the identifier is not read"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.replace(Extension::authority_key_identifier(&mint.noise("identifier"))))
}
