//! The leaf's dNSName is a wildcard that is wider than what the intermediate permits.

use super::{PERMITTED, constrained};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "constraint-dns-wildcard",
    group: Group::Names,
    title: "the leaf's dNSName is a wildcard that is wider than what the intermediate permits",
    clause: "RFC 5280 4.2.1.10 and 6.1.3 (b), (c); RUSTSEC-2026-0099 (webpki)",
    why: "a gullible server compares the wildcard as if it were one host, so that a CA for one \
           host speaks for its neighbours; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "permitted subtree violation",
        "the wildcard is compared as text, and does not end in the permitted name",
    ),
    webpki: refused(
        "NameConstraintViolation",
        "a wildcard must lie within the permitted subtree as a whole",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let own = GeneralName::Dns(b"*.example.test".to_vec());
    let permitted = GeneralName::Dns(b"partner.example.test".to_vec());
    constrained(mint, Some(own), PERMITTED, &permitted)
}
