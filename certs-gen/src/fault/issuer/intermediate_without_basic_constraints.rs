//! The intermediate has no basicConstraints.

use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "intermediate-without-basic-constraints",
    group: Group::Issuer,
    title: "the intermediate has no basicConstraints",
    clause: "RFC 5280 4.2.1.9: without the extension the key MUST NOT verify certificates",
    why: "a gullible server takes keyCertSign alone for a CA; a strict one wants cA TRUE in a \
           version 3 certificate",
    twin: "alice",
    openssl: refused(
        "invalid CA certificate",
        "a version 3 certificate without the extension is no CA",
    ),
    webpki: refused("EndEntityUsedAsCa", "cA is not TRUE"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.under_altered_issuing(|draft| draft.remove(oid::BASIC_CONSTRAINTS))
}
