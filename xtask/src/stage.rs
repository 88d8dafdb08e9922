//! What a stage comes to, and how one runs a command.

use std::ffi::OsString;
use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a stage came to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub(crate) enum Outcome {
    /// It did what it must.
    Passed,
    /// It did not; why.
    Failed(String),
    /// It could not be tried here; why. In CI this is a failure.
    Skipped(String),
}

impl Outcome {
    /// In CI nothing may be left out: a skipped stage is a failed one.
    pub(crate) fn in_ci(self, ci: bool) -> Self {
        match self {
            Self::Skipped(why) if ci => Self::Failed(format!("{why} (in CI nothing is skipped)")),
            Self::Skipped(_) | Self::Passed | Self::Failed(_) => self,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed => formatter.write_str("passed"),
            Self::Failed(why) => write!(formatter, "FAILED: {why}"),
            Self::Skipped(why) => write!(formatter, "skipped: {why}"),
        }
    }
}

/// The cargo that runs us; the one on the PATH where nobody says.
pub(crate) fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Runs a command whose exit code says everything. Its output goes where ours goes.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let name = command.get_program().to_string_lossy().into_owned();
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Outcome::Passed,
        Ok(status) => Outcome::Failed(format!("{name}: {status}")),
        Err(error) => Outcome::Failed(format!("could not start {name}: {error}")),
    }
}

/// Runs cargo in `root`.
pub(crate) fn run_cargo(root: &Path, arguments: &[&str]) -> Outcome {
    run(Command::new(cargo()).args(arguments).current_dir(root))
}

/// Is a program on the PATH, or where Debian puts servers?
pub(crate) fn is_installed(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    places.map(|place| place.join(program)).any(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skip_fails_in_ci_and_nowhere_else() {
        let skipped = Outcome::Skipped("no nginx".to_owned());
        assert_eq!(skipped.clone().in_ci(false), skipped);
        assert!(matches!(skipped.in_ci(true), Outcome::Failed(why) if why.contains("no nginx")));
        assert_eq!(Outcome::Passed.in_ci(true), Outcome::Passed);
    }

    #[test]
    fn a_commands_exit_code_decides() {
        assert_eq!(run(&mut Command::new("true")), Outcome::Passed);
        assert!(matches!(run(&mut Command::new("false")), Outcome::Failed(_)));
        assert!(matches!(
            run(&mut Command::new("no-such-program-anywhere")),
            Outcome::Failed(_)
        ));
    }

    #[test]
    fn programs_are_looked_for() {
        assert!(is_installed("sh"));
        assert!(!is_installed("no-such-program-anywhere"));
    }
}
