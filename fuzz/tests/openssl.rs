//! What `fuzz-properties` cannot test, since OpenSSL is a party: its disagreements, and the seeds and kept crashes of the
//! targets that ask it.

#![cfg(feature = "openssl")]

use std::path::{Path, PathBuf};

use fuzz_properties::certificate::{KNOWN, disagreements, is_of};
use gauntlet_fuzz::{openssl_reader::CERTIFICATES, run};

/// The targets to which OpenSSL is a party.
const TARGETS: &[&str] = &[
    "certificate",
    "crl",
    #[cfg(feature = "engine")]
    "ocsp_response",
];

fn fuzz() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries
        .map(|entry| entry.expect("can be listed").path())
        .collect()
}

#[test]
fn every_known_disagreement_with_openssl_still_occurs() {
    for known in KNOWN.iter().filter(|known| known.apart == CERTIFICATES.name) {
        let file = fuzz().join("known").join(format!("{}.der", known.name));
        let der = std::fs::read(file).expect("every known disagreement has an input");
        let found = disagreements(&der, &[CERTIFICATES]);
        assert!(
            found.iter().any(|one| is_of(known, &der, one)),
            "{} no longer occurs ({found:?}): take it off the list",
            known.name
        );
    }
}

#[test]
fn seeds_and_kept_crashes_hold_with_openssl_too() {
    for target in TARGETS {
        let mut count = 0;
        let mut broken = Vec::new();
        for folder in ["seeds", "regressions"] {
            for file in files(&fuzz().join(folder).join(target)) {
                let input = std::fs::read(&file).expect("can be read");
                let ran = std::panic::catch_unwind(|| run(target, &input));
                broken.extend(ran.is_err().then_some(file));
                count += 1;
            }
        }
        assert!(count > 0, "no input for {target}");
        assert!(broken.is_empty(), "inputs that break the property: {broken:?}");
    }
}

/// A reader that called every answer good would hide what the proxy should not believe.
#[cfg(feature = "engine")]
#[test]
fn openssl_tells_answers_apart() {
    let subject = fuzz_properties::ocsp::SUBJECT.as_ref().expect("is made");
    for (seed, expected) in [("good", true), ("revoked", false), ("wrong-serial", false)] {
        let answer = std::fs::read(fuzz().join("seeds/ocsp_response").join(seed)).expect("is a seed");
        let said = (gauntlet_fuzz::openssl_reader::ANSWERS.says_good)(subject, &answer);
        assert_eq!(said, Some(expected), "{seed}");
    }
}
