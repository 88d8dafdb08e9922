//! Programs that the checks need and Rust does not bring: from Debian, and cargo-deny from crates.io.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::stage::{Outcome, cargo, is_installed, run};

/// Programs and the Debian packages that bring them, sorted.
const PROGRAMS: &[(&str, &str)] = &[("caddy", "caddy"), ("nginx", "nginx"), ("openssl", "openssl")];

/// The cargo-deny that is built where there is none. A version of its own, since newer ones may need a newer Rust.
const CARGO_DENY: &str = "0.20.2";

/// Installs the Debian packages of missing programs. Only root on Debian can; elsewhere it says what is missing.
pub(crate) fn install() -> Outcome {
    let packages = missing(PROGRAMS, is_installed);
    if packages.is_empty() {
        return Outcome::Passed;
    }
    if !(is_installed("apt-get") && is_root()) {
        return Outcome::Skipped(format!(
            "not installed, and only root on Debian can install them here: {}",
            packages.join(", ")
        ));
    }
    let apt = |arguments: &[&str]| {
        run(Command::new("apt-get")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(arguments))
    };
    match apt(&["update", "-q"]) {
        Outcome::Passed => {}
        failed @ (Outcome::Failed(_) | Outcome::Skipped(_)) => return failed,
    }
    let mut arguments = vec!["install", "-q", "-y", "--no-install-recommends"];
    arguments.extend(&packages);
    match apt(&arguments) {
        Outcome::Passed => {}
        failed @ (Outcome::Failed(_) | Outcome::Skipped(_)) => return failed,
    }
    match missing(PROGRAMS, is_installed).as_slice() {
        [] => Outcome::Passed,
        still => Outcome::Failed(format!("installed, but still not there: {}", still.join(", "))),
    }
}

fn missing<'a>(programs: &[(&str, &'a str)], installed: impl Fn(&str) -> bool) -> Vec<&'a str> {
    programs
        .iter()
        .filter(|(program, _)| !installed(program))
        .map(|(_, package)| *package)
        .collect()
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    effective_user(&status) == Some(0)
}

/// The effective user of a `/proc/PID/status` (proc(5): `Uid:` real, effective, saved, file system).
fn effective_user(status: &str) -> Option<u32> {
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Licences, banned and doubled crates, and sources, by deny.toml.
pub(crate) fn deny(root: &Path) -> Outcome {
    let program = match cargo_deny(root) {
        Ok(program) => program,
        Err(outcome) => return outcome,
    };
    run(Command::new(program)
        .args(["--workspace", "check", "bans", "licenses", "sources"])
        .current_dir(root))
}

/// The cargo-deny of the machine; else one of our own, built once into the target folder (a few minutes on two cores).
fn cargo_deny(root: &Path) -> Result<PathBuf, Outcome> {
    if is_installed("cargo-deny") {
        return Ok("cargo-deny".into());
    }
    let tools = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root.join("target"), |target| root.join(target))
        .join("tools");
    let program = tools.join("bin/cargo-deny");
    if program.is_file() {
        return Ok(program);
    }
    let mut command = Command::new(cargo());
    command
        .args([
            "install",
            "cargo-deny",
            "--quiet",
            "--locked",
            "--version",
            CARGO_DENY,
        ])
        .arg("--root")
        .arg(&tools);
    match run(command.current_dir(root)) {
        Outcome::Passed => Ok(program),
        Outcome::Failed(why) | Outcome::Skipped(why) => {
            Err(Outcome::Skipped(format!("cargo-deny could not be built: {why}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(PROGRAMS.is_sorted_by(|left, right| left.0 < right.0));
    }

    #[test]
    fn only_what_is_missing_is_installed() {
        assert_eq!(
            missing(&[("a", "pa"), ("b", "pb")], |program| program == "a"),
            ["pb"]
        );
        assert!(missing(PROGRAMS, |_| true).is_empty());
    }

    #[test]
    fn the_effective_user_is_the_second_number() {
        assert_eq!(
            effective_user("Name:\tx\nUid:\t1000\t0\t0\t0\nGid:\t5\t6\t7\t8\n"),
            Some(0)
        );
        assert_eq!(effective_user("Name:\tx\n"), None);
    }
}
