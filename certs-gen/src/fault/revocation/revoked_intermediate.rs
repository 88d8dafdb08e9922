//! The intermediate is on the root's CRL, the leaf is on none.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "revoked-intermediate",
    group: Group::Revocation,
    title: "the intermediate is on the root's CRL, the leaf is on none",
    clause: "RFC 5280 6.1.3 (a)(3): every certificate of the path; RFC 5280 6.3.3",
    why: "a server that checks the leaf only (OpenSSL without CRL_CHECK_ALL) grants every leaf \
           of a lost intermediate; a strict one checks each level",
    twin: "alice-via-sibling",
    openssl: refused(
        "certificate revoked",
        "the root's list has the intermediate's serial number",
    ),
    webpki: refused(
        "CertRevoked",
        "the root's list has the intermediate's serial number",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered_under(mint.authority(Role::Revoked)?, mint.key()?, |_| {})
}
