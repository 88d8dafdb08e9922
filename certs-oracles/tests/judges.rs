//! Both judges are asked about every credential, and must answer as the table says.

#![expect(
    clippy::unwrap_used,
    reason = "the bench is set up outside the test functions"
)]

use certs_gen::{CRL_SETS, Expected, FAULTS, HONEST, Pki, PkiSpec, Ruling, WITNESSES};
use certs_oracles::{Answer, Question, openssl, webpki};

struct Bench {
    pki: Pki,
    anchors: Vec<Vec<u8>>,
    crls: Vec<Vec<u8>>,
}

impl Bench {
    fn new() -> Self {
        let pki = Pki::generate(&PkiSpec::default()).unwrap();
        let anchors = pki.trust_anchors();
        let crls = pki.crls().unwrap().into_iter().map(|crl| crl.der).collect();
        Self { pki, anchors, crls }
    }

    fn ask(&self, chain: &[Vec<u8>]) -> [Answer; 2] {
        let time = u64::try_from(self.pki.spec().now).unwrap();
        let question = Question {
            chain,
            anchors: &self.anchors,
            crls: &self.crls,
            time,
        };
        [openssl::ask(&question).unwrap(), webpki::ask(&question)]
    }
}

#[test]
fn honest_credentials_pass_both() {
    let bench = Bench::new();
    let suffixes = HONEST
        .iter()
        .map(|row| format!("-{}", row.suffix))
        .chain([String::new()]);
    for suffix in suffixes {
        for user in ["alice", "bob", "admin"] {
            let credential = bench.pki.credential(&format!("{user}{suffix}")).unwrap();
            assert_eq!(
                bench.ask(&credential.chain),
                [Answer::Accepted, Answer::Accepted],
                "{}",
                credential.name
            );
        }
    }
    let unknown = bench.pki.unknown_user("mallory").unwrap();
    assert_eq!(bench.ask(&unknown.chain), [Answer::Accepted, Answer::Accepted]);
}

#[test]
fn each_fault_is_judged_as_its_row_says() {
    let bench = Bench::new();
    let mut wrong = Vec::new();
    for fault in FAULTS.iter() {
        let credential = bench.pki.credential(fault.name).unwrap();
        let answers = bench.ask(&credential.chain);
        for (judge, expected, answer) in [
            ("openssl", fault.openssl, &answers[0]),
            ("webpki", fault.webpki, &answers[1]),
        ] {
            let right = match (expected, answer) {
                (Expected::NotAsked { .. }, _) => true,
                (Expected::Accepted { .. }, answer) => *answer == Answer::Accepted,
                (Expected::Refused { error, .. }, Answer::Refused(words)) if judge == "webpki" => {
                    !error.is_empty() && words.starts_with(error)
                }
                (Expected::Refused { error, .. }, Answer::Refused(words)) => {
                    !error.is_empty() && words.contains(error)
                }
                (Expected::Refused { .. }, Answer::Accepted) => false,
            };
            if !right {
                wrong.push(format!(
                    "{} {judge}: expected {expected:?}, answered {answer:?}",
                    fault.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_fault_for_another_user_is_judged_alike() {
    let bench = Bench::new();
    for fault in FAULTS.iter() {
        let [alice, bob] = ["alice", "bob"].map(|user| bench.pki.credential_for(fault.name, user).unwrap());
        let [one, two] = [alice, bob].map(|credential| bench.ask(&credential.chain)[1].clone());
        assert_eq!(one == Answer::Accepted, two == Answer::Accepted, "{}", fault.name);
    }
}

#[test]
fn each_set_of_lists_is_judged_as_its_row_says() {
    let mut bench = Bench::new();
    let mut wrong = Vec::new();
    for row in CRL_SETS.iter() {
        let set = row.make(&bench.pki).unwrap();
        bench.crls = set.crls.into_iter().map(|crl| crl.der).collect();
        for (index, witness) in WITNESSES.iter().enumerate() {
            let answers = bench.ask(&bench.pki.credential(witness).unwrap().chain);
            for (judge, expected, answer) in [
                ("openssl", row.openssl.errors[index], &answers[0]),
                ("webpki", row.webpki.errors[index], &answers[1]),
            ] {
                let right = match (expected, answer) {
                    (None, answer) => *answer == Answer::Accepted,
                    (Some(error), Answer::Refused(words)) if judge == "webpki" => words.starts_with(error),
                    (Some(error), Answer::Refused(words)) => words.contains(error),
                    (Some(_), Answer::Accepted) => false,
                };
                if !right {
                    wrong.push(format!(
                        "{} {witness} {judge}: expected {expected:?}, answered {answer:?}",
                        row.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Else no server could be found that does what the row demands.
#[test]
fn no_row_demands_a_grant_that_both_judges_refuse() {
    for row in CRL_SETS.iter() {
        for (index, witness) in WITNESSES.iter().enumerate() {
            let refused = [row.openssl, row.webpki].map(|judged| judged.errors[index].is_some());
            if row.strict[index] == Ruling::Grant && refused == [true, true] {
                panic!(
                    "{} {witness}: granted by the row, refused by both judges",
                    row.name
                );
            }
        }
    }
}
