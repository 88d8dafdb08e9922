//! The common name is another user's with one Cyrillic letter of the same look.

use super::{common_name, look_alike};
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

/// Latin letters and the Cyrillic ones that look like them.
const CYRILLIC: &[(char, char)] = &[
    ('a', '\u{430}'),
    ('c', '\u{441}'),
    ('e', '\u{435}'),
    ('i', '\u{456}'),
    ('o', '\u{43e}'),
    ('p', '\u{440}'),
    ('x', '\u{445}'),
    ('y', '\u{443}'),
];

pub(super) static FAULT: Fault = Fault {
    name: "cn-cyrillic",
    group: Group::Names,
    title: "the common name is another user's with one Cyrillic letter of the same look",
    clause: "UTS 39 4: confusables; CWE-1007",
    why: "a gullible app folds letters that look alike, and a human in charge reads the wrong \
           name; a strict one compares code points",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let twin = look_alike(&mint.victim(), CYRILLIC)?;
    common_name(mint, der::UTF8_STRING, twin.as_bytes())
}
