//! The certificate expired a second ago.

use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "expired-1-second",
    group: Group::Validity,
    title: "the certificate expired a second ago",
    clause: "RFC 5280 4.1.2.5: valid through notAfter, not after it",
    why: "a gullible server grants a grace period or compares days; a strict one refuses from \
           the second after notAfter, the clocks being right",
    twin: "alice",
    openssl: refused(
        "certificate has expired",
        "notAfter is one second before the time asked about",
    ),
    webpki: refused(
        "CertExpired",
        "notAfter is one second before the time asked about",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.not_after = der::time(mint.now() - 1))
}
