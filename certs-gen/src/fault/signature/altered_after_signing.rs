//! The common name was exchanged for another user's after signing.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::name::Attribute;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "altered-after-signing",
    group: Group::Signature,
    title: "the common name was exchanged for another user's after signing",
    clause: "RFC 5280 6.1.3 (a)(1)",
    why: "a gullible server parses without verifying and sees the victim; a strict one refuses",
    twin: "alice",
    openssl: refused("signature failure", "the signed part is not what was signed"),
    webpki: refused(
        "InvalidSignatureForPublicKey",
        "the signed part is not what was signed",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let issuing = mint.authority(Role::Issuing)?;
    let key = mint.key()?;
    let algorithm = issuing.key.usual_signature();
    let mut draft = mint.leaf(issuing, &key);
    let signature = issuing
        .key
        .sign(algorithm, &draft.to_be_signed(algorithm))
        .map_err(PkiError::key("issuing"))?;
    let victim = Attribute::text(oid::COMMON_NAME, &mint.victim());
    draft.subject = mint.user().subject.clone().with_common_name(victim).to_der();
    let leaf = draft.assemble(&draft.to_be_signed(algorithm), algorithm, &signature);
    Ok(Minted {
        chain: issuing.chain_of(leaf),
        key,
    })
}
