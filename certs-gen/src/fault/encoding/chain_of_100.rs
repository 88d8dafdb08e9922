//! The path to the root has a hundred certificates.

use crate::authority::{Authority, Role};
use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::key::KeyAlgorithm;
use crate::name::Name;
use crate::spec::PkiError;

/// Certificates from the leaf to the last below the root.
const LENGTH: usize = 100;

pub(super) static FAULT: Fault = Fault {
    name: "chain-of-100",
    group: Group::Encoding,
    title: "the path to the root has a hundred certificates",
    clause: "RFC 5280 6.1: the length of a path has no limit; CWE-400",
    why: "a gullible server follows the path for as long as the attacker likes; a strict one has a \
           limit, and is alive afterwards",
    twin: "alice",
    openssl: refused(
        "unable to get certificate CRL",
        "the path is followed to its end, and its authorities have no lists",
    ),
    webpki: refused(
        "MaximumPathDepthExceeded",
        "the path has more than its six intermediates",
    ),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let root = mint.authority(Role::Root)?;
    let key = mint.named_key("authority", KeyAlgorithm::P256)?;
    let mut above = root.clone();
    let mut chain: Vec<Vec<u8>> = Vec::new();
    for number in 1..LENGTH {
        let below = Authority {
            subject: Name::parse(&format!("CN=Gauntlet Link {number} CA,O=Gauntlet Test PKI"))?.to_der(),
            key: key.clone(),
            key_identifier: key.key_identifier(),
            chain: Vec::new(),
            certificate: Vec::new(),
        };
        let mut draft = mint.intermediate(&above, &below);
        draft.replace(Extension::basic_constraints(true, None));
        chain.push(mint.signed_by(&above.key, &draft)?);
        above = below;
    }
    chain.reverse();
    above.chain = chain;
    mint.altered_under(&above, mint.key()?, |_| {})
}
