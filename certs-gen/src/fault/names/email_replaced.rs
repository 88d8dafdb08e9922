//! The rfc822Name is another user's, the common name is the own.

use super::{alternative_names, victim_address};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "email-replaced",
    group: Group::Names,
    title: "the rfc822Name is another user's, the common name is the own",
    clause: "RFC 5280 4.1.2.6: both name the subject",
    why: "apps that go by address and apps that go by common name see two people in one \
           certificate; a strict app binds to one field, and its CA vouches for that field",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    alternative_names(mint, &[GeneralName::Email(victim_address(mint).into_bytes())])
}
