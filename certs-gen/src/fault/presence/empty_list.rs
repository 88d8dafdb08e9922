//! The client sends a Certificate message with an empty list.

use crate::fault::{Fault, Group, Mint, Minted, Strict, not_asked};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "empty-list",
    group: Group::Presence,
    title: "the client sends a Certificate message with an empty list",
    clause: "RFC 8446 4.4.2.4: a server that requires a certificate may abort with \
           certificate_required",
    why: "a gullible server takes the message for an answer and goes on without looking \
           inside; a strict one treats an empty list like no certificate",
    twin: "alice",
    openssl: not_asked("there is no certificate to verify"),
    webpki: not_asked("there is no certificate to verify"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    Ok(Minted {
        chain: Vec::new(),
        key: mint.key()?,
    })
}
