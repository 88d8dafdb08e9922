//! NotAfter has no seconds.

use crate::der::{self, DAY};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "utc-time-without-seconds",
    group: Group::Validity,
    title: "notAfter has no seconds",
    clause: "RFC 5280 4.1.2.5.1: UTCTime MUST include seconds",
    why: "BER allows the short form, and a lenient parser may read another time out of it; a \
           strict one refuses",
    twin: "alice",
    openssl: refused("format error in certificate", "DER needs the seconds"),
    webpki: refused("BadDerTime", "the seconds are not optional"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let zulu = der::utc_time(mint.now() + 30 * DAY);
    let mut text = zulu.get(2..12).unwrap_or_default().to_vec();
    text.push(b'Z');
    mint.altered(|draft| draft.not_after = der::tlv(der::UTC_TIME, &text))
}
