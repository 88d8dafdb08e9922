//! The subject has an emailAddress of another user.

use super::{subject, victim_address};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::Attribute;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "email-attribute-admin",
    group: Group::Names,
    title: "the subject has an emailAddress of another user",
    clause: "RFC 5280 4.1.2.6: an address in the subject is deprecated",
    why: "a gullible app takes the address of the subject for the user, past the alternative name; \
           a strict one reads one field, and it is not this",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let address = Attribute::text(oid::EMAIL_ADDRESS, &victim_address(mint));
    subject(mint, |name| name.0.push(vec![address]))
}
