//! The certificate has no alternative names, the user is named by the common name alone.

use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-only",
    group: Group::Names,
    title: "the certificate has no alternative names, the user is named by the common name alone",
    clause: "RFC 9525 2: names for TLS are alternative names; RFC 5280 4.1.2.6 allows this",
    why: "the name is true and no other; an app that maps users by alternative name must see \
           nobody, not a user with an empty address",
    twin: "alice",
    openssl: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    webpki: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.remove(oid::SUBJECT_ALT_NAME))
}
