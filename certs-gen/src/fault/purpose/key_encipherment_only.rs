//! The key usage is keyEncipherment without digitalSignature.

use crate::certificate::{Extension, KEY_ENCIPHERMENT};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "key-encipherment-only",
    group: Group::Purpose,
    title: "the key usage is keyEncipherment without digitalSignature",
    clause: "RFC 5280 4.2.1.3; RFC 8446 4.4.2.2: digitalSignature MUST be set where keyUsage is \
           present",
    why: "a gullible server lets a decryption key sign; a strict one wants digitalSignature",
    twin: "alice",
    openssl: refused(
        "unsuitable certificate purpose",
        "a client needs digitalSignature or keyAgreement",
    ),
    webpki: accepted("it reads keyUsage of no certificate"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.replace(Extension::key_usage(&[KEY_ENCIPHERMENT])))
}
