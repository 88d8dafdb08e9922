//! The rfc822Name is another user's address, a NUL and more.

use super::{alternative_names, victim_address};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "email-nul",
    group: Group::Names,
    title: "the rfc822Name is another user's address, a NUL and more",
    clause: "RFC 5280 4.2.1.6: the address is an RFC 2821 mailbox; CVE-2009-2408; CVE-2013-4238; \
           CWE-158",
    why: "a gullible app in C reads up to the NUL and sees the other user; a strict one refuses, \
           or sees the whole",
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
            format!("{}\0.example.test", victim_address(mint)).into_bytes(),
        )],
    )
}
