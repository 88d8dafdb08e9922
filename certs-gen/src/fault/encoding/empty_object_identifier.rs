//! The extended key usage has a second purpose with no octets.

use super::purposes;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "empty-object-identifier",
    group: Group::Encoding,
    title: "the extended key usage has a second purpose with no octets",
    clause: "X.690 8.19.2: at least one subidentifier",
    why: "a gullible parser looks at the first octet; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "ossl_x509v3_cache_extensions",
        "the list of purposes cannot be decoded, which makes the certificate invalid",
    ),
    webpki: accepted("the list is read up to the purpose that is looked for, which comes first"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    purposes(
        mint,
        &[
            &der::oid(oid::CLIENT_AUTH),
            &der::tlv(der::OBJECT_IDENTIFIER, &[]),
        ],
    )
}
