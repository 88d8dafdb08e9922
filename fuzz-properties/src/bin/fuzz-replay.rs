//! Runs one target over files: `fuzz-replay TARGET FILE-OR-FOLDER...`. For a crash in hand, and for measuring coverage.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let name = arguments.next().unwrap_or_default();
    let Some(target) = fuzz_properties::target(&name.to_string_lossy()) else {
        drop(writeln!(
            io::stderr(),
            "usage: fuzz-replay TARGET FILE-OR-FOLDER..."
        ));
        return ExitCode::from(2);
    };
    let mut count = 0_usize;
    for place in arguments.map(PathBuf::from) {
        let files = match files(&place) {
            Ok(files) => files,
            Err(error) => {
                drop(writeln!(
                    io::stderr(),
                    "fuzz-replay: {}: {error}",
                    place.display()
                ));
                return ExitCode::from(2);
            }
        };
        for file in files {
            if let Ok(bytes) = std::fs::read(&file) {
                // A panic ends the program with its message, as it does under libFuzzer.
                (target.run)(&bytes);
                count += 1;
            }
        }
    }
    drop(writeln!(io::stdout(), "{count} inputs hold `{}`", target.holds));
    ExitCode::SUCCESS
}

/// The file itself, or the files of a folder and of those below it.
fn files(place: &Path) -> io::Result<Vec<PathBuf>> {
    if !place.is_dir() {
        return Ok(vec![place.to_path_buf()]);
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(place)? {
        found.extend(files(&entry?.path())?);
    }
    found.sort();
    Ok(found)
}
