//! A second rfc822Name, another user's, stands after the own one.

use super::{also_named, victim_address};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "email-added",
    group: Group::Names,
    title: "a second rfc822Name, another user's, stands after the own one",
    clause: "RFC 5280 4.2.1.6",
    why: "a gullible app takes the last address, or any that is enrolled; a strict one refuses a \
           certificate with two users, or takes the one at a stated place",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    also_named(mint, GeneralName::Email(victim_address(mint).into_bytes()))
}
