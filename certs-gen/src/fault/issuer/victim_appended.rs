//! Another user's certificate is appended to the chain.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::key::KeyAlgorithm;
use crate::name::Attribute;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "victim-appended",
    group: Group::Issuer,
    title: "another user's certificate is appended to the chain",
    clause: "CVE-2023-2422 (Keycloak)",
    why: "a gullible app searches the chain and takes its user from the certificate appended, \
           for which nobody proved possession; a strict one takes the leaf only",
    twin: "alice",
    openssl: accepted("an unneeded certificate is not looked at"),
    webpki: accepted("an unneeded certificate is not looked at"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let mut minted = mint.altered(|_| {})?;
    let victim = Attribute::text(oid::COMMON_NAME, &mint.victim());
    let other = mint.altered_under(
        mint.authority(Role::Issuing)?,
        mint.named_key("victim", KeyAlgorithm::P256)?,
        |draft| {
            draft.serial.reverse();
            draft.serial.insert(0, 0x41);
            draft.subject = mint.user().subject.clone().with_common_name(victim).to_der();
            draft.remove(oid::SUBJECT_ALT_NAME);
        },
    )?;
    minted.chain.extend(other.chain.first().cloned());
    Ok(minted)
}
