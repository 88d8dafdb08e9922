//! Every process group and folder that is alive because of us, so that a signal's handler can end them all.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process_group, test_kill_process_group, waitpid};

/// How long servers may take to end after TERM.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two looks at a server that is ending.
const GLANCE: Duration = Duration::from_millis(2);

#[derive(Default)]
struct Registry {
    groups: Vec<Pid>,
    folders: Vec<PathBuf>,
}

static REGISTRY: Mutex<Registry> = Mutex::new(Registry {
    groups: Vec::new(),
    folders: Vec::new(),
});

fn registry() -> MutexGuard<'static, Registry> {
    REGISTRY.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn add_group(group: Pid) {
    registry().groups.push(group);
}

pub(super) fn add_folder(folder: &Path) {
    registry().folders.push(folder.to_owned());
}

pub(super) fn forget_folder(folder: &Path) {
    registry().folders.retain(|other| other != folder);
}

/// Ends these groups: `signal` first, KILL for what is left after two seconds. Returns when they are gone.
pub(super) fn stop_groups(groups: &[(Pid, Signal)]) {
    for (group, signal) in groups {
        let _ = kill_process_group(*group, *signal);
    }
    let begin = Instant::now();
    let mut killed = false;
    // The second limit is for a process that not even KILL ends (stuck in the kernel): waiting for it helps nobody.
    while groups.iter().any(|(group, _)| is_alive(*group)) && begin.elapsed() < 2 * PATIENCE {
        if !killed && begin.elapsed() > PATIENCE {
            killed = true;
            for (group, _) in groups {
                let _ = kill_process_group(*group, Signal::KILL);
            }
        }
        std::thread::sleep(GLANCE);
    }
    registry()
        .groups
        .retain(|group| !groups.iter().any(|(stopped, _)| stopped == group));
}

/// Is there anybody in the group? Reaps its leader, which is our child and would count as long as nobody asked for it.
fn is_alive(group: Pid) -> bool {
    let _ = waitpid(Some(group), WaitOptions::NOHANG);
    test_kill_process_group(group).is_ok()
}

/// Ends every launched process and removes every folder of this program's runs. For signal handlers and the like;
/// dropping a [`super::Target`] does it for that target.
pub fn stop_all() {
    let (groups, folders) = {
        let mut registry = registry();
        (registry.groups.clone(), std::mem::take(&mut registry.folders))
    };
    let groups: Vec<_> = groups.into_iter().map(|group| (group, Signal::TERM)).collect();
    stop_groups(&groups);
    for folder in folders {
        drop(std::fs::remove_dir_all(folder));
    }
}

/// From now on INT, TERM and HUP end all launched processes, remove all folders and then this program, with the status
/// 128 + the signal's number that shells expect.
///
/// # Errors
/// The handler cannot be put in place.
pub fn stop_on_signals() -> std::io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    std::thread::Builder::new()
        .name("signals".to_owned())
        .spawn(move || {
            if let Some(signal) = signals.forever().next() {
                stop_all();
                std::process::exit(128 + signal);
            }
        })?;
    Ok(())
}
