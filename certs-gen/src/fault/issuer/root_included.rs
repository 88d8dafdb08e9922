//! The chain carries the root too.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "root-included",
    group: Group::Issuer,
    title: "the chain carries the root too",
    clause: "RFC 8446 4.4.2: the anchor MAY be omitted",
    why: "nothing is gained or lost; a few stacks count it against their depth limit, and a \
           gullible one trusts it because it is self-signed",
    twin: "alice",
    openssl: accepted("the chain is as good as the twin's for it"),
    webpki: accepted("the chain is as good as the twin's for it"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let root = mint.authority(Role::Root)?.certificate.clone();
    let mut minted = mint.altered(|_| {})?;
    minted.chain.push(root);
    Ok(minted)
}
