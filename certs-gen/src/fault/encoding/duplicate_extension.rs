//! A second extended key usage extension says serverAuth.

use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "duplicate-extension",
    group: Group::Encoding,
    title: "a second extended key usage extension says serverAuth",
    clause: "RFC 5280 4.2: not more than one instance of an extension",
    why: "one reader takes the first, another the last; a strict one refuses",
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
    mint.altered(|draft| {
        draft
            .extensions
            .push(Extension::extended_key_usage(&[oid::SERVER_AUTH]));
    })
}
