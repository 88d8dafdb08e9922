//! The extended key usage has a second purpose with a number of 7,000 bits.

use super::purposes;
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::oid;
use crate::spec::PkiError;

/// Octets of the number but the last, seven bits each.
const OCTETS: usize = 999;

pub(super) static FAULT: Fault = Fault {
    name: "huge-object-identifier",
    group: Group::Encoding,
    title: "the extended key usage has a second purpose with a number of 7,000 bits",
    clause: "RFC 5280 sets no limit; X.660 has none either; CWE-400",
    why: "a gullible parser computes the number, at a cost that grows with the square of its \
           length, or wraps round; a strict one compares octets, or refuses",
    twin: "alice",
    openssl: accepted("the numbers are not computed before they are printed"),
    webpki: accepted("identifiers are compared as octets"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let mut arcs = vec![0x2b];
    arcs.extend([0xff; OCTETS]);
    arcs.push(0x7f);
    purposes(
        mint,
        &[
            &der::oid(oid::CLIENT_AUTH),
            &der::tlv(der::OBJECT_IDENTIFIER, &arcs),
        ],
    )
}
