//! The certificate expired ten years ago.

use crate::der::{self, DAY, YEAR};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "expired-10-years",
    group: Group::Validity,
    title: "the certificate expired ten years ago",
    clause: "RFC 5280 4.1.2.5 and 6.1.3 (a)(2)",
    why: "a gullible server does not look at notAfter at all; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "certificate has expired",
        "notAfter is ten years before the time asked about",
    ),
    webpki: refused("CertExpired", "notAfter is ten years before the time asked about"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| {
        draft.not_before = der::time(mint.now() - 10 * YEAR - 31 * DAY);
        draft.not_after = der::time(mint.now() - 10 * YEAR);
    })
}
