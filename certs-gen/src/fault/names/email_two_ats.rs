//! The rfc822Name is another user's address and a further `@` with a domain.

use super::{alternative_names, victim_address};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "email-two-ats",
    group: Group::Names,
    title: "the rfc822Name is another user's address and a further `@` with a domain",
    clause: "RFC 5321 4.1.2: an address has one `@` outside quotation marks",
    why: "a gullible app splits at the first `@`, or matches only the beginning, and sees the \
           other user; a strict one refuses",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    alternative_names(
        mint,
        &[GeneralName::Email(
            format!("{}@stranger.test", victim_address(mint)).into_bytes(),
        )],
    )
}
