//! The common name is `alice/CN=admin`, one value with a slash in it.

use super::common_name;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cn-slash-admin",
    group: Group::Names,
    title: "the common name is `alice/CN=admin`, one value with a slash in it",
    clause: "the one-line form of X509_NAME_oneline(3) has slashes between the parts and does not \
           escape them",
    why: "a gullible app splits a one-line name at its slashes and finds a second CN; a strict one \
           reads the attribute from the certificate, where its value is one string",
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
        format!("{}/CN={}", mint.user().name, mint.victim()).as_bytes(),
    )
}
