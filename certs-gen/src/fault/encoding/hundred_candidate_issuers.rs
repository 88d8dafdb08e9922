//! A hundred intermediates have the issuer's name and key identifier, and only the last has its key.

use crate::authority::{Authority, Role};
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::key::KeyAlgorithm;
use crate::spec::PkiError;

/// Certificates with the issuer's name.
const CANDIDATES: usize = 100;

pub(super) static FAULT: Fault = Fault {
    name: "hundred-candidate-issuers",
    group: Group::Encoding,
    title: "a hundred intermediates have the issuer's name and key identifier, and only the last has \
           its key",
    clause: "CWE-400; RFC 5280 6.1 leaves the search for a path open",
    why: "a gullible server tries every one, and every one of theirs; a strict one has a limit, \
           and is alive afterwards",
    twin: "alice",
    openssl: refused(
        "CRL signature failure",
        "the first candidate with the right name and key identifier is taken, and the list is \
           checked with its key",
    ),
    webpki: refused(
        "MaximumSignatureChecksExceeded",
        "a hundred signatures are the limit of one search",
    ),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let root = mint.authority(Role::Root)?;
    let issuing = mint.authority(Role::Issuing)?;
    let mut chain = Vec::new();
    for number in 1..CANDIDATES {
        let mut decoy = issuing.clone();
        decoy.key = mint.named_key(&format!("candidate {number}"), KeyAlgorithm::P256)?;
        chain.push(mint.signed_by(&root.key, &mint.intermediate(root, &decoy))?);
    }
    chain.extend(issuing.chain.iter().cloned());
    let crowded = Authority {
        chain,
        ..issuing.clone()
    };
    mint.altered_under(&crowded, mint.key()?, |_| {})
}
