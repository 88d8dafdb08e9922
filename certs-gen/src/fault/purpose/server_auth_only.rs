//! The extended key usage allows serverAuth only.

use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "server-auth-only",
    group: Group::Purpose,
    title: "the extended key usage allows serverAuth only",
    clause: "RFC 5280 4.2.1.12; CVE-2022-21657 (Envoy)",
    why: "a gullible server does not look at the purpose, so any web server's certificate of \
           the CA makes a client; a strict one wants clientAuth",
    twin: "alice",
    openssl: refused("unsuitable certificate purpose", "serverAuth is not clientAuth"),
    webpki: refused("RequiredEkuNotFound", "serverAuth is not clientAuth"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.altered(|draft| draft.replace(Extension::extended_key_usage(&[oid::SERVER_AUTH])))
}
