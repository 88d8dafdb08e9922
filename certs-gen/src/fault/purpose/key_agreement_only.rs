//! The key usage is keyAgreement without digitalSignature.

use crate::certificate::{Extension, KEY_AGREEMENT};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "key-agreement-only",
    group: Group::Purpose,
    title: "the key usage is keyAgreement without digitalSignature",
    clause: "RFC 8446 4.4.2.2: digitalSignature MUST be set where keyUsage is present",
    why: "a leftover of fixed-ECDH certificates that some stacks still allow for clients; a \
           strict one wants digitalSignature",
    twin: "alice",
    openssl: accepted("keyAgreement is enough for its sslclient purpose, for fixed ECDH's sake"),
    webpki: accepted("it reads keyUsage of no certificate"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.replace(Extension::key_usage(&[KEY_AGREEMENT])))
}
