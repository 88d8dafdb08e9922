//! The common name is `admin`, a NUL and `.alice`.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-nul",
    group: Group::Names,
    title: "the common name is `admin`, a NUL and `.alice`",
    clause: "CVE-2009-2408 (NSS); CVE-2013-4238 (Python); CWE-158",
    why: "a gullible app in C reads up to the NUL and sees the other user; a strict one refuses, \
           or sees the whole",
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
        format!("{}\0.{}", mint.victim(), mint.user().name).as_bytes(),
    )
}
