//! Writes the first inputs of every target: `fuzz-seeds FOLDER`. `cargo xtask fuzz --seeds` calls it.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        drop(writeln!(io::stderr(), "usage: fuzz-seeds FOLDER"));
        return ExitCode::from(2);
    };
    match write(&folder) {
        Ok(count) => {
            drop(writeln!(io::stdout(), "{count} seeds in {}", folder.display()));
            ExitCode::SUCCESS
        }
        Err(error) => {
            drop(writeln!(io::stderr(), "fuzz-seeds: {error}"));
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> io::Result<usize> {
    let seeds = fuzz_properties::seed::seeds().map_err(io::Error::other)?;
    for ((target, name), bytes) in &seeds {
        let place = folder.join(target);
        std::fs::create_dir_all(&place)?;
        std::fs::write(place.join(name), bytes)?;
    }
    Ok(seeds.len())
}
