//! The subject is empty and there are no alternative names.

use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::Name;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "no-names",
    group: Group::Names,
    title: "the subject is empty and there are no alternative names",
    clause: "RFC 5280 4.1.2.6: a subject without a name needs alternative names",
    why: "a gullible app lets a verified nobody in, since the handshake has succeeded; a strict \
           one refuses",
    twin: "alice",
    openssl: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    webpki: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| {
        draft.subject = Name::default().to_der();
        draft.remove(oid::SUBJECT_ALT_NAME);
    })
}
