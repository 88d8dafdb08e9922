//! The certificate ends sixteen octets early.

use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "truncated-der",
    group: Group::Presence,
    title: "the certificate ends sixteen octets early",
    clause: "X.690 8.1.3: the length octets tell how much there is",
    why: "a fragile parser reads past the end or accepts what it has; a strict one refuses",
    twin: "alice",
    openssl: refused("Could not read certificate", "the outer length runs over the end"),
    webpki: refused("TrailingData", "the bytes are not one element and nothing else"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.spoiled(|mut leaf| {
        leaf.truncate(leaf.len().saturating_sub(16));
        leaf
    })
}
