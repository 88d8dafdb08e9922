//! A critical flag is TRUE as 0x01.

use super::extensions;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

/// The encoding of TRUE.
const TRUE: [u8; 3] = [der::BOOLEAN, 1, 0xff];

pub(super) static FAULT: Fault = Fault {
    name: "boolean-not-ff",
    group: Group::Encoding,
    title: "a critical flag is TRUE as 0x01",
    clause: "X.690 11.1: TRUE is 0xff in DER",
    why: "one reader takes any octet but zero for TRUE, another refuses, a third takes it for \
           FALSE and passes over the extension; a strict one refuses",
    twin: "alice",
    openssl: accepted("any octet but zero is TRUE"),
    webpki: refused("BadDer", "TRUE must be 0xff"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    extensions(mint, |list| {
        let flags = list.iter_mut().find_map(|extension| {
            extension
                .windows(3)
                .position(|bytes| bytes == TRUE)
                .map(|at| (extension, at))
        });
        if let Some(octet) = flags.and_then(|(extension, at)| extension.get_mut(at + 2)) {
            *octet = 1;
        }
    })
}
