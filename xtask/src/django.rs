//! The tests of the Django app that the deployments put behind their proxies. They are pytest's: what they hold is Python.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::packages::target;
use crate::stage::{Outcome, run};

/// Where the app stands in the repository.
const APP: &str = "deployments/django";

/// Runs them in a virtual environment of their own (`target/environments/django-tests`), which is brought up to date first;
/// gives pytest's last line too, which counts.
pub(crate) fn tests(root: &Path) -> (Outcome, String) {
    let app = root.join(APP);
    let environment = target(root).join("environments/django-tests");
    let python = environment.join("bin/python");
    // Without ensurepip there would be a Python that cannot install.
    if !environment.join("bin/pip").is_file() {
        match run(Command::new("python3").args(["-m", "venv"]).arg(&environment)) {
            Outcome::Passed => {}
            Outcome::Failed(why) | Outcome::Skipped(why) => {
                return (
                    Outcome::Skipped(format!("no virtual environment: {why}")),
                    String::new(),
                );
            }
        }
    }
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    install.args(["-r", "requirements.txt", "-r", "tests/requirements.txt"]);
    match run(install.current_dir(&app)) {
        Outcome::Passed => {}
        failed @ (Outcome::Failed(_) | Outcome::Skipped(_)) => return (failed, String::new()),
    }
    let mut pytest = Command::new(&python);
    pytest.args(["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]);
    pytest
        .current_dir(&app)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit());
    match pytest.output() {
        Err(error) => (
            Outcome::Failed(format!("could not start pytest: {error}")),
            String::new(),
        ),
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let last = said.lines().last().unwrap_or_default().to_owned();
            let outcome = if output.status.success() {
                Outcome::Passed
            } else {
                Outcome::Failed(format!("pytest: {}\n{said}", output.status))
            };
            (outcome, last)
        }
    }
}
