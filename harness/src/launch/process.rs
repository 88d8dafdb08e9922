//! Servers: child processes in groups of their own, or the embedded crate's servers in this process.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use embedded_deployment::{AppConfig, ProxyConfig, Running};
use rustix::process::{Pid, Signal, kill_process};

use super::ready::Ready;
use super::{LaunchError, registry};
use crate::deployment::launch_file::{Builtin, ProcessFile, StopSignal};

/// `nobody`: whom launched servers run as where we are root.
pub(super) const NOBODY: u32 = 65534;
/// How long a server may take until it accepts connections.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How long a command before the start may take.
const PREPARE_LIMIT: Duration = Duration::from_secs(120);
/// Between two looks at a server that is starting.
const GLANCE: Duration = Duration::from_millis(2);
/// Lines of output that a message shows, and the bytes that are read for them.
const LAST_LINES: usize = 20;
const LAST_BYTES: usize = 16 * 1024;

/// A server that ended by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadProcess {
    /// Its name in the deployment file.
    pub name: String,
    /// How it ended, in words: `exit status: 1`.
    pub status: String,
    /// The end of its output.
    pub last_lines: Vec<String>,
}

/// A command line, rendered.
#[derive(Debug, Clone)]
pub(super) struct CommandLine {
    /// Of the process, for messages and log names.
    pub(super) name: String,
    /// Program and arguments.
    pub(super) words: Vec<String>,
    /// Environment variables.
    pub(super) variables: BTreeMap<String, String>,
    /// The working folder.
    pub(super) folder: PathBuf,
    /// Where its output goes.
    pub(super) output: PathBuf,
}

/// What came of the order to read files again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reload {
    /// The deployment file names no way.
    NoWay,
    /// What is read is in force.
    Done,
    /// A process of its own was told: it reads when it gets to it, and old workers may go on for a while beside the new ones.
    Told,
}

#[derive(Debug)]
enum Kind {
    Child {
        child: Mutex<Child>,
        group: Pid,
        stop: Signal,
        reload: Option<Signal>,
        reload_command: Option<CommandLine>,
        output: PathBuf,
    },
    Builtin(Running),
}

/// A started server. Dropping it stops it.
#[derive(Debug)]
pub(super) struct Process {
    name: String,
    kind: Kind,
}

/// Are we root, so that servers are to run as somebody else?
pub(super) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn signal(word: StopSignal) -> Signal {
    match word {
        StopSignal::Hup => Signal::HUP,
        StopSignal::Int => Signal::INT,
        StopSignal::Quit => Signal::QUIT,
        StopSignal::Term => Signal::TERM,
        StopSignal::Usr1 => Signal::USR1,
        StopSignal::Usr2 => Signal::USR2,
    }
}

impl CommandLine {
    fn failed(&self, message: String) -> LaunchError {
        LaunchError::Start {
            name: self.name.clone(),
            message,
        }
    }

    /// Starts it as the unprivileged user, in a group of its own, with an environment of its own.
    fn spawn(&self) -> Result<(Child, Pid), LaunchError> {
        let (program, arguments) = self
            .words
            .split_first()
            .ok_or_else(|| self.failed("an empty command".to_owned()))?;
        let log = File::options()
            .create(true)
            .append(true)
            .open(&self.output)
            .map_err(LaunchError::file(&self.output))?;
        let second = log.try_clone().map_err(LaunchError::file(&self.output))?;
        let mut command = Command::new(program_path(program));
        // Nothing of our own environment is a server's business, secrets of the operator least of all.
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", search_path())
            .env("HOME", &self.folder)
            .env("LANG", "C.UTF-8")
            .envs(&self.variables);
        command
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(second)
            .process_group(0);
        if is_root() {
            command.uid(NOBODY).gid(NOBODY);
        }
        let child = command
            .spawn()
            .map_err(|error| self.failed(format!("{program}: {error}")))?;
        let group = i32::try_from(child.id())
            .ok()
            .and_then(Pid::from_raw)
            .ok_or_else(|| self.failed("no process id".to_owned()))?;
        registry::add_group(group);
        Ok((child, group))
    }

    /// Runs it to its end, which must be a good one.
    pub(super) fn run(&self) -> Result<(), LaunchError> {
        let (mut child, group) = self.spawn()?;
        let begin = Instant::now();
        let status = loop {
            match child.try_wait() {
                Ok(Some(status)) => break Some(status),
                Ok(None) if begin.elapsed() > PREPARE_LIMIT => break None,
                Ok(None) => std::thread::sleep(GLANCE),
                Err(error) => return Err(self.failed(error.to_string())),
            }
        };
        registry::stop_groups(&[(group, Signal::KILL)]);
        match status {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(LaunchError::Died(DeadProcess {
                name: self.name.clone(),
                status: status.to_string(),
                last_lines: last_lines(&self.output),
            })),
            None => Err(self.failed(format!("not done after {} s", PREPARE_LIMIT.as_secs()))),
        }
    }
}

impl Process {
    /// Starts a child; its output goes into `folder/log/NAME.out`.
    pub(super) fn child(
        file: &ProcessFile,
        line: &CommandLine,
        reload_command: Option<CommandLine>,
    ) -> Result<Self, LaunchError> {
        let (child, group) = line.spawn()?;
        let (stop, reload) = (file.stop.map_or(Signal::TERM, signal), file.reload.map(signal));
        Ok(Self {
            name: file.name.clone(),
            kind: Kind::Child {
                child: Mutex::new(child),
                group,
                stop,
                reload,
                reload_command,
                output: line.output.clone(),
            },
        })
    }

