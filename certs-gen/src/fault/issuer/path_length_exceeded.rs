//! An intermediate with pathLenConstraint 0 has another intermediate below it.

use crate::authority::{Authority, Role};
use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "path-length-exceeded",
    group: Group::Issuer,
    title: "an intermediate with pathLenConstraint 0 has another intermediate below it",
    clause: "RFC 5280 6.1.4 (l) and (m)",
    why: "a gullible server does not count, so a limited CA can make more CAs; a strict one \
           refuses",
    twin: "alice-via-deep",
    openssl: refused(
        "path length constraint exceeded",
        "the limit is 0 and one intermediate follows",
    ),
    webpki: refused(
        "PathLenConstraintViolated",
        "the limit is 0 and one intermediate follows",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let policy = mint.altered_authority(Role::Policy, |draft| {
        draft.replace(Extension::basic_constraints(true, Some(0)))
    })?;
    let deep = mint.authority(Role::Deep)?;
    let below = Authority {
        chain: policy.chain_of(deep.certificate.clone()),
        ..deep.clone()
    };
    mint.altered_under(&below, mint.key()?, |_| {})
}
