//! The key usage has no bit set.

use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "empty-key-usage",
    group: Group::Purpose,
    title: "the key usage has no bit set",
    clause: "RFC 5280 4.2.1.3: at least one bit MUST be set",
    why: "a gullible server takes no bits for no restriction; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "unable to get local issuer certificate",
        "an empty bit string is not valid for it, and a leaf whose extensions do not parse is \
           matched with no issuer",
    ),
    webpki: accepted("it reads keyUsage of no certificate"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.replace(Extension::key_usage(&[])))
}
