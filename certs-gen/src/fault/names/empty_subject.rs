//! The subject is empty, though the alternative names are not critical.

use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::Name;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "empty-subject",
    group: Group::Names,
    title: "the subject is empty, though the alternative names are not critical",
    clause: "RFC 5280 4.1.2.6: with an empty subject, subjectAltName must be critical",
    why: "a gullible app takes the empty name for no certificate, or for the first row of its \
           table; a strict one refuses",
    twin: "alice",
    openssl: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    webpki: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.subject = Name::default().to_der())
}
