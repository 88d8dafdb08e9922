use std::collections::BTreeSet;

use super::*;
use crate::honest::HONEST;
use crate::pki::Pki;
use crate::spec::PkiSpec;

#[test]
fn names_are_unique_and_groups_are_sorted() {
    let names: BTreeSet<&str> = FAULTS.iter().map(|fault| fault.name).collect();
    assert_eq!(names.len(), FAULTS.len());
    for group in [
        encoding::FAULTS,
        issuer::FAULTS,
        names::FAULTS,
        presence::FAULTS,
        purpose::FAULTS,
        revocation::FAULTS,
        signature::FAULTS,
        validity::FAULTS,
    ] {
        let files: Vec<String> = group.iter().map(|fault| fault.name.replace('-', "_")).collect();
        assert!(files.is_sorted(), "rows stand in the order of their files");
        assert!(
            group
                .iter()
                .all(|fault| Some(fault.group) == group.first().map(|first| first.group))
        );
    }
}

#[test]
fn each_fault_is_its_own_file() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/fault");
    for fault in FAULTS.iter() {
        let file = folder
            .join(fault.group.slug())
            .join(format!("{}.rs", fault.name.replace('-', "_")));
        assert!(file.is_file(), "{} is missing", file.display());
    }
}

#[test]
fn rows_are_documented() {
    for fault in FAULTS.iter() {
        assert!(
            fault
                .name
                .chars()
                .all(|letter| matches!(letter, 'a'..='z' | '0'..='9' | '-')),
            "{}",
            fault.name
        );
        for text in [fault.title, fault.clause, fault.why] {
            assert!(text.len() > 3 && !text.ends_with('.'), "{}: {text:?}", fault.name);
        }
    }
}

#[test]
fn twins_are_honest_credentials() {
    for fault in FAULTS.iter() {
        let suffix = fault.twin.strip_prefix("alice").unwrap();
        let known = suffix.is_empty()
            || HONEST
                .iter()
                .any(|row| suffix.strip_prefix('-') == Some(row.suffix));
        assert!(known, "{}: no twin {}", fault.name, fault.twin);
    }
}

#[test]
fn every_fault_is_minted_again_to_the_byte() {
    let [one, two] = [(); 2].map(|()| Pki::generate(&PkiSpec::default()).unwrap());
    for fault in FAULTS.iter() {
        let [one, two] = [&one, &two].map(|pki| pki.credential(fault.name).unwrap());
        assert_eq!(one.chain, two.chain, "{}", fault.name);
        assert_eq!(one.key.spki_der(), two.key.spki_der(), "{}", fault.name);
    }
}

#[test]
fn every_fault_differs_from_its_twin() {
    let pki = Pki::generate(&PkiSpec::default()).unwrap();
    for fault in FAULTS.iter() {
        let credential = pki.credential_for(fault.name, "bob").unwrap();
        assert!(credential.twin.starts_with("bob"), "{}", fault.name);
        let twin = pki.credential(&credential.twin).unwrap();
        assert_ne!(credential.chain, twin.chain, "{}", fault.name);
    }
}
