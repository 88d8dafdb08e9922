//! A further rfc822Name has letters that IA5String lacks.

use super::also_named;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "ia5-string-beyond-ascii",
    group: Group::Encoding,
    title: "a further rfc822Name has letters that IA5String lacks",
    clause: "RFC 5280 4.2.1.6: rfc822Name is an IA5String; RFC 9598 has another name for such \
           addresses",
    why: "one reader takes UTF-8, another Latin-1, a third drops the letters; a strict one \
           refuses, or passes over the name",
    twin: "alice",
    openssl: accepted("an address is looked at only under constraints or for a host"),
    webpki: accepted("an address is looked at only under constraints or for a host"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    also_named(
        mint,
        GeneralName::Email("ma\u{f1}ana@example.test".as_bytes().to_vec()).to_der(),
    )
}
