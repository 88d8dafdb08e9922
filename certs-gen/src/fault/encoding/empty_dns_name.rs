//! An empty dNSName, under an intermediate with constraints on dNSNames.

use crate::authority::Role;
use crate::certificate::Extension;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::name::GeneralName;
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "empty-dns-name",
    group: Group::Encoding,
    title: "an empty dNSName, under an intermediate with constraints on dNSNames",
    clause: "CVE-2026-27138 (Go); RFC 5280 4.2.1.6: a dNSName is not empty",
    why: "a gullible server looks at the first letter of the name, and panics; a strict one \
           refuses, and is alive afterwards",
    twin: "alice",
    openssl: accepted("an empty name does not end in the excluded one"),
    webpki: refused(
        "MalformedDnsIdentifier",
        "a name that constraints look at must be a host name",
    ),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let excluded = GeneralName::Dns(b"partner.test".to_vec()).to_der();
    let excluded = der::context(1, &der::sequence(&[&excluded]));
    let constraints = Extension::new(oid::NAME_CONSTRAINTS, true, der::sequence(&[&excluded]));
    let issuing = mint.altered_authority(Role::Issuing, |draft| draft.replace(constraints))?;
    let own = mint.user().san.iter().map(GeneralName::to_der);
    let names: Vec<Vec<u8>> = own.chain([GeneralName::Dns(Vec::new()).to_der()]).collect();
    mint.altered_under(&issuing, mint.key()?, |draft| {
        draft.replace(Extension::subject_alt_name(false, &names));
    })
}
