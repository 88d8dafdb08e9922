//! An iPAddress of five octets stands beside the own alternative names.

use super::also_named;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "address-of-5-octets",
    group: Group::Encoding,
    title: "an iPAddress of five octets stands beside the own alternative names",
    clause: "RFC 5280 4.2.1.6: four octets, or sixteen",
    why: "a gullible parser reads past the end, or compares the first four; a strict one refuses, \
           or passes over the name",
    twin: "alice",
    openssl: accepted("an address is looked at only under constraints or for a host"),
    webpki: accepted("an address is looked at only under constraints or for a host"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    also_named(mint, GeneralName::Ip(vec![127, 0, 0, 1, 0]).to_der())
}
