//! Two octets follow the list inside the extended key usage.

use crate::certificate::Extension;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "extension-trailing-bytes",
    group: Group::Encoding,
    title: "two octets follow the list inside the extended key usage",
    clause: "X.690; RFC 5280 4.2: the value is one DER element",
    why: "one reader takes it and another does not, or they see different certificates in the same \
           bytes; a strict one refuses",
    twin: "alice",
    openssl: accepted("what follows the decoded value is not looked at"),
    webpki: refused("BadDer", "the value must be used up"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let value = [der::sequence(&[&der::oid(oid::CLIENT_AUTH)]), der::null()].concat();
    mint.altered(|draft| draft.replace(Extension::new(oid::EXTENDED_KEY_USAGE, false, value)))
}
