//! The intermediate is cross-signed by the partner's root.

use crate::authority::{Authority, Role};
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "cross-signed",
    group: Group::Issuer,
    title: "the intermediate is cross-signed by the partner's root",
    clause: "RFC 5280 6.1: any path to any anchor will do",
    why: "both roots are trusted, so the path is valid; an app that pins the root, or that \
           shows the partner's name, must decide by the path that was verified",
    twin: "alice",
    openssl: accepted("the partner's root is an anchor"),
    webpki: accepted("the partner's root is an anchor"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let partner = mint.authority(Role::Partner)?;
    let issuing = mint.authority(Role::Issuing)?;
    let draft = mint.intermediate(partner, issuing);
    let certificate = mint.signed_by(&partner.key, &draft)?;
    let crossed = Authority {
        chain: vec![certificate.clone()],
        certificate,
        ..issuing.clone()
    };
    mint.altered_under(&crossed, mint.key()?, |_| {})
}
