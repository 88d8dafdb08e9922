//! The certificate list has one entry of no octets.

use crate::fault::{Fault, Group, Mint, Minted, Strict, not_asked, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "zero-length-entry",
    group: Group::Presence,
    title: "the certificate list has one entry of no octets",
    clause: "RFC 8446 4.4.2: cert_data is at least one octet long",
    why: "a gullible server counts the entries and goes on; a strict one aborts with \
           decode_error",
    twin: "alice",
    openssl: not_asked("there is no certificate to verify"),
    webpki: refused("TrailingData", "the bytes are not one element and nothing else"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    Ok(Minted {
        chain: vec![Vec::new()],
        key: mint.key()?,
    })
}
