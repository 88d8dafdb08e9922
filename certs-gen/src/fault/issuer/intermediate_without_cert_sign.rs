//! The intermediate's keyUsage lacks keyCertSign.

use crate::certificate::{CRL_SIGN, Extension};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "intermediate-without-cert-sign",
    group: Group::Issuer,
    title: "the intermediate's keyUsage lacks keyCertSign",
    clause: "RFC 5280 6.1.4 (n)",
    why: "a gullible server looks at basicConstraints only; a strict one wants keyCertSign \
           where keyUsage is present",
    twin: "alice",
    openssl: refused("invalid CA certificate", "keyCertSign is missing"),
    webpki: accepted("it reads keyUsage of no certificate"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.under_altered_issuing(|draft| draft.replace(Extension::key_usage(&[CRL_SIGN])))
}
