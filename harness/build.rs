//! Embeds the catalogue: every file under `scenarios/` and `deployments/`, so that the program works from any folder.
//!
//! Writes a table of `(path, include_str!(…))` rows, sorted, one for each tree. A file that is not UTF-8 fails the build
//! there, which is right: everything in the catalogue is text that people read.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let missing = |name: &str| io::Error::other(format!("{name} is not set: build scripts are run by cargo"));
    let manifest =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| missing("CARGO_MANIFEST_DIR"))?);
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| missing("OUT_DIR"))?);
    let root = manifest
        .parent()
        .ok_or_else(|| io::Error::other("the crate stands in no workspace"))?;
    let mut source = String::new();
    for (table, folder, endings) in [
        ("SCENARIOS", "scenarios", &["toml"][..]),
        ("DEPLOYMENTS", "deployments", &[][..]),
    ] {
        let top = root.join(folder);
        let mut files = Vec::new();
        collect(&top, &mut files)?;
        files.retain(|file| is_wanted(file, endings));
        let mut rows = Vec::new();
        for file in files {
            let relative = file.strip_prefix(&top).map_err(io::Error::other)?;
            // Paths in the table have `/` on every system: they are ids.
            let parts: Vec<String> = relative
                .iter()
                .map(|part| part.to_string_lossy().into_owned())
                .collect();
            rows.push((parts.join("/"), file));
        }
        rows.sort();
        writeln!(source, "static {table}: &[(&str, &str)] = &[").map_err(io::Error::other)?;
        for (place, file) in &rows {
            writeln!(source, "    ({place:?}, include_str!({file:?})),").map_err(io::Error::other)?;
        }
        writeln!(source, "];").map_err(io::Error::other)?;
    }
    fs::write(out.join("catalogue.rs"), source)
}

/// Every file under `folder`. Folders are named to cargo too, so that a new file is seen.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    Ok(())
}

/// Editors' leftovers, hidden files, documents and the generated schema are no part of the catalogue.
fn is_wanted(file: &Path, endings: &[&str]) -> bool {
    let name = file
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let ending = file
        .extension()
        .map(|ending| ending.to_string_lossy().into_owned())
        .unwrap_or_default();
    let compiled = file
        .iter()
        .any(|part| part == "__pycache__" || part == ".pytest_cache");
    let leftover =
        name.starts_with('.') || name.ends_with('~') || ending == "md" || name == "schema.json" || compiled;
    !leftover && (endings.is_empty() || endings.contains(&ending.as_str()))
}
