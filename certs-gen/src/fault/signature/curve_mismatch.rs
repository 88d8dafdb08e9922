//! The public key names P-384 and holds a point of P-256.

use crate::authority::Role;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "curve-mismatch",
    group: Group::Signature,
    title: "the public key names P-384 and holds a point of P-256",
    clause: "RFC 5480 2.2; CVE-2020-0601 (curve parameters of the attacker's choice)",
    why: "a gullible server takes the point for what the key says elsewhere, or crashes on its \
           length; a strict one refuses",
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
    let bits = der::Reader::new(key.spki_der())
        .content(der::SEQUENCE)
        .and_then(|spki| {
            let mut fields = der::Reader::new(spki);
            fields.content(der::SEQUENCE)?;
            fields.whole(der::BIT_STRING)
        })?;
    let algorithm = der::sequence(&[&der::oid(oid::EC_PUBLIC_KEY), &der::oid(oid::P384)]);
    let spki = der::sequence(&[&algorithm, bits]);
    mint.altered_under(mint.authority(Role::Issuing)?, key.disguised(spki), |_| {})
}
