//! Four octets follow the certificate inside its TLS entry.

use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "trailing-bytes",
    group: Group::Encoding,
    title: "four octets follow the certificate inside its TLS entry",
    clause: "X.690: a certificate is exactly one element; RFC 8446 4.4.2",
    why: "a gullible parser ignores what follows, so two parsers can see two certificates; a \
           strict one refuses",
    twin: "alice",
    openssl: accepted("the PEM reader of the command line takes the first element and drops the rest"),
    webpki: refused("TrailingData", "the input must be used up"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.spoiled(|mut leaf| {
        leaf.extend_from_slice(&[0xde, 0xad, 0xbe, 0xef]);
        leaf
    })
}
