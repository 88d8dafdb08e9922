//! The two intermediates of the chain stand in the wrong order.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "wrong-order",
    group: Group::Issuer,
    title: "the two intermediates of the chain stand in the wrong order",
    clause: "RFC 5246 7.4.2: each following certificate MUST certify the one before; RFC 8446 \
           4.4.2 tells receivers to be prepared for any order",
    why: "a path builder sorts them, a strict TLS 1.2 stack refuses",
    twin: "alice-via-deep",
    openssl: accepted("the path is built whatever the order"),
    webpki: accepted("the path is built whatever the order"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let mut minted = mint.altered_under(mint.authority(Role::Deep)?, mint.key()?, |_| {})?;
    minted.chain.get_mut(1..).unwrap_or_default().reverse();
    Ok(minted)
}
