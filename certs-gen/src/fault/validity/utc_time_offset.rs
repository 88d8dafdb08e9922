//! NotAfter has a time zone instead of Z.

use crate::der::{self, DAY};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "utc-time-offset",
    group: Group::Validity,
    title: "notAfter has a time zone instead of Z",
    clause: "RFC 5280 4.1.2.5.1: UTCTime MUST be expressed in Greenwich Mean Time (Z)",
    why: "a gullible parser ignores the offset, another applies it: two expiry times; a strict \
           one refuses the form",
    twin: "alice",
    openssl: refused("format error in certificate", "only Z is allowed"),
    webpki: refused("BadDerTime", "only Z is read"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let zulu = der::utc_time(mint.now() + 30 * DAY);
    let mut text = zulu.get(2..14).unwrap_or_default().to_vec();
    text.extend_from_slice(b"+0100");
    mint.altered(|draft| draft.not_after = der::tlv(der::UTC_TIME, &text))
}
