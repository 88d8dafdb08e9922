//! What a run leaves behind: no process, no folder, however it ended.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long to wait for processes to come or go. Generous: it is reached only where the test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// A deployment with a server that starts another one, in folders of its own.
struct Place {
    deployment: tempfile::TempDir,
    /// Where the run makes its folder.
    temporary: tempfile::TempDir,
    /// In the environment of the two processes, and nowhere else on the machine.
    mark: String,
}

impl Place {
    /// The embedded deployment with one more server, a shell with a child, neither of which ends by itself.
    fn new(name: &str) -> Self {
        let place = Self {
            deployment: tempfile::tempdir().unwrap(),
            temporary: tempfile::tempdir().unwrap(),
            mark: format!("LEFT_BEHIND={name}-{}", std::process::id()),
        };
        let embedded = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deployments/embedded");
        for entry in std::fs::read_dir(embedded).unwrap() {
            let file = entry.unwrap().path();
            if file.is_file() {
                std::fs::copy(&file, place.deployment.path().join(file.file_name().unwrap())).unwrap();
            }
        }
        let (key, value) = place.mark.split_once('=').unwrap();
        let bystander = format!(
            "\n[[launch.process]]\nname = \"bystander\"\ncommand = [\"sh\", \"-c\", \"sleep 999 & exec sleep 998\"]\n\
             variables = {{ {key} = \"{value}\" }}\nready = \"127.0.0.1:{{{{ port.app }}}}\"\n"
        );
        let file = place.deployment.path().join("deployment.toml");
        let text = std::fs::read_to_string(&file).unwrap() + &bystander;
        std::fs::write(&file, text).unwrap();
        place
    }

    fn run(&self, scenarios: &str) -> Child {
        Command::new(env!("CARGO_BIN_EXE_gauntlet"))
            .arg("run")
            .arg(self.deployment.path())
            .args(["--jobs", "1", "--scenario", scenarios])
            .env("TMPDIR", self.temporary.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// The processes that carry the mark.
    fn processes(&self) -> Vec<PathBuf> {
        let carries = |place: &Path| {
            let environment = std::fs::read(place.join("environ")).unwrap_or_default();
            environment
                .split(|byte| *byte == 0)
                .any(|entry| entry == self.mark.as_bytes())
        };
        std::fs::read_dir("/proc")
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|place| carries(place))
            .collect()
    }

    fn wait_for(&self, what: &str, holds: impl Fn(&[PathBuf]) -> bool) {
        let begin = Instant::now();
        loop {
            let seen = self.processes();
            if holds(&seen) {
                return;
            }
            assert!(begin.elapsed() < PATIENCE, "no {what}: {seen:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn folders(&self) -> Vec<PathBuf> {
        std::fs::read_dir(self.temporary.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect()
    }

    /// Waits until both processes and the run's folder are there, so that their absence afterwards says something.
    fn wait_until_started(&self) {
        self.wait_for("two processes", |seen| seen.len() == 2);
        assert_eq!(self.folders().len(), 1, "the run's folder");
    }

    /// Nothing is left once the program has ended.
    fn assert_empty(&self) {
        // A killed grandchild is the reaper's, not ours: it may take a moment to go.
        self.wait_for("end of the processes", <[PathBuf]>::is_empty);
        assert_eq!(self.folders(), Vec::<PathBuf>::new());
    }
}

#[test]
fn nothing_is_left_after_a_whole_run() {
    let place = Place::new("whole");
    let mut child = place.run("certificate/*");
    place.wait_until_started();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    place.assert_empty();
}

#[test]
fn nothing_is_left_after_a_run_that_was_told_to_end() {
    for (name, signal) in [("int", Signal::INT), ("term", Signal::TERM), ("hup", Signal::HUP)] {
        let place = Place::new(name);
        let mut child = place.run("*");
        place.wait_until_started();
        kill_process(Pid::from_child(&child), signal).unwrap();
        let status = child.wait().unwrap();
        assert!(!status.success(), "{name}: {status}");
        place.assert_empty();
    }
}

#[test]
fn nothing_is_left_after_a_deployment_that_did_not_start() {
    let place = Place::new("unready");
    let file = place.deployment.path().join("deployment.toml");
    // The last server waits for a port at which nobody listens, after the others have started.
    let late = "\n[[launch.process]]\nname = \"late\"\ncommand = [\"sh\", \"-c\", \"sleep 0.3; exit 7\"]\n\
                ready = \"127.0.0.1:1\"\n";
    let text = std::fs::read_to_string(&file).unwrap() + late;
    std::fs::write(&file, text).unwrap();
    let mut child = place.run("certificate/*");
    place.wait_until_started();
    assert!(!child.wait().unwrap().success());
    place.assert_empty();
}
