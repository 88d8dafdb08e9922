//! NotAfter is in 2051 and written as UTCTime, which says 1951.

use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "not-after-2050-utc-time",
    group: Group::Validity,
    title: "notAfter is in 2051 and written as UTCTime, which says 1951",
    clause: "RFC 5280 4.1.2.5.1: UTCTime years 50 to 99 are 1950 to 1999",
    why: "a gullible server whose two-digit window is another grants it for decades; a strict \
           one reads 1951 and refuses",
    twin: "alice",
    openssl: refused("certificate has expired", "51 is 1951"),
    webpki: refused(
        "BadDerTime",
        "51 is 1951, before the Unix epoch, which its times begin with",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.not_after = der::utc_time(UNIX_2051))
}

/// 2051-01-01T00:00:00Z.
const UNIX_2051: i64 = 2_556_144_000;
