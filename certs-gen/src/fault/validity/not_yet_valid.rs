//! The certificate becomes valid in ten days.

use crate::der::{self, DAY};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "not-yet-valid",
    group: Group::Validity,
    title: "the certificate becomes valid in ten days",
    clause: "RFC 5280 4.1.2.5 and 6.1.3 (a)(2)",
    why: "a gullible server checks notAfter only; a strict one refuses before notBefore",
    twin: "alice",
    openssl: refused(
        "certificate is not yet valid",
        "notBefore is ten days after the time asked about",
    ),
    webpki: refused(
        "CertNotValidYet",
        "notBefore is ten days after the time asked about",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.not_before = der::time(mint.now() + 10 * DAY))
}
