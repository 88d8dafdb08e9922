//! The certificate has a hundred alternative names.

use crate::certificate::Extension;
use crate::fault::{Fault, Group, Mint, Minted, Strict, accepted};
use crate::name::GeneralName;
use crate::spec::PkiError;

/// All alternative names together.
const NAMES: usize = 100;

pub(super) static FAULT: Fault = Fault {
    name: "hundred-names",
    group: Group::Encoding,
    title: "the certificate has a hundred alternative names",
    clause: "RFC 5280 4.2.1.6 sets no limit; CWE-400",
    why: "a gullible proxy writes a header that the app cannot take, or cuts it; a strict one has \
           room, or a limit",
    twin: "alice",
    openssl: accepted("there is no limit on names"),
    webpki: accepted("there is no limit on names"),
    strict: Strict::Either,
    mint,
};

fn mint(mint: &Mint<'_>) -> Result<Minted, PkiError> {
    let own = mint.user().san.iter().map(GeneralName::to_der);
    let more = (1..).map(|number| {
        GeneralName::Dns(format!("{}-{number}.example.test", mint.user().name).into_bytes()).to_der()
    });
    let names: Vec<Vec<u8>> = own.chain(more).take(NAMES).collect();
    mint.altered(|draft| draft.replace(Extension::subject_alt_name(false, &names)))
}
