//! Python virtual environments with pinned packages: made once, shared by every run and deployment that asks for the same.
//!
//! An environment's folder is named by what is in it. A lock keeps two runs from making it at once; a mark, written last,
//! tells a finished one from one whose making was cut short.

use std::fs::File;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use sha2::{Digest as _, Sha256};

use super::LaunchError;
use super::process::{is_root, search_path};
use crate::deployment::launch_file::EnvironmentFile;

/// Environment variable that names the folder of all environments.
const FOLDER_VARIABLE: &str = "GAUNTLET_ENVIRONMENTS";
/// The file that is written last.
const MARK: &str = "complete";
/// Bytes of output that a message shows.
const SHOWN: usize = 2000;

/// Makes the environment where it is not there yet, and gives its folder.
pub(super) fn ensure(file: &EnvironmentFile, requirements: &str) -> Result<PathBuf, LaunchError> {
    let failed = |message: String| LaunchError::Environment {
        name: file.name.clone(),
        message,
    };
    let word = file.python.as_deref().unwrap_or("python3");
    let python = python(word).ok_or_else(|| LaunchError::MissingProgram {
        program: word.to_owned(),
        package: "python3-venv".to_owned(),
    })?;
    let top = top_folder();
    std::fs::create_dir_all(&top).map_err(LaunchError::file(&top))?;
    let digest = Sha256::digest(format!("{}\n{requirements}", python.display()));
    let id = super::pki_folder::hexadecimal(digest.get(..8).unwrap_or_default());
    let folder = top.join(format!("{}-{id}", file.name));
    let lock_path = top.join(format!("{}-{id}.lock", file.name));
    let lock = File::create(&lock_path).map_err(LaunchError::file(&lock_path))?;
    lock.lock().map_err(LaunchError::file(&lock_path))?;
    if folder.join(MARK).is_file() {
        return Ok(folder);
    }
    say(&format!(
        "making the Python environment `{}` in {} (once)",
        file.name,
        folder.display()
    ));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(LaunchError::file(&folder))?;
    }
    run(Command::new(&python).args(["-m", "venv"]).arg(&folder))
        .map_err(|message| failed(format!("{message}\n`venv` comes with the package python3-venv")))?;
    let list = folder.join("requirements.txt");
    std::fs::write(&list, requirements).map_err(LaunchError::file(&list))?;
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "-r",
    ])
    .arg(&list);
    run(&mut pip).map_err(failed)?;
    let mark = folder.join(MARK);
    std::fs::write(&mark, "").map_err(LaunchError::file(&mark))?;
    Ok(folder)
}

/// Long work says so. Reports are events; this comes before there are any.
fn say(text: &str) {
    use std::io::Write as _;
    drop(writeln!(std::io::stderr(), "gauntlet: {text}"));
}

fn run(command: &mut Command) -> Result<(), String> {
    let output = command
        .stdin(Stdio::null())
        .env("PATH", search_path())
        .output()
        .map_err(|error| format!("{}: {error}", command.get_program().display()))?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stdout, output.stderr].concat();
    let tail = text.get(text.len().saturating_sub(SHOWN)..).unwrap_or_default();
    let program = command.get_program().display().to_string();
    Err(format!(
        "{program}: {}\n{}",
        output.status,
        String::from_utf8_lossy(tail)
    ))
}

/// The interpreter: the first on the path that the user whom servers run as may run too.
fn python(word: &str) -> Option<PathBuf> {
    if word.contains('/') {
        return Some(PathBuf::from(word)).filter(|path| path.is_file());
    }
    let path = search_path();
    let mut candidates = path
        .split(':')
        .map(|folder| Path::new(folder).join(word))
        .filter(|path| path.is_file());
    candidates.find(|path| !is_root() || open_to_all(path))
}

/// May anybody run it? It and every folder above let pass, links followed.
pub(super) fn open_to_all(path: &Path) -> bool {
    let Ok(real) = path.canonicalize() else {
        return false;
    };
    real.ancestors()
        .all(|part| std::fs::metadata(part).is_ok_and(|data| data.permissions().mode() & 0o001 != 0))
}

/// Where environments are kept: as the variable says, else in the `target` folder that this program stands in, else in the
/// user's cache. As root only a folder that the servers' user may enter will do.
fn top_folder() -> PathBuf {
    if let Some(named) = std::env::var_os(FOLDER_VARIABLE) {
        return PathBuf::from(named);
    }
    let own = std::env::current_exe().unwrap_or_default();
    let target = own
        .ancestors()
        .find(|folder| folder.file_name().is_some_and(|name| name == "target"))
        .map(|target| target.join("environments"));
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache")))
        .map(|cache| cache.join("gauntlet/environments"));
    let reachable = |folder: &PathBuf| {
        let there = folder.ancestors().find(|part| part.exists());
        !is_root() || there.is_some_and(open_to_all)
    };
    let shared = PathBuf::from("/var/cache/gauntlet/environments");
    target
        .filter(reachable)
        .or_else(|| cache.filter(reachable))
        .unwrap_or(shared)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_one_user_is_not_open_to_all() {
        let top = tempfile::tempdir().unwrap();
        std::fs::set_permissions(top.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        let inside = top.path().join("x");
        std::fs::write(&inside, "").unwrap();
        std::fs::set_permissions(&inside, std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(!open_to_all(&inside));
        assert!(open_to_all(Path::new("/usr/bin/env")));
    }

    #[test]
    fn a_python_that_is_not_there_is_none() {
        assert_eq!(python("no-such-python-interpreter"), None);
        assert_eq!(python("/no/such/python"), None);
    }
}
