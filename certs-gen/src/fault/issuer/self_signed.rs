//! A self-signed certificate with the user's own name.

use crate::authority::{Authority, Role};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "self-signed",
    group: Group::Issuer,
    title: "a self-signed certificate with the user's own name",
    clause: "RFC 5280 6.1: the path begins at a trust anchor",
    why: "a gullible server (nginx optional_no_ca, a custom verify callback) reads the subject \
           of a chain that it never anchored; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "self-signed certificate",
        "the leaf is its own issuer and no anchor",
    ),
    webpki: refused("UnknownIssuer", "no anchor has the leaf's name"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let key = mint.key()?;
    let issuing = mint.authority(Role::Issuing)?;
    let alone = Authority {
        subject: mint.user().subject.to_der(),
        key_identifier: key.key_identifier(),
        key: key.clone(),
        chain: Vec::new(),
        certificate: issuing.certificate.clone(),
    };
    mint.altered_under(&alone, key, |_| {})
}
