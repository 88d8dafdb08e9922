//! The common name climbs a folder, `alice/../admin`.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-path-admin",
    group: Group::Names,
    title: "the common name climbs a folder, `alice/../admin`",
    clause: "CWE-22",
    why: "a gullible app puts the name into a path or an address, where it becomes the other \
           user's; a strict one does not build paths of names",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    common_name(
        mint,
        der::UTF8_STRING,
        format!("{}/../{}", mint.user().name, mint.victim()).as_bytes(),
    )
}
