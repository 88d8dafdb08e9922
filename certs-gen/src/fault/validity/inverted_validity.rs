//! NotAfter lies twenty days before notBefore, and now between the two.

use crate::der::{self, DAY};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "inverted-validity",
    group: Group::Validity,
    title: "notAfter lies twenty days before notBefore, and now between the two",
    clause: "RFC 5280 4.1.2.5: the period runs from notBefore through notAfter",
    why: "a gullible server that sorts the two times, or checks one of them only, finds itself \
           inside; a strict one refuses, since no time is in an empty period",
    twin: "alice",
    openssl: refused(
        "certificate is not yet valid",
        "both comparisons fail, the first is reported first",
    ),
    webpki: refused("InvalidCertValidity", "the period is checked for order first"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| {
        draft.not_before = der::time(mint.now() + 10 * DAY);
        draft.not_after = der::time(mint.now() - 10 * DAY);
    })
}
