//! The table of OCSP answers: the honest one, and those with one thing wrong.
//!
//! **Adding one**: a row in the file of its kind under `answer/`. Its `make` function starts from [`Asked`], which hands
//! out the honest answer with one parameter or the signer altered. The row says what a strict server does with the
//! client, and what `openssl ocsp` answers; `certs-oracles` asks it.

mod asked;
mod binding;
mod shape;
mod signer;
mod status;
mod time;

use std::sync::LazyLock;

pub use asked::Asked;

use super::response::Trouble;
use crate::authority::Authority;
use crate::crl_set::Ruling;
use crate::fault::Expected;
use crate::spec::PkiError;

/// A row: one way to answer.
#[derive(Debug)]
pub struct Answer {
    /// The id, in kebab-case.
    pub name: &'static str,
    /// What is said, what a gullible server makes of it, and what a strict one does.
    pub why: &'static str,
    /// The clause.
    pub clause: &'static str,
    /// What a strict server does with a client about whom it got this answer. Except for [`Self::HONEST`] it does not
    /// matter whether the client is revoked.
    pub strict: Ruling,
    /// What `openssl ocsp` says about a client that is not revoked when it asked with a nonce: accepted is `good` with
    /// a response that verifies.
    pub openssl: Expected,
    pub(crate) make: fn(&Asked<'_>, &Authority) -> Result<Vec<u8>, PkiError>,
}

impl Answer {
    /// The name of the answer that says the truth.
    pub const HONEST: &'static str = "honest";

    /// The row of a name.
    #[must_use]
    pub fn find(name: &str) -> Option<&'static Self> {
        ANSWERS.iter().copied().find(|answer| answer.name == name)
    }

    /// The body of the HTTP response. About a certificate of an authority that is not the PKI's every row says
    /// `unauthorized`, as a responder does that has no records (RFC 5019 2.2.3).
    ///
    /// # Errors
    /// [`PkiError`] when a key cannot sign, or an authority is missing that the row needs.
    pub fn make(&self, asked: &Asked<'_>) -> Result<Vec<u8>, PkiError> {
        match asked.issuer() {
            Some(issuer) => (self.make)(asked, issuer),
            None => Ok(Trouble::Unauthorized.to_der()),
        }
    }
}

/// All answers, sorted by name.
pub static ANSWERS: LazyLock<Vec<&'static Answer>> = LazyLock::new(|| {
    let mut answers: Vec<&Answer> = [
        binding::ANSWERS,
        shape::ANSWERS,
        signer::ANSWERS,
        status::ANSWERS,
        time::ANSWERS,
    ]
    .into_iter()
    .flatten()
    .collect();
    answers.sort_by_key(|answer| answer.name);
    answers
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::Role;
    use crate::hash::Hash;
    use crate::ocsp::{CertId, Request};
    use crate::pki::{Pki, Target};
    use crate::spec::PkiSpec;

    fn request(pki: &Pki, credential: &str) -> Request {
        let revocation = pki.revocation(Target::Credential(credential), 0).unwrap();
        let issuer = pki.authority(revocation.issuer).unwrap();
        Request {
            certificates: vec![CertId::of(issuer, &revocation.serial, Hash::Sha1)],
            nonce: Some(vec![9; 16]),
        }
    }

    fn answer(name: &str, pki: &Pki, request: &Request) -> Vec<u8> {
        let revoked = pki.revocations();
        let asked = Asked {
            pki,
            request,
            now: pki.spec().now,
            revoked: &revoked,
        };
        Answer::find(name).unwrap().make(&asked).unwrap()
    }

    #[test]
    fn rows_are_sorted_unique_and_documented() {
        assert!(ANSWERS.is_sorted_by(|one, two| one.name < two.name));
        for row in ANSWERS.iter() {
            assert!(row.why.len() > 20 && row.clause.len() > 7, "{}", row.name);
        }
    }

    #[test]
    fn no_two_rows_answer_alike() {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        let request = request(&pki, "alice");
        for (index, one) in ANSWERS.iter().enumerate() {
            for two in ANSWERS.iter().skip(index + 1) {
                let alike = answer(one.name, &pki, &request) == answer(two.name, &pki, &request);
                // The truth about alice is that she is good.
                let truth = one.name == "good" && two.name == Answer::HONEST;
                assert_eq!(alike, truth, "{} and {}", one.name, two.name);
            }
        }
    }

    #[test]
    fn the_honest_answer_follows_the_revocations() {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        for (credential, name) in [("alice", "good"), ("revoked", "revoked")] {
            let request = request(&pki, credential);
            assert_eq!(
                answer(Answer::HONEST, &pki, &request),
                answer(name, &pki, &request),
                "{credential}"
            );
        }
    }

    #[test]
    fn a_strangers_certificate_is_nobodys_business() {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        let stranger = Request {
            certificates: vec![CertId::of(
                pki.authority(Role::Public).unwrap(),
                &[1],
                Hash::Sha256,
            )],
            nonce: None,
        };
        for row in ANSWERS.iter() {
            assert_eq!(
                answer(row.name, &pki, &stranger),
                Trouble::Unauthorized.to_der(),
                "{}",
                row.name
            );
        }
    }

    #[test]
    fn the_same_question_gets_the_same_bytes() {
        let [one, two] = [(); 2].map(|()| Pki::generate(&PkiSpec::default()).unwrap());
        let request = request(&one, "alice");
        for row in ANSWERS.iter() {
            assert_eq!(
                answer(row.name, &one, &request),
                answer(row.name, &two, &request),
                "{}",
                row.name
            );
        }
    }
}
