//! A chain under a root with the trusted root's name and key identifier, but another key.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "other-ca-same-name",
    group: Group::Issuer,
    title: "a chain under a root with the trusted root's name and key identifier, but another \
           key",
    clause: "RFC 5280 6.1.3 (a)(1): the signature verifies under the working public key",
    why: "a gullible server looks its anchor up by name or key identifier and stops there; a \
           strict one verifies the signature under the key that it holds",
    twin: "alice",
    openssl: refused(
        "signature failure",
        "the anchor is found by name, its key does not verify the chain",
    ),
    webpki: refused(
        "InvalidSignatureForPublicKey",
        "the anchor is found by name, its key does not verify the chain",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered_under(mint.authority(Role::ImpostorIssuing)?, mint.key()?, |_| {})
}
