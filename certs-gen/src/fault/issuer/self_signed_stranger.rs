//! A self-signed certificate of a name that nobody enrolled.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::name::Attribute;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "self-signed-stranger",
    group: Group::Issuer,
    title: "a self-signed certificate of a name that nobody enrolled",
    clause: "RFC 5280 6.1: the path begins at a trust anchor",
    why: "a gullible server wants any certificate whatever; a strict one refuses",
    twin: "alice",
    openssl: refused(
        "self-signed certificate",
        "the leaf is its own issuer and no anchor",
    ),
    webpki: refused("UnknownIssuer", "no anchor has the leaf's name"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let key = mint.key()?;
    let mut draft = mint.leaf(mint.authority(Role::Issuing)?, &key);
    let stranger = mint
        .user()
        .subject
        .clone()
        .with_common_name(Attribute::text(oid::COMMON_NAME, "stranger"));
    draft.subject = stranger.to_der();
    draft.issuer = draft.subject.clone();
    draft.remove(oid::AUTHORITY_KEY_IDENTIFIER);
    draft.remove(oid::SUBJECT_ALT_NAME);
    Ok(Minted {
        chain: vec![mint.signed_by(&key, &draft)?],
        key,
    })
}
