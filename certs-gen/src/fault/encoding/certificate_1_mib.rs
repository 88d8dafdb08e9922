//! An extension makes the certificate larger than 1 MiB.

use super::{filler, unknown_extension};
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

/// Octets of the filler.
const SIZE: usize = 1024 * 1024;

pub(super) static FAULT: Fault = Fault {
    name: "certificate-1-mib",
    group: Group::Encoding,
    title: "an extension makes the certificate larger than 1 MiB",
    clause: "RFC 8446 4.4.2 allows 2^24-1 octets; CWE-770",
    why: "a gullible server reads and keeps all of it, or hands on a header that the app cannot \
           take; a strict one has a limit, and is alive afterwards",
    twin: "alice",
    openssl: accepted(
        "the command has no limit; a TLS server of this library has one of 100 KiB for the list \
           of certificates",
    ),
    webpki: refused(
        "TrailingData(SignedData)",
        "the reader takes lengths of two octets at most, and reports that the certificate could \
           not be used up",
    ),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    unknown_extension(mint, der::octets(&filler(mint, SIZE)))
}
