//! The subject has a relative name without attributes.

use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "empty-relative-name",
    group: Group::Encoding,
    title: "the subject has a relative name without attributes",
    clause: "RFC 5280 4.1.2.4: RelativeDistinguishedName is SET SIZE (1..MAX)",
    why: "a gullible parser takes the first attribute without looking whether there is one; a \
           strict one refuses",
    twin: "alice",
    openssl: accepted("a set may be empty for the parser"),
    webpki: accepted("the subject of a leaf is passed through as bytes"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let mut name = mint.user().subject.clone();
    name.0.push(Vec::new());
    mint.altered(|draft| draft.subject = name.to_der())
}
