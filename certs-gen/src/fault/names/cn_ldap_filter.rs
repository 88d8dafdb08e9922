//! The common name closes an LDAP filter and opens another for any user.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-ldap-filter",
    group: Group::Names,
    title: "the common name closes an LDAP filter and opens another for any user",
    clause: "RFC 4515 3: parentheses and asterisks are escaped; CWE-90",
    why: "a gullible app looks the name up with a filter pasted together, and finds the other \
           user; a strict one escapes it",
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
        format!("{})(|(cn={})", mint.user().name, mint.victim()).as_bytes(),
    )
}
