//! Servers: child processes in groups of their own, or the embedded crate's servers in this process.

use std::fs::File;
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use embedded_deployment::{AppConfig, ProxyConfig, Running};
use rustix::process::{Pid, Signal, kill_process};

use super::{LaunchError, registry};
use crate::deployment::launch_file::{Builtin, ProcessFile, StopSignal};
use crate::tap::TapAddress;

/// `nobody`: whom launched servers run as where we are root.
pub(super) const NOBODY: u32 = 65534;
/// How long a server may take until it accepts connections.
const START_LIMIT: Duration = Duration::from_secs(15);
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

#[derive(Debug)]
enum Kind {
    Child {
        child: Mutex<Child>,
        group: Pid,
        stop: Signal,
        reload: Option<Signal>,
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

impl Process {
    /// Starts a child with rendered arguments; its output goes into `folder/log/NAME.out`.
    pub(super) fn child(file: &ProcessFile, command: &[String], folder: &Path) -> Result<Self, LaunchError> {
        let failed = |message: String| LaunchError::Start {
            name: file.name.clone(),
            message,
        };
        let (program, arguments) = command
            .split_first()
            .ok_or_else(|| failed("an empty command".to_owned()))?;
        let output = folder.join("log").join(format!("{}.out", file.name));
        let log = File::create(&output).map_err(LaunchError::file(&output))?;
        let second = log.try_clone().map_err(LaunchError::file(&output))?;
        let mut command = Command::new(program_path(program));
        // Nothing of our own environment is a server's business, secrets of the operator least of all.
        command
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("PATH", search_path())
            .env("HOME", folder)
            .env("LANG", "C");
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
            .map_err(|error| failed(format!("{program}: {error}")))?;
        let group = i32::try_from(child.id())
            .ok()
            .and_then(Pid::from_raw)
            .ok_or_else(|| failed("no process id".to_owned()))?;
        registry::add_group(group);
        let (stop, reload) = (file.stop.map_or(Signal::TERM, signal), file.reload.map(signal));
        Ok(Self {
            name: file.name.clone(),
            kind: Kind::Child {
                child: Mutex::new(child),
                group,
                stop,
                reload,
                output,
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

    /// Waits until `ready` accepts connections or the server has ended.
    pub(super) fn wait_until_ready(&self, ready: &TapAddress) -> Result<(), LaunchError> {
        let begin = Instant::now();
        loop {
            if let Some(dead) = self.dead() {
                return Err(LaunchError::Died(dead));
            }
            if accepts(ready) {
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
        let Kind::Child { output, .. } = &self.kind else {
            return Vec::new();
        };
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

    /// Makes it read its files again; `false` where the deployment file names no way.
    pub(super) fn reload(&self) -> Result<bool, LaunchError> {
        let failed = |message: String| LaunchError::Reload {
            name: self.name.clone(),
            message,
        };
        match &self.kind {
            Kind::Child { reload: None, .. } => Ok(false),
            Kind::Child {
                group,
                reload: Some(signal),
                ..
            } => {
                kill_process(*group, *signal).map_err(|error| failed(error.to_string()))?;
                Ok(true)
            }
            Kind::Builtin(running) => running
                .reload()
                .map(|()| true)
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

fn accepts(address: &TapAddress) -> bool {
    match address {
        TapAddress::Tcp(address) => connects(address),
        TapAddress::Unix(path) => UnixStream::connect(path).is_ok(),
    }
}

fn connects(address: &SocketAddr) -> bool {
    TcpStream::connect_timeout(address, Duration::from_millis(500)).is_ok()
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
