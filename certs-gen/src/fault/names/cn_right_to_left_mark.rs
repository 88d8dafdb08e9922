//! The common name is another user's and a right-to-left mark.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-right-to-left-mark",
    group: Group::Names,
    title: "the common name is another user's and a right-to-left mark",
    clause: "RFC 4518 2.2 maps the mark to nothing; UTR 36",
    why: "a gullible app drops what is not seen; a strict one compares what was signed, or refuses",
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
        format!("{}\u{200f}", mint.victim()).as_bytes(),
    )
}
