//! The intermediate's basicConstraints say CA:FALSE.

use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "intermediate-ca-false",
    group: Group::Issuer,
    title: "the intermediate's basicConstraints say CA:FALSE",
    clause: "RFC 5280 6.1.4 (k)",
    why: "a gullible server lets anything that signs be an issuer; a strict one wants cA TRUE",
    twin: "alice",
    openssl: refused("invalid CA certificate", "cA is not TRUE"),
    webpki: refused("EndEntityUsedAsCa", "cA is not TRUE"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.under_altered_issuing(|draft| draft.replace(Extension::basic_constraints(false, None)))
}
