//! The certificate is signed with RSA over MD5.

use crate::authority::Role;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted, refused};
use crate::hash::Hash;
use crate::signature::SignatureAlgorithm;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "md5-rsa",
    group: Group::Signature,
    title: "the certificate is signed with RSA over MD5",
    clause: "RFC 6151; the rogue CA of 2008 and Flame",
    why: "a server with MD5 enabled lets an attacker who once got a certificate forge another; \
           a strict one refuses",
    twin: "alice-via-rsa",
    openssl: accepted(
        "verify at its default security level lets MD5 pass; TLS at security level 1 refuses \
           it",
    ),
    webpki: refused("UnsupportedSignatureAlgorithm", "MD5 is not among the algorithms"),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.signed_with(
        mint.authority(Role::IssuingRsa)?,
        SignatureAlgorithm::RsaPkcs1(Hash::Md5),
    )
}
