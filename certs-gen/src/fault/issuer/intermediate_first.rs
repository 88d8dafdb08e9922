//! The intermediate stands in front of the leaf, the key is the leaf's.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "intermediate-first",
    group: Group::Issuer,
    title: "the intermediate stands in front of the leaf, the key is the leaf's",
    clause: "RFC 8446 4.4.2: the sender's certificate MUST come first",
    why: "a gullible server looks for the certificate that fits the key, and an app that is \
           given the first one sees the CA as its user; a strict one takes the first, whose key \
           did not sign",
    twin: "alice",
    openssl: refused(
        "unsuitable certificate purpose",
        "the first certificate is a CA, and its CA purpose is not that of a client",
    ),
    webpki: refused("CaUsedAsEndEntity", "the first certificate is a CA"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let mut minted = mint.altered(|_| {})?;
    if minted.chain.len() < 2 {
        return Err(PkiError::NeedsRoot(Role::Root));
    }
    minted.chain.reverse();
    Ok(minted)
}
