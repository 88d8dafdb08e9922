//! NotAfter is in a thirteenth month.

use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "thirteenth-month",
    group: Group::Validity,
    title: "notAfter is in a thirteenth month",
    clause: "RFC 5280 4.1.2.5; X.680 46: the month is 01 to 12",
    why: "a gullible parser rolls over into the next year or ignores the error; a strict one \
           refuses",
    twin: "alice",
    openssl: refused("format error in certificate", "there is no such month"),
    webpki: refused("BadDerTime", "there is no such month"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.not_after = der::tlv(der::UTC_TIME, b"491331235959Z"))
}
