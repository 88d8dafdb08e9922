//! An otherName holds 10,000 nested SEQUENCEs.

use super::also_named;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::oid;
use crate::spec::PkiError;

/// Elements within each other.
const LEVELS: usize = 10_000;

pub(super) static FAULT: Fault = Fault {
    name: "deep-nesting",
    group: Group::Encoding,
    title: "an otherName holds 10,000 nested SEQUENCEs",
    clause: "CWE-674",
    why: "a gullible parser calls itself once a level until its stack ends, and takes the server \
           with it; a strict one has a limit, or does not look inside what it does not know",
    twin: "alice",
    openssl: accepted("the value of an otherName is kept without looking inside"),
    webpki: accepted("the value of an otherName is kept without looking inside"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let mut headers = Vec::new();
    let mut size = 0;
    for _ in 0..LEVELS {
        let mut header = vec![der::SEQUENCE];
        header.extend(der::length(size));
        size += header.len();
        headers.push(header);
    }
    headers.reverse();
    also_named(mint, GeneralName::Other(oid::UNKNOWN, headers.concat()).to_der())
}
