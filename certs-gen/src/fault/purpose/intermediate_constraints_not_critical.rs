//! The intermediate's basicConstraints are not critical.

use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "intermediate-constraints-not-critical",
    group: Group::Purpose,
    title: "the intermediate's basicConstraints are not critical",
    clause: "RFC 5280 4.2.1.9: MUST be critical in a CA certificate",
    why: "its content is the same and every verifier knows it; a strict one refuses the form",
    twin: "alice",
    openssl: accepted("verify without -x509_strict does not mind"),
    webpki: accepted("criticality of a known extension does not matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.under_altered_issuing(|draft| {
        draft.replace(Extension {
            critical: false,
            ..Extension::basic_constraints(true, Some(0))
        });
    })
}
