//! The parts of the subject stand in the reverse order.

use super::subject;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "reversed-subject",
    group: Group::Names,
    title: "the parts of the subject stand in the reverse order",
    clause: "RFC 4514 2.1 prints from the last part to the first; RFC 5280 7.1: order matters",
    why: "a gullible app compares printed names of the other order, or takes the first part for \
           the most specific; a strict one sees a name that nobody has",
    twin: "alice",
    openssl: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    webpki: accepted("a path can be valid without any name at its end (RFC 5280 6.1)"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    subject(mint, |name| name.0.reverse())
}
