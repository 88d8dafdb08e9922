//! A dNSName with another user's name stands beside the own alternative names.

use super::also_named;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "dns-name-admin",
    group: Group::Names,
    title: "a dNSName with another user's name stands beside the own alternative names",
    clause: "RFC 5280 4.2.1.6: a dNSName names a host",
    why: "a gullible app takes any alternative name for a user, whatever its kind; a strict one \
           looks at one kind only",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    also_named(mint, GeneralName::Dns(mint.victim().into_bytes()))
}
