//! The subject is empty and the alternative names are critical.

use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::{GeneralName, Name};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "san-only",
    group: Group::Names,
    title: "the subject is empty and the alternative names are critical",
    clause: "RFC 5280 4.1.2.6 allows this",
    why: "a proxy that hands on the subject hands on nothing, which a gullible app takes for \
           anonymous or for the first row; a strict one refuses, or goes by the alternative name",
    twin: "alice",
    openssl: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    webpki: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let names: Vec<Vec<u8>> = mint.user().san.iter().map(GeneralName::to_der).collect();
    mint.altered(|draft| {
        draft.subject = Name::default().to_der();
        draft.replace(Extension::subject_alt_name(true, &names));
    })
}
