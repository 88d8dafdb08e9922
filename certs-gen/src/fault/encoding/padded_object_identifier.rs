//! The purpose is clientAuth with a zero group before its last number.

use super::{inside, purposes};
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "padded-object-identifier",
    group: Group::Encoding,
    title: "the purpose is clientAuth with a zero group before its last number",
    clause: "X.690 8.19.2: the fewest octets",
    why: "a gullible parser computes the numbers and sees clientAuth, where another sees an \
           unknown purpose; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "ossl_x509v3_cache_extensions",
        "the list of purposes cannot be decoded, which makes the certificate invalid",
    ),
    webpki: refused("RequiredEkuNotFound", "identifiers are compared as octets"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let mut arcs = inside(&der::oid(oid::CLIENT_AUTH)).to_vec();
    arcs.insert(arcs.len().saturating_sub(1), 0x80);
    purposes(mint, &[&der::tlv(der::OBJECT_IDENTIFIER, &arcs)])
}
