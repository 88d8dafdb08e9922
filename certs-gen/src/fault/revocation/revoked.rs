//! The certificate is on its issuer's CRL.

use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "revoked",
    group: Group::Revocation,
    title: "the certificate is on its issuer's CRL",
    clause: "RFC 5280 6.3.3; CVE-2026-28755 (nginx stream: OCSP result ignored)",
    why: "a gullible server has no list, an old one, or fails open when it cannot be read; a \
           strict one refuses this serial number and grants its siblings",
    twin: "alice",
    openssl: refused(
        "certificate revoked",
        "the issuing authority's list has its serial number",
    ),
    webpki: refused(
        "CertRevoked",
        "the issuing authority's list has its serial number",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|_| {})
}
