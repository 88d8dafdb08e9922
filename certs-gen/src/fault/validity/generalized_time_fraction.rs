//! NotAfter has a fraction of a second.

use crate::der::{self, DAY};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "generalized-time-fraction",
    group: Group::Validity,
    title: "notAfter has a fraction of a second",
    clause: "RFC 5280 4.1.2.5.2: GeneralizedTime MUST NOT include fractional seconds",
    why: "two parsers may round differently or one may cut the text; a strict one refuses the \
           form",
    twin: "alice",
    openssl: refused(
        "format error in certificate",
        "the form is not among the allowed ones",
    ),
    webpki: refused("BadDerTime", "only whole seconds are read"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let whole = der::generalized_time(mint.now() + 30 * DAY);
    let mut text = whole.get(2..16).unwrap_or_default().to_vec();
    text.extend_from_slice(b".5Z");
    mint.altered(|draft| draft.not_after = der::tlv(der::GENERALIZED_TIME, &text))
}
