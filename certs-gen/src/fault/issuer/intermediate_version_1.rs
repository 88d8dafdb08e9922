//! The intermediate is a version 1 certificate without extensions.

use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "intermediate-version-1",
    group: Group::Issuer,
    title: "the intermediate is a version 1 certificate without extensions",
    clause: "RFC 5280 6.1.4 (k): version 1 and 2 are no CA unless known by other means",
    why: "a gullible server lets version 1 certificates issue, since they cannot say that they \
           must not; a strict one refuses them in the middle of a path",
    twin: "alice",
    openssl: refused(
        "invalid CA certificate",
        "version 1 is accepted for a self-signed root only",
    ),
    webpki: refused("UnsupportedCertVersion", "only version 3 is read"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.under_altered_issuing(|draft| {
        draft.version = None;
        draft.extensions.clear();
    })
}
