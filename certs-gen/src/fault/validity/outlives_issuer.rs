//! The leaf is valid for five years longer than its issuer.

use crate::der::{self, YEAR};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "outlives-issuer",
    group: Group::Validity,
    title: "the leaf is valid for five years longer than its issuer",
    clause: "RFC 5280 6.1.3 checks times one by one; ITU-T X.509 calls the rest the shell model",
    why: "today every certificate of the path is valid, so RFC 5280 accepts; an issuer that \
           signs so cannot be retired, and some deployments refuse it",
    twin: "alice",
    openssl: accepted("each certificate is valid now"),
    webpki: accepted("each certificate is valid now"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.not_after = der::time(mint.now() + 10 * YEAR))
}
