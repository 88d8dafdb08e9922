//! The only certificate is 64 octets of noise.

use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "garbage-der",
    group: Group::Presence,
    title: "the only certificate is 64 octets of noise",
    clause: "RFC 5280 4.1; CVE-2024-24783 is a crash over a certificate that no parser expects",
    why: "a fragile server crashes or leaks a stack trace; a strict one aborts with \
           bad_certificate or decode_error and serves the next client",
    twin: "alice",
    openssl: refused("Could not read certificate", "it is no ASN.1"),
    webpki: refused("TrailingData", "the bytes are not one element and nothing else"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let noise = [mint.noise("first"), mint.noise("second")].concat();
    Ok(Minted {
        chain: vec![noise],
        key: mint.key()?,
    })
}
