//! The table of faults: each the honest twin with one thing wrong.
//!
//! **Adding one**: a file `fault/<group>/<name_in_snake_case>.rs` with a `FAULT`, and its `mod` and row in
//! `fault/<group>.rs`. Its mint function starts from [`Mint`], which offers three seams: the parameters of the leaf or
//! of an authority ([`Mint::altered`], [`Mint::under_altered_issuing`]), a signer that lies ([`Mint::lying`]), and the
//! bytes, before the signature ([`Mint::resigned`]) or after it ([`Mint::spoiled`]).

mod encoding;
mod issuer;
mod mint;
mod names;
mod presence;
mod purpose;
mod revocation;
mod signature;
mod validity;

use std::sync::LazyLock;

pub use mint::{Mint, Minted};

use crate::spec::PkiError;

/// A group of the certificate family; also the folder of the fault's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Bytes that no canonical encoder makes, and sizes that no honest issuer needs.
    Encoding,
    /// Chains that do not lead from the leaf to the trusted root.
    Issuer,
    /// Subjects and alternative names that can be read in two ways.
    Names,
    /// No certificate, none at all, or not the key's.
    Presence,
    /// Certificates made for something else than a TLS client.
    Purpose,
    /// Certificates that their issuer took back.
    Revocation,
    /// Signatures and keys that prove too little.
    Signature,
    /// Times.
    Validity,
}

impl Group {
    /// The word for it.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Encoding => "encoding",
            Self::Issuer => "issuer",
            Self::Names => "names",
            Self::Presence => "presence",
            Self::Purpose => "purpose",
            Self::Revocation => "revocation",
            Self::Signature => "signature",
            Self::Validity => "validity",
        }
    }
}

/// What a foreign judge answers, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The chain is valid for it.
    Accepted {
        /// Why it sees nothing wrong.
        because: &'static str,
    },
    /// The chain is refused with an error whose text holds `error`.
    Refused {
        /// Part of the error's text (openssl) or the beginning of its debug form (webpki).
        error: &'static str,
        /// Why it is this error.
        because: &'static str,
    },
    /// There is nothing that this judge could be asked.
    NotAsked {
        /// Why not.
        because: &'static str,
    },
}

/// The chain is accepted.
pub(crate) const fn accepted(because: &'static str) -> Expected {
    Expected::Accepted { because }
}

/// The chain is refused with this error.
pub(crate) const fn refused(error: &'static str, because: &'static str) -> Expected {
    Expected::Refused { error, because }
}

/// The judge has no question to answer.
pub(crate) const fn not_asked(because: &'static str) -> Expected {
    Expected::NotAsked { because }
}

/// What a hardened deployment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strict {
    /// Refuses: the clause says MUST, or no deployment has a reason to accept.
    Refuse,
    /// Refuses or accepts: servers may differ. When it accepts, the app sees exactly the certificate's own identity.
    Either,
}

/// One row: what is wrong, why it matters, how others judge it, and how it is made.
#[derive(Debug)]
pub struct Fault {
    /// The id, in kebab-case; the file has it in snake_case.
    pub name: &'static str,
    /// The group, which is the folder.
    pub group: Group,
    /// What is wrong, in one line.
    pub title: &'static str,
    /// The clause or CVE that it offends.
    pub clause: &'static str,
    /// What a gullible peer would do, and what a strict one does.
    pub why: &'static str,
    /// The honest credential (`alice`, `alice-rsa2048`, ...) that differs in exactly this.
    pub twin: &'static str,
    /// What `openssl verify -purpose sslclient -crl_check_all` says.
    pub openssl: Expected,
    /// What rustls-webpki's client verification says.
    pub webpki: Expected,
    /// What a hardened deployment does.
    pub strict: Strict,
    /// Makes it.
    pub mint: fn(&Mint<'_>) -> Result<Minted, PkiError>,
}

/// All faults, sorted by name.
pub static FAULTS: LazyLock<Vec<&'static Fault>> = LazyLock::new(|| {
    let mut faults = [
        encoding::FAULTS,
        issuer::FAULTS,
        names::FAULTS,
        presence::FAULTS,
        purpose::FAULTS,
        revocation::FAULTS,
        signature::FAULTS,
        validity::FAULTS,
    ]
    .concat();
    faults.sort_by_key(|fault| fault.name);
    faults
});

#[cfg(test)]
mod tests;
