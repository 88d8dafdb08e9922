//! `openssl crl` is asked about every list, `openssl ocsp` about every answer; both must say what the rows say.

#![expect(
    clippy::unwrap_used,
    reason = "the bench is set up outside the test functions"
)]

use std::time::{SystemTime, UNIX_EPOCH};

use certs_gen::authority::Role;
use certs_gen::ocsp::{ANSWERS, Answer as Row, Asked, Request};
use certs_gen::{CRL_SETS, Expected, Pki, PkiSpec, Revocation, Ruling, Target};
use certs_oracles::Answer;
use certs_oracles::revocation::{Inquirer, verify_list};

const SIGNERS: &[Role] = &[
    Role::Root,
    Role::Issuing,
    Role::IssuingRsa,
    Role::Policy,
    Role::Deep,
    Role::Revoked,
    Role::Sibling,
    Role::Partner,
];

/// The certificate of the authority in whose name a list speaks. The first word of a second list's name is the issuer.
fn issuer(pki: &Pki, list: &str) -> Vec<u8> {
    let role = SIGNERS
        .iter()
        .find(|role| role.slug() == list)
        .or_else(|| SIGNERS.iter().find(|role| list.starts_with(role.slug())))
        .unwrap();
    pki.authority(*role).unwrap().certificate.clone()
}

#[test]
fn openssl_verifies_every_list_but_those_of_the_rows() {
    let pki = Pki::generate(&PkiSpec::default()).unwrap();
    for crl in pki.crls().unwrap() {
        let answer = verify_list(&crl.der, &issuer(&pki, &crl.name)).unwrap();
        assert_eq!(answer, Answer::Accepted, "fresh {}", crl.name);
    }
    let fresh = pki.crls().unwrap();
    for row in CRL_SETS.iter() {
        for crl in row.make(&pki).unwrap().crls {
            // What is in the honest set was verified above.
            if fresh.contains(&crl) {
                continue;
            }
            let mut authority = issuer(&pki, &crl.name);
            // The row's list is the sibling's own, only in the wrong place.
            if row.name == "other-issuer" {
                authority = issuer(&pki, "sibling");
            }
            let answer = verify_list(&crl.der, &authority).unwrap();
            let expected = !row.unverifiable.contains(&crl.name.as_str());
            assert_eq!(
                answer == Answer::Accepted,
                expected,
                "{} {}: {answer:?}",
                row.name,
                crl.name
            );
        }
    }
}

#[test]
fn a_list_made_after_a_revocation_verifies() {
    let pki = Pki::generate(&PkiSpec::default()).unwrap();
    let now = pki.spec().now;
    let bob = pki.revocation(Target::Credential("bob"), now).unwrap();
    for crl in pki.crls_revoking(&[bob], now).unwrap() {
        let answer = verify_list(&crl.der, &issuer(&pki, &crl.name)).unwrap();
        assert_eq!(answer, Answer::Accepted, "{}", crl.name);
    }
}

/// A PKI of the present: `openssl ocsp` has no other time.
fn present() -> (Pki, i64) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let now = i64::try_from(now).unwrap();
    let spec = PkiSpec {
        now,
        ..PkiSpec::default()
    };
    (Pki::generate(&spec).unwrap(), now)
}

/// What `openssl ocsp` makes of the row's answer to its own request about this credential.
fn judge(pki: &Pki, now: i64, revoked: &[Revocation], credential: &str, row: &Row) -> Answer {
    let chain = pki.credential(credential).unwrap().chain;
    let inquirer = Inquirer::new(&chain, &pki.trust_anchors()).unwrap();
    let bytes = inquirer.request().unwrap();
    let request = Request::parse(&bytes).unwrap();
    let asked = Asked {
        pki,
        request: &request,
        now,
        revoked,
    };
    inquirer.judge(&bytes, &row.make(&asked).unwrap()).unwrap()
}

#[test]
fn openssl_judges_each_answer_as_its_row_says() {
    let (pki, now) = present();
    let mut wrong = Vec::new();
    for row in ANSWERS.iter() {
        let answer = judge(&pki, now, &pki.revocations(), "alice", row);
        let right = match (row.openssl, &answer) {
            (Expected::Accepted { .. }, Answer::Accepted) => true,
            (Expected::Refused { error, .. }, Answer::Refused(words)) => {
                !error.is_empty() && words.contains(error)
            }
            (
                Expected::Accepted { .. } | Expected::Refused { .. } | Expected::NotAsked { .. },
                Answer::Accepted | Answer::Refused(_),
            ) => false,
        };
        if !right {
            wrong.push(format!(
                "{}: expected {:?}, answered {answer:?}",
                row.name, row.openssl
            ));
        }
        let accepted = answer == Answer::Accepted;
        if row.strict == Ruling::Grant && !accepted || row.strict == Ruling::Refuse && accepted {
            wrong.push(format!(
                "{}: {:?} by the row, but {answer:?}",
                row.name, row.strict
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_honest_answer_tells_the_revoked_from_their_siblings_at_each_level() {
    let (pki, now) = present();
    let honest = Row::find(Row::HONEST).unwrap();
    let later = pki.revocation(Target::Credential("bob"), now).unwrap();
    let revoked = [pki.revocations(), vec![later]].concat();
    for (credential, good) in [
        ("alice", true),
        ("alice-rsa2048", true),
        ("alice-via-deep", true),
        ("alice-via-rsa", true),
        ("bob", false),
        ("revoked", false),
    ] {
        let answer = judge(&pki, now, &revoked, credential, honest);
        match answer {
            Answer::Accepted => assert!(good, "{credential}"),
            Answer::Refused(words) => assert!(!good && words.contains(": revoked"), "{credential}: {words}"),
        }
    }
}

#[test]
fn the_root_answers_for_its_intermediates() {
    let (pki, now) = present();
    let root = pki.authority(Role::Root).unwrap().certificate.clone();
    let revoked = pki.revocations();
    for (role, good) in [(Role::Issuing, true), (Role::Revoked, false)] {
        let intermediate = pki.authority(role).unwrap().certificate.clone();
        let inquirer = Inquirer::new(&[intermediate, root.clone()], &pki.trust_anchors()).unwrap();
        let bytes = inquirer.request().unwrap();
        let request = Request::parse(&bytes).unwrap();
        let asked = Asked {
            pki: &pki,
            request: &request,
            now,
            revoked: &revoked,
        };
        let response = Row::find(Row::HONEST).unwrap().make(&asked).unwrap();
        let answer = inquirer.judge(&bytes, &response).unwrap();
        assert_eq!(answer == Answer::Accepted, good, "{role:?}: {answer:?}");
    }
}
