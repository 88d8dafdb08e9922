//! The extended key usage allows OCSPSigning only.

use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "ocsp-signing-only",
    group: Group::Purpose,
    title: "the extended key usage allows OCSPSigning only",
    clause: "RFC 5280 4.2.1.12; CVE-2022-21657 (Envoy)",
    why: "a gullible server does not look at the purpose, so the OCSP responder's key opens \
           the API; a strict one wants clientAuth",
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
    mint.altered(|draft| draft.replace(Extension::extended_key_usage(&[oid::OCSP_SIGNING])))
}
