//! The common name is another user's in full-width letters.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

/// From a letter of ASCII to its full-width form.
const WIDE: u32 = 0xfee0;

pub(super) static FAULT: Fault = Fault {
    name: "cn-fullwidth",
    group: Group::Names,
    title: "the common name is another user's in full-width letters",
    clause: "UAX 15: compatibility forms; CWE-176",
    why: "a gullible app normalises with NFKC after it has compared, or at one of two places only; \
           a strict one compares what was signed",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let wide: String = mint
        .victim()
        .chars()
        .map(|letter| match letter {
            '!'..='~' => char::from_u32(u32::from(letter) + WIDE).unwrap_or(letter),
            other => other,
        })
        .collect();
    common_name(mint, der::UTF8_STRING, wide.as_bytes())
}
