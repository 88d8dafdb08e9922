//! The public key is a point that does not lie on its curve.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "point-off-curve",
    group: Group::Signature,
    title: "the public key is a point that does not lie on its curve",
    clause: "SEC 1 3.2.2; RFC 8446 4.2.8.2 wants points validated",
    why: "a gullible server computes with it, on a weaker curve of the attacker's choice; a \
           strict one validates the point",
    twin: "alice",
    openssl: refused(
        "unspecified certificate verification error",
        "the leaf's key must be decoded to see whether the leaf is self-signed, and cannot be",
    ),
    webpki: accepted("a chain check does not judge the leaf's key, which signs nothing in the chain"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let key = mint.key()?;
    let mut spki = key.spki_der().to_vec();
    // An x has two points only, y and its negative, and a flipped bit makes neither.
    if let Some(last) = spki.last_mut() {
        *last ^= 1;
    }
    mint.altered_under(mint.authority(Role::Issuing)?, key.disguised(spki), |_| {})
}
