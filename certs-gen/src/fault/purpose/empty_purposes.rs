//! The extended key usage is an empty list.

use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "empty-purposes",
    group: Group::Purpose,
    title: "the extended key usage is an empty list",
    clause: "RFC 5280 4.2.1.12: SEQUENCE SIZE (1..MAX)",
    why: "a gullible server takes an empty list for no restriction; a strict one refuses, for \
           nothing is allowed",
    twin: "alice",
    openssl: refused(
        "unsuitable certificate purpose",
        "clientAuth is not in an empty list",
    ),
    webpki: refused("EmptyEkuExtension", "an empty list is not valid"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.replace(Extension::extended_key_usage(&[])))
}
