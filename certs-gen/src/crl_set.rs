//! The table of CRL sets: each a complete set of lists for one situation, which differs from the honest set in one
//! thing.
//!
//! **Adding one**: a row in the file of its kind under `crl_set/`. Its `lists` function starts from `Lists`, which
//! hands out the honest lists with one altered. The row says what a strict verifier concludes about each of
//! [`WITNESSES`], and what `openssl verify`, `openssl crl` and rustls-webpki answer; `certs-oracles` asks them.

mod entry;
mod issuer;
mod lists;
mod scope;
mod time;

use std::sync::LazyLock;

pub(crate) use lists::Lists;

use crate::crl::Crl;
use crate::pki::Pki;
use crate::spec::PkiError;

/// The credentials that a set is tried with. Honest lists grant the first two and refuse the others: the second is the
/// partner's and has the serial number that the issuing authority revoked.
pub const WITNESSES: [&str; 4] = ["alice", "alice-same-serial", "revoked", "revoked-intermediate"];

/// What a strict verifier does with one credential or certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ruling {
    /// The standards leave it open, or strict verifiers differ for good reasons.
    Either,
    /// It is good.
    Grant,
    /// It is revoked, or its state is unknown and fail-open is a fail.
    Refuse,
}

/// What a foreign judge says about each of [`WITNESSES`], and why.
#[derive(Clone, Copy, Debug)]
pub struct Judged {
    /// Part of the error (openssl) or the beginning of its debug form (webpki); `None` where the chain is accepted.
    pub errors: [Option<&'static str>; WITNESSES.len()],
    /// Why.
    pub because: &'static str,
}

/// A row: one situation.
#[derive(Debug)]
pub struct CrlSituation {
    /// The id, in kebab-case.
    pub name: &'static str,
    /// What is wrong with the set, and what a gullible and a strict server make of it.
    pub why: &'static str,
    /// The clause.
    pub clause: &'static str,
    /// What a strict server does with each of [`WITNESSES`].
    pub strict: [Ruling; WITNESSES.len()],
    /// What `openssl verify -crl_check_all` says.
    pub openssl: Judged,
    /// What rustls-webpki says when every chain must be covered by fresh lists.
    pub webpki: Judged,
    /// The lists whose signature `openssl crl -verify` must refuse under their issuer's certificate.
    pub unverifiable: &'static [&'static str],
    pub(crate) lists: fn(&Lists<'_>) -> Result<Vec<Crl>, PkiError>,
}

impl CrlSituation {
    /// Signs the set.
    ///
    /// # Errors
    /// [`PkiError::NeedsRoot`] or [`PkiError::Unavailable`] when the PKI lacks the authority whose list is altered.
    pub fn make(&self, pki: &Pki) -> Result<CrlSet, PkiError> {
        Ok(CrlSet {
            name: self.name,
            why: self.why,
            crls: (self.lists)(&Lists::new(pki))?,
        })
    }
}

/// A complete set of lists for one situation of the revocation family.
#[derive(Clone, Debug)]
pub struct CrlSet {
    /// The row's name.
    pub name: &'static str,
    /// What is wrong with it, and what a gullible and a strict server make of it.
    pub why: &'static str,
    /// The lists.
    pub crls: Vec<Crl>,
}

/// All sets, sorted by name.
pub static CRL_SETS: LazyLock<Vec<&'static CrlSituation>> = LazyLock::new(|| {
    let mut sets: Vec<&CrlSituation> = [entry::SETS, issuer::SETS, scope::SETS, time::SETS]
        .into_iter()
        .flatten()
        .collect();
    sets.sort_by_key(|set| set.name);
    sets
});

// The words of the rows' tables.
const GRANT: Ruling = Ruling::Grant;
const REFUSE: Ruling = Ruling::Refuse;
const EITHER: Ruling = Ruling::Either;
/// The rulings of the honest lists.
const HONEST: [Ruling; WITNESSES.len()] = [GRANT, GRANT, REFUSE, REFUSE];
/// The issuing authority's list does not count: whom it issued is refused, the partner's client is not, and the root's
/// list goes on refusing the intermediate.
const ISSUING_UNKNOWN: [Ruling; WITNESSES.len()] = [REFUSE, GRANT, REFUSE, REFUSE];
/// OpenSSL's word for a listed serial number.
const REVOKED: Option<&str> = Some("certificate revoked");
/// OpenSSL's word for the want of a list.
const NO_LIST: Option<&str> = Some("unable to get certificate CRL");

const fn judged(errors: [Option<&'static str>; WITNESSES.len()], because: &'static str) -> Judged {
    Judged { errors, because }
}

/// The same answer for every witness.
const fn all(error: Option<&'static str>, because: &'static str) -> Judged {
    Judged {
        errors: [error; WITNESSES.len()],
        because,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{CaFiles, PkiSpec};

    #[test]
    fn rows_are_sorted_unique_and_documented() {
        assert!(CRL_SETS.is_sorted_by(|one, two| one.name < two.name));
        for row in CRL_SETS.iter() {
            for text in [row.why, row.clause, row.openssl.because, row.webpki.because] {
                assert!(text.len() > 5, "{}", row.name);
            }
        }
    }

    #[test]
    fn every_set_differs_from_the_fresh_one_and_from_the_others() {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        let mut sets = pki.crl_variants().unwrap();
        assert_eq!(sets.len(), CRL_SETS.len());
        sets.push(CrlSet {
            name: "fresh",
            why: "",
            crls: pki.crls().unwrap(),
        });
        for (index, one) in sets.iter().enumerate() {
            for two in sets.iter().skip(index + 1) {
                assert_ne!(one.crls, two.crls, "{} and {}", one.name, two.name);
            }
        }
    }

    #[test]
    fn the_same_spec_gives_the_same_sets() {
        let [one, two] = [(); 2].map(|()| Pki::generate(&PkiSpec::default()).unwrap());
        let bytes = |pki: &Pki| {
            let sets = pki.crl_variants().unwrap();
            sets.into_iter().map(|set| set.crls).collect::<Vec<_>>()
        };
        assert_eq!(bytes(&one), bytes(&two));
    }

    #[test]
    fn without_a_roots_key_the_sets_that_need_one_are_left_out() {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        let pem = |label: &str, der: &[u8]| pem::encode(&pem::Pem::new(label, der));
        let issuing = pki.authority(crate::authority::Role::Issuing).unwrap();
        let files = CaFiles {
            cert_pem: pem("CERTIFICATE", &issuing.certificate),
            key_pem: pem("PRIVATE KEY", issuing.key.pkcs8_der().unwrap()),
            passphrase: None,
        };
        let operators = Pki::under(&PkiSpec::default(), files, None, Vec::new()).unwrap();
        let sets = operators.crl_variants().unwrap();
        let made = |name: &str| sets.iter().any(|set| set.name == name);
        assert!(made("stale") && made("bad-signature") && made("without-intermediate"));
        assert!(!made("without-root") && !made("only-users-root") && !made("other-issuer"));
    }
}
