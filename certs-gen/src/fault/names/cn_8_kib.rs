//! The common name is another user's, padded with spaces to 8 KiB and a last letter.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

/// Octets of the whole value.
const SIZE: usize = 8 * 1024;

pub(super) static FAULT: Fault = Fault {
    name: "cn-8-kib",
    group: Group::Names,
    title: "the common name is another user's, padded with spaces to 8 KiB and a last letter",
    clause: "RFC 5280 appendix A: ub-common-name is 64",
    why: "a gullible app or database column cuts the value, and the blanks are trimmed away, so \
           that the other user's name is left; a strict one refuses, or sees the whole",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let victim = mint.victim();
    let padding = " ".repeat(SIZE.saturating_sub(victim.len() + 1));
    common_name(mint, der::UTF8_STRING, format!("{victim}{padding}x").as_bytes())
}
