//! An otherName with another user's principal name stands beside the own alternative names.

use super::{also_named, victim_address};
use crate::der;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

/// id-ms-san-upn ([MS-WCCE]).
const PRINCIPAL_NAME: &[u64] = &[1, 3, 6, 1, 4, 1, 311, 20, 2, 3];

pub(super) static FAULT: Fault = Fault {
    name: "principal-name-admin",
    group: Group::Names,
    title: "an otherName with another user's principal name stands beside the own alternative names",
    clause: "RFC 5280 4.2.1.6; [MS-WCCE]: the UPN names a Windows account",
    why: "a gullible app maps any principal name to an account; a strict one looks at one kind of \
           name only",
    twin: "alice",
    openssl: accepted("the chain is good; names are the app's matter"),
    webpki: accepted("the chain is good; names are the app's matter"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let value = der::tlv(der::UTF8_STRING, victim_address(mint).as_bytes());
    also_named(mint, GeneralName::Other(PRINCIPAL_NAME, value))
}
