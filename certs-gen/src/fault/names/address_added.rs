//! An iPAddress 127.0.0.1 stands beside the own alternative names.

use std::net::Ipv4Addr;

use super::also_named;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "address-added",
    group: Group::Names,
    title: "an iPAddress 127.0.0.1 stands beside the own alternative names",
    clause: "RFC 5280 4.2.1.6; CWE-291",
    why: "a gullible app takes a certificate for 127.0.0.1 for the proxy or the host itself; a \
           strict one takes users from one structured field only",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    also_named(mint, GeneralName::address(Ipv4Addr::LOCALHOST.into()))
}