    /// Starts a server of the embedded crate from the text of its config.
    pub(super) fn builtin(
        name: &str,
        builtin: Builtin,
        config: &str,
        runtime: &tokio::runtime::Runtime,
    ) -> Result<Self, LaunchError> {
        let failed = |error: &dyn std::error::Error| {
            let source = error
                .source()
                .map(|source| format!(": {source}"))
                .unwrap_or_default();
            LaunchError::Start {
                name: name.to_owned(),
                message: format!("{error}{source}"),
            }
        };
        let running = match builtin {
            Builtin::Proxy => {
                let config = ProxyConfig::from_toml(config).map_err(|error| failed(&error))?;
                runtime.block_on(embedded_deployment::start_proxy(config))
            }
            Builtin::App => {
                let config = AppConfig::from_toml(config).map_err(|error| failed(&error))?;
                runtime.block_on(embedded_deployment::start_app(config))
            }
        };
        Ok(Self {
            name: name.to_owned(),
            kind: Kind::Builtin(running.map_err(|error| failed(&error))?),
        })
    }

    /// Waits until `ready` holds or the server has ended.
    pub(super) fn wait_until_ready(&self, ready: &Ready) -> Result<(), LaunchError> {
        let begin = Instant::now();
        loop {
            if let Some(dead) = self.dead() {
                return Err(LaunchError::Died(dead));
            }
            if ready.holds() {
                return Ok(());
            }
            if begin.elapsed() > START_LIMIT {
                let last_lines = self.last_lines();
                let (name, seconds) = (self.name.clone(), START_LIMIT.as_secs());
                return Err(LaunchError::NotReady {
                    name,
                    ready: ready.to_string(),
                    seconds,
                    last_lines,
                });
            }
            std::thread::sleep(GLANCE);
        }
    }

    /// Its name and process group; `None` for a builtin, which lives in our own process.
    pub(super) fn group(&self) -> Option<(String, i32)> {
        match &self.kind {
            Kind::Child { group, .. } => Some((self.name.clone(), group.as_raw_nonzero().get())),
            Kind::Builtin(_) => None,
        }
    }

    /// How it ended, if it did. A builtin ends only with us.
    pub(super) fn dead(&self) -> Option<DeadProcess> {
        let Kind::Child { child, .. } = &self.kind else {
            return None;
        };
        let status = child
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .try_wait()
            .ok()??;
        Some(DeadProcess {
            name: self.name.clone(),
            status: status.to_string(),
            last_lines: self.last_lines(),
        })
    }

    fn last_lines(&self) -> Vec<String> {
        match &self.kind {
            Kind::Child { output, .. } => last_lines(output),
            Kind::Builtin(_) => Vec::new(),
        }
    }

    /// Makes it read its files again.
    pub(super) fn reload(&self) -> Result<Reload, LaunchError> {
        let failed = |message: String| LaunchError::Reload {
            name: self.name.clone(),
            message,
        };
        match &self.kind {
            Kind::Child {
                reload_command: Some(line),
                ..
            } => line.run().map(|()| Reload::Told),
            Kind::Child { reload: None, .. } => Ok(Reload::NoWay),
            Kind::Child {
                group,
                reload: Some(signal),
                ..
            } => {
                kill_process(*group, *signal).map_err(|error| failed(error.to_string()))?;
                Ok(Reload::Told)
            }
            Kind::Builtin(running) => running
                .reload()
                .map(|()| Reload::Done)
                .map_err(|error| failed(error.to_string())),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if let Kind::Child { group, stop, .. } = &self.kind {
            registry::stop_groups(&[(*group, *stop)]);
        }
    }
}

fn last_lines(output: &Path) -> Vec<String> {
    let bytes = std::fs::read(output).unwrap_or_default();
    let tail = bytes
        .get(bytes.len().saturating_sub(LAST_BYTES)..)
        .unwrap_or_default();
    let text = String::from_utf8_lossy(tail);
    let lines: Vec<&str> = text.lines().collect();
    lines
        .iter()
        .skip(lines.len().saturating_sub(LAST_LINES))
        .map(|line| (*line).to_owned())
        .collect()
}

/// Where programs are looked for: our own PATH, then the places of servers, which a user's PATH often lacks.
pub(super) fn search_path() -> String {
    let own = std::env::var("PATH").unwrap_or_default();
    format!("{own}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin")
}

/// The file of a program; `None` where no folder of the path has it.
pub(super) fn find_program(program: &str) -> Option<PathBuf> {
    if program == "gauntlet" {
        return Some(own_program());
    }
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|path| path.is_file());
    }
    search_path()
        .split(':')
        .map(|folder| Path::new(folder).join(program))
        .find(|path| path.is_file())
}

fn program_path(program: &str) -> PathBuf {
    find_program(program).unwrap_or_else(|| PathBuf::from(program))
}

/// This very program. `/proc/self/exe` works even where the unprivileged user may not enter our folder. A test's
/// program is another one: then `gauntlet` stands in a folder above it.
fn own_program() -> PathBuf {
    let own = std::env::current_exe().unwrap_or_default();
    if own.file_name().is_some_and(|name| name == "gauntlet") {
        return PathBuf::from("/proc/self/exe");
    }
    let mut above = own
        .ancestors()
        .skip(1)
        .take(2)
        .map(|folder| folder.join("gauntlet"));
    above
        .find(|path| path.is_file())
        .unwrap_or_else(|| PathBuf::from("gauntlet"))
}
