//! The intermediate becomes valid in ten days, the leaf is.

use crate::der::{self, DAY};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "not-yet-valid-intermediate",
    group: Group::Validity,
    title: "the intermediate becomes valid in ten days, the leaf is",
    clause: "RFC 5280 6.1.3 (a)(2): every certificate of the path",
    why: "a gullible server checks the times of the leaf only; a strict one checks each \
           certificate",
    twin: "alice",
    openssl: refused(
        "certificate is not yet valid",
        "the intermediate's notBefore is to come",
    ),
    webpki: refused("CertNotValidYet", "the intermediate's notBefore is to come"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.under_altered_issuing(|draft| draft.not_before = der::time(mint.now() + 10 * DAY))
}
