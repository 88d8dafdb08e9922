//! One URI holds a comma and then `email:` with another user's address.

use super::{also_named, victim_address};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "san-comma-admin",
    group: Group::Names,
    title: "one URI holds a comma and then `email:` with another user's address",
    clause: "CVE-2021-44532 (Node): a list of alternative names printed with commas",
    why: "a gullible app splits the printed list at its commas and finds the other user; a strict \
           one reads the extension",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let text = format!("https://alice.example.test/, email:{}", victim_address(mint));
    also_named(mint, GeneralName::Uri(text.into_bytes()))
}
