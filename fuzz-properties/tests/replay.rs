//! Replays the committed seeds and every crash that was ever kept, without libFuzzer.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use fuzz_properties::{TARGETS, Target};

/// What may be committed as seeds, in bytes.
const LARGEST_CORPUS: u64 = 2 * 1024 * 1024;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .join("fuzz")
}

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "README.md")
        .collect()
}

/// Runs every file of the target's folder; a broken property names the file.
fn replay(target: &Target, folder: &Path) -> usize {
    let files = names(folder);
    let mut broken = Vec::new();
    for file in &files {
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let ran = std::panic::catch_unwind(|| (target.run)(&bytes));
        broken.extend(ran.is_err().then_some(file));
    }
    assert!(
        broken.is_empty(),
        "inputs in {} that break `{}`: {broken:?}",
        folder.display(),
        target.holds
    );
    files.len()
}

#[test]
fn every_regression_stays_mended() {
    let folder = fuzz().join("regressions");
    let known: BTreeSet<String> = TARGETS.iter().map(|target| target.name.to_owned()).collect();
    for name in names(&folder) {
        assert!(known.contains(&name), "regressions of an unknown target {name}");
        let target = fuzz_properties::target(&name).unwrap();
        assert!(replay(target, &folder.join(&name)) > 0, "no regression in {name}");
    }
}

#[test]
fn every_target_has_seeds_that_hold() {
    for target in TARGETS {
        let count = replay(target, &fuzz().join("seeds").join(target.name));
        assert!(count > 0, "no seed for {}", target.name);
    }
}

/// The first byte of many a seed is a place in the table of dialects: one more dialect, and they mean another.
#[test]
fn the_seeds_are_those_that_would_be_written() {
    let folder = fuzz().join("seeds");
    let seeds = fuzz_properties::seed::seeds().unwrap();
    let other: Vec<_> = seeds
        .iter()
        .filter(|((target, name), bytes)| {
            let file = folder.join(target).join(name);
            std::fs::read(file).ok().as_ref() != Some(*bytes)
        })
        .map(|(key, _)| key)
        .collect();
    assert!(
        other.is_empty(),
        "write them again with `cargo xtask fuzz --seeds`: {other:?}"
    );
}

#[test]
fn the_seeds_are_small() {
    let mut size = 0;
    for target in TARGETS {
        let folder = fuzz().join("seeds").join(target.name);
        for file in names(&folder) {
            size += std::fs::metadata(folder.join(file)).unwrap().len();
        }
    }
    assert!(size < LARGEST_CORPUS, "{size} bytes of seeds");
}

#[test]
fn the_targets_are_those_of_the_fuzz_workspace() {
    assert!(TARGETS.is_sorted_by(|one, other| one.name < other.name));
    let manifest = std::fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    let files = names(&fuzz().join("fuzz_targets"));
    let expected: BTreeSet<String> = TARGETS
        .iter()
        .map(|target| format!("{}.rs", target.name))
        .collect();
    assert_eq!(files, expected);
    for target in TARGETS {
        assert!(
            manifest.contains(&format!("path = \"fuzz_targets/{}.rs\"", target.name)),
            "fuzz/Cargo.toml has no binary {}",
            target.name
        );
        let text = std::fs::read_to_string(fuzz().join(format!("fuzz_targets/{}.rs", target.name))).unwrap();
        assert!(
            text.lines().count() <= 30,
            "{} is more than an entry point",
            target.name
        );
        let runs = format!("run(\"{}\", ", target.name);
        assert!(text.contains(&runs), "{}.rs runs another target", target.name);
    }
}

#[test]
fn seeds_of_known_folders_exist() {
    let root = fuzz().join("..");
    for target in TARGETS {
        let list = fuzz().join("seeds").join(format!("{}.folders", target.name));
        let Ok(text) = std::fs::read_to_string(&list) else {
            continue;
        };
        for folder in text.lines() {
            assert!(root.join(folder).is_dir(), "{} names {folder}", list.display());
        }
    }
}
