//! A directoryName of another user stands beside the own alternative names.

use super::also_named;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::{Attribute, GeneralName};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "directory-name-admin",
    group: Group::Names,
    title: "a directoryName of another user stands beside the own alternative names",
    clause: "RFC 5280 4.2.1.6",
    why: "a gullible app searches the printed certificate for the first `CN =` of its liking and \
           finds the other user's; a strict one reads the subject field",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let other = mint
        .user()
        .subject
        .clone()
        .with_common_name(Attribute::text(oid::COMMON_NAME, &mint.victim()));
    also_named(mint, GeneralName::Directory(other))
}
