//! The intermediate expired a day ago, the leaf did not.

use crate::der::{self, DAY};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "expired-intermediate",
    group: Group::Validity,
    title: "the intermediate expired a day ago, the leaf did not",
    clause: "RFC 5280 6.1.3 (a)(2): every certificate of the path",
    why: "a gullible server checks the times of the leaf only; a strict one checks each \
           certificate",
    twin: "alice",
    openssl: refused("certificate has expired", "the intermediate's notAfter is past"),
    webpki: refused("CertExpired", "the intermediate's notAfter is past"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.under_altered_issuing(|draft| draft.not_after = der::time(mint.now() - DAY))
}
