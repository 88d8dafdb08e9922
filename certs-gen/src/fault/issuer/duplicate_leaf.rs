//! The leaf stands in the chain twice.

use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "duplicate-leaf",
    group: Group::Issuer,
    title: "the leaf stands in the chain twice",
    clause: "RFC 8446 4.4.2: each certificate SHOULD certify the one before it",
    why: "TLS 1.2 stacks that want the exact order refuse, path builders skip the second copy",
    twin: "alice",
    openssl: accepted("the chain is as good as the twin's for it"),
    webpki: accepted("the chain is as good as the twin's for it"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let mut minted = mint.altered(|_| {})?;
    minted.chain.extend(minted.chain.first().cloned());
    Ok(minted)
}
