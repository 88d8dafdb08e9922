//! The ECDSA algorithm identifier has a NULL parameter.

use crate::authority::Role;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::hash::Hash;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "ecdsa-null-parameters",
    group: Group::Signature,
    title: "the ECDSA algorithm identifier has a NULL parameter",
    clause: "RFC 5758 3.2: the parameters MUST be omitted",
    why: "two forms of one certificate have two fingerprints; a strict parser refuses the \
           extra NULL",
    twin: "alice",
    openssl: accepted("the parameters of ECDSA are not read"),
    webpki: refused(
        "UnsupportedSignatureAlgorithm",
        "algorithm identifiers are compared as bytes",
    ),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let issuing = mint.authority(Role::Issuing)?;
    let identifier = der::sequence(&[&der::oid(oid::ECDSA_WITH_SHA256), &der::null()]);
    let mut draft = mint.leaf(issuing, &mint.key()?);
    draft.inner_algorithm = Some(identifier.clone());
    draft.outer_algorithm = Some(identifier);
    let algorithm = issuing.key.usual_signature().over(Hash::Sha256);
    let leaf = issuing
        .sign_with(&draft, algorithm)
        .map_err(PkiError::key("issuing"))?;
    Ok(Minted {
        chain: issuing.chain_of(leaf),
        key: mint.key()?,
    })
}
