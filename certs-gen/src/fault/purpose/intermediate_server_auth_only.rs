//! The intermediate's extended key usage allows serverAuth only.

use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, refused};
use crate::oid;
use crate::spec::PkiError;

pub(super) static FAULT: Fault = Fault {
    name: "intermediate-server-auth-only",
    group: Group::Purpose,
    title: "the intermediate's extended key usage allows serverAuth only",
    clause: "CA/Browser Forum Baseline Requirements 7.1.2.10.6; RFC 5280 says nothing of the \
           purpose of issuers",
    why: "a gullible server looks at the leaf only, so a CA that was limited to web servers \
           makes clients; a strict one intersects the purposes along the path",
    twin: "alice",
    openssl: refused(
        "unsuitable certificate purpose",
        "purposes are checked for each authority of the path too",
    ),
    webpki: refused(
        "RequiredEkuNotFound",
        "purposes are checked for each authority of the path too",
    ),
    strict: Strict::Refuse,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    mint.under_altered_issuing(|draft| draft.replace(Extension::extended_key_usage(&[oid::SERVER_AUTH])))
}
