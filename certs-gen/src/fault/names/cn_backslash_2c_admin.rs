//! The common name is `alice\2cCN=admin`, an escape of the printed form as plain letters.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-backslash-2c-admin",
    group: Group::Names,
    title: "the common name is `alice\\2cCN=admin`, an escape of the printed form as plain letters",
    clause: "RFC 4514 2.4 and 3: a backslash in a value is escaped",
    why: "a gullible app unescapes twice and finds a comma and a second CN; a strict one reads the \
           attribute from the certificate, where its value is one string",
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
        format!("{}\\2cCN={}", mint.user().name, mint.victim()).as_bytes(),
    )
}
