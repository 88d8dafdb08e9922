//! The extended key usage is anyExtendedKeyUsage alone.

use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "any-purpose",
    group: Group::Purpose,
    title: "the extended key usage is anyExtendedKeyUsage alone",
    clause: "RFC 5280 4.2.1.12: applications MAY refuse it when they want a particular purpose",
    why: "servers differ: some take it for clientAuth, some want the purpose itself",
    twin: "alice",
    openssl: refused(
        "unsuitable certificate purpose",
        "the purpose itself is asked for",
    ),
    webpki: refused("RequiredEkuNotFound", "the purpose itself is asked for"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.replace(Extension::extended_key_usage(&[oid::ANY_EXTENDED_KEY_USAGE])))
}
