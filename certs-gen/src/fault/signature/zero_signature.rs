//! The signature is a well-formed ECDSA pair of zeros.

use crate::authority::Role;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "zero-signature",
    group: Group::Signature,
    title: "the signature is a well-formed ECDSA pair of zeros",
    clause: "FIPS 186-5 6.4.2: r and s lie in 1 to n-1; CVE-2022-21449 (Java, psychic signatures)",
    why: "a gullible server does the arithmetic without the range check and everything \
           verifies; a strict one refuses",
    twin: "alice",
    openssl: refused("signature failure", "r and s are out of range"),
    webpki: refused("InvalidSignatureForPublicKey", "r and s are out of range"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let zeros = der::sequence(&[&der::small(0), &der::small(0)]);
    let issuing = mint.authority(Role::Issuing)?;
    mint.lying(issuing, issuing.key.usual_signature(), |_, _| zeros)
}
