//! The certificate expired a day ago.

use crate::der::{self, DAY};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "expired-1-day",
    group: Group::Validity,
    title: "the certificate expired a day ago",
    clause: "RFC 5280 4.1.2.5 and 6.1.3 (a)(2)",
    why: "a gullible server does not look at notAfter, or looks with the offset of a time \
           zone; a strict one refuses from the second after notAfter",
    twin: "alice",
    openssl: refused(
        "certificate has expired",
        "notAfter is a day before the time asked about",
    ),
    webpki: refused("CertExpired", "notAfter is a day before the time asked about"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| {
        draft.not_before = der::time(mint.now() - 31 * DAY);
        draft.not_after = der::time(mint.now() - DAY);
    })
}
