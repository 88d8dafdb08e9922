//! The certificate has a subject unique identifier.

use super::fields;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "unique-identifier",
    group: Group::Encoding,
    title: "the certificate has a subject unique identifier",
    clause: "RFC 5280 4.1.2.8: conforming issuers must not make them, readers should be able to read \
           them",
    why: "a gullible app takes it for the user; a strict one passes over it, or refuses",
    twin: "alice",
    openssl: accepted("the field is read and not used"),
    webpki: refused(
        "TrailingData(CertificateExtensions)",
        "unique identifiers are not supported; the field is taken for the extensions, and what \
           follows cannot be used up",
    ),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let identifier = [&[0][..], mint.victim().as_bytes()].concat();
    fields(mint, |fields| {
        let extensions = fields.len().saturating_sub(1);
        fields.insert(extensions, der::context_primitive(2, &identifier));
    })
}
