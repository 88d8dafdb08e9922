//! A second subjectAltName extension names another user.

use super::victim_address;
use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::name::GeneralName;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "san-twice",
    group: Group::Names,
    title: "a second subjectAltName extension names another user",
    clause: "RFC 5280 4.2: not more than one instance of an extension",
    why: "one reader takes the first, another the last, a third both; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "ossl_x509v3_cache_extensions",
        "an extension that stands twice makes the certificate invalid, which ends the search for \
           its issuer",
    ),
    webpki: refused(
        "ExtensionValueInvalid",
        "an extension that it remembers may be there only once",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    if mint.user().san.is_empty() {
        return Err(PkiError::Unavailable(
            "needs a user with an alternative name: one extension alone does not stand twice",
        ));
    }
    let other = GeneralName::Email(victim_address(mint).into_bytes());
    mint.altered(|draft| {
        draft
            .extensions
            .push(Extension::subject_alt_name(false, &[other.to_der()]));
    })
}
