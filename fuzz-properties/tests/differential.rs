//! The reviewed lists: every known disagreement still occurs, and every naive reader still misreads something.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::{Path, PathBuf};

use client_identity::{Certificate, Client, DIALECTS, HeaderNames, Verified};
use fuzz_properties::certificate::{KNOWN, disagreements, is_of};
use fuzz_properties::naive::{MODELS, misreadings};
use fuzz_properties::reading::READERS;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .join("fuzz")
}

#[test]
fn every_known_disagreement_between_the_linked_readers_still_occurs() {
    assert!(KNOWN.is_sorted_by(|one, other| one.name < other.name));
    let linked = |name: &&str| READERS.iter().any(|reader| reader.name == *name);
    for known in KNOWN.iter().filter(|known| linked(&known.apart)) {
        let der = std::fs::read(fuzz().join("known").join(format!("{}.der", known.name))).unwrap();
        let found = disagreements(&der, &[]);
        assert!(
            found.iter().any(|one| is_of(known, &der, one)),
            "{} no longer occurs ({found:?}): take it off the list",
            known.name
        );
    }
}

#[test]
fn every_known_disagreement_has_a_reason_and_an_input() {
    for known in KNOWN {
        assert!(known.because.len() > 40, "{} has no reason", known.name);
        assert!(
            fuzz().join("known").join(format!("{}.der", known.name)).is_file(),
            "{} has no input",
            known.name
        );
    }
}

#[test]
fn every_naive_reader_misreads_some_seed() {
    let folder = fuzz().join("seeds/certificate");
    let seeds: Vec<Vec<u8>> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    assert!(MODELS.is_sorted_by(|one, other| one.name < other.name));
    for model in MODELS {
        let fooled = seeds.iter().any(|der| {
            let Ok(certificate) = Certificate::from_der(der) else {
                return false;
            };
            let client = Client::Presented {
                chain: vec![der.clone()],
                verified: Verified::Success,
            };
            DIALECTS.iter().any(|dialect| {
                let headers = dialect.encode(&client, &HeaderNames::defaults(*dialect));
                headers.is_ok_and(|headers| {
                    let mut found = misreadings(&certificate, &headers, *dialect);
                    found.any(|(found, _)| found.name == model.name)
                })
            })
        });
        assert!(fooled, "{} ({}) misreads nothing", model.name, model.says);
    }
}
