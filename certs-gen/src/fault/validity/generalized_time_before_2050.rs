//! NotAfter is before 2050 and written as GeneralizedTime.

use crate::der::{self, DAY};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "generalized-time-before-2050",
    group: Group::Validity,
    title: "notAfter is before 2050 and written as GeneralizedTime",
    clause: "RFC 5280 4.1.2.5: UTCTime MUST be used through 2049",
    why: "the time is the same however it is written; a strict parser refuses the form, most \
           read it",
    twin: "alice",
    openssl: accepted("either form is read"),
    webpki: accepted("either form is read"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.not_after = der::generalized_time(mint.now() + 30 * DAY))
}
