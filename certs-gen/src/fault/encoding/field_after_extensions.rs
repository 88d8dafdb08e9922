//! The signed part has a NULL after its last field.

use super::fields;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "field-after-extensions",
    group: Group::Encoding,
    title: "the signed part has a NULL after its last field",
    clause: "RFC 5280 4.1.2: no field follows the extensions",
    why: "one reader takes it and another does not, or they see different certificates in the same \
           bytes; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "Could not read certificate file",
        "the signed part must be used up",
    ),
    webpki: refused(
        "TrailingData(CertificateTbsCertificate)",
        "the signed part must be used up",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    fields(mint, |fields| fields.push(der::null()))
}
