//! The common name begins with `#` and then spells another user's name in hexadecimal DER.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-hash-admin",
    group: Group::Names,
    title: "the common name begins with `#` and then spells another user's name in hexadecimal DER",
    clause: "RFC 4514 2.4: a leading `#` is escaped, since an unescaped one announces hexadecimal DER",
    why: "a gullible printer leaves the sign as it is, and the reader decodes the other user's \
           name; a strict one escapes it",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let spelled: String = der::tlv(der::UTF8_STRING, mint.victim().as_bytes())
        .iter()
        .map(|octet| format!("{octet:02x}"))
        .collect();
    common_name(mint, der::UTF8_STRING, format!("#{spelled}").as_bytes())
}
