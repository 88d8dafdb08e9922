//! The extended key usage allows emailProtection only.

use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "email-protection-only",
    group: Group::Purpose,
    title: "the extended key usage allows emailProtection only",
    clause: "RFC 5280 4.2.1.12; CVE-2022-21657 (Envoy)",
    why: "a gullible server does not look at the purpose, so every S/MIME certificate of the \
           CA is a client; a strict one wants clientAuth",
    twin: "alice",
    openssl: refused(
        "unsuitable certificate purpose",
        "clientAuth is not among the purposes",
    ),
    webpki: refused("RequiredEkuNotFound", "clientAuth is not among the purposes"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.replace(Extension::extended_key_usage(&[oid::EMAIL_PROTECTION])))
}
