//! The signature algorithm is one that nobody knows.

use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "outer-algorithm-unknown",
    group: Group::Signature,
    title: "the signature algorithm is one that nobody knows",
    clause: "RFC 5280 4.1.1.2; CVE-2024-24783 is the same surprise in a key",
    why: "a fragile server crashes, a gullible one skips what it cannot verify; a strict one \
           refuses",
    twin: "alice",
    openssl: refused(
        "unable to get local issuer certificate",
        "no candidate's key fits the signature algorithm, so none is the issuer",
    ),
    webpki: refused("UnsupportedSignatureAlgorithm", "the algorithm is not known"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let unknown = der::sequence(&[&der::oid(oid::UNKNOWN)]);
    mint.altered(|draft| {
        draft.inner_algorithm = Some(unknown.clone());
        draft.outer_algorithm = Some(unknown);
    })
}
