//! The leaf is signed by another user's honest leaf, whose basicConstraints say CA:FALSE.

use crate::authority::{Authority, Role};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::key::KeyAlgorithm;
use crate::name::Attribute;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "leaf-as-issuer",
    group: Group::Issuer,
    title: "the leaf is signed by another user's honest leaf, whose basicConstraints say \
           CA:FALSE",
    clause: "RFC 5280 6.1.4 (k) and (n); CVE-2002-0862 (CryptoAPI), CVE-2011-0228 (iOS)",
    why: "a gullible server follows any signature, so every user is a CA and can make anybody; a \
           strict one wants cA TRUE and keyCertSign of each issuer",
    twin: "alice",
    openssl: refused("invalid CA certificate", "the issuer is no CA"),
    webpki: refused("EndEntityUsedAsCa", "the issuer is no CA"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let victim = Attribute::text(oid::COMMON_NAME, &mint.victim());
    let subject = mint.user().subject.clone().with_common_name(victim).to_der();
    let middle = mint.named_key("middle", KeyAlgorithm::P256)?;
    let honest = mint.altered_under(mint.authority(Role::Issuing)?, middle, |draft| {
        draft.serial.reverse();
        draft.serial.insert(0, 0x41);
        draft.subject.clone_from(&subject);
        draft.remove(oid::SUBJECT_ALT_NAME);
    })?;
    let issuer = Authority {
        subject,
        key_identifier: honest.key.key_identifier(),
        certificate: honest.chain.first().cloned().unwrap_or_default(),
        key: honest.key,
        chain: honest.chain,
    };
    mint.altered_under(&issuer, mint.key()?, |_| {})
}
