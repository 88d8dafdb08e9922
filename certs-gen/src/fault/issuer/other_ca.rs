//! A chain under another root, made like a public web CA's.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "other-ca",
    group: Group::Issuer,
    title: "a chain under another root, made like a public web CA's",
    clause: "RFC 5280 6.1.1 (d): the trust anchor is the one that was configured; CVE-2026-27586 \
           (Caddy fell back to the system's roots)",
    why: "a gullible server trusts the system's roots for clients too, so anybody who can buy \
           a certificate is a client; a strict one trusts the configured root only",
    twin: "alice",
    openssl: refused("unable to get local issuer certificate", "the root is no anchor"),
    webpki: refused("UnknownIssuer", "the root is no anchor"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered_under(mint.authority(Role::Public)?, mint.key()?, |_| {})
}
