//! A run's temporary folder: everything that servers read and write is in it, and it goes with the run.

use std::collections::BTreeMap;
use std::path::Path;

use super::process::NOBODY;
use super::{LaunchError, registry};

/// A run's temporary folder, known to the registry as long as it is there.
#[derive(Debug)]
pub(super) struct RunFolder {
    folder: Option<tempfile::TempDir>,
    keep: bool,
}

impl RunFolder {
    pub(super) fn create(keep: bool) -> Result<Self, LaunchError> {
        let folder = tempfile::Builder::new()
            .prefix("gauntlet-")
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700))
            .tempdir()
            .map_err(LaunchError::file(std::env::temp_dir()))?;
        if !keep {
            registry::add_folder(folder.path());
        }
        Ok(Self {
            folder: Some(folder),
            keep,
        })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder
            .as_ref()
            .map_or(Path::new(""), tempfile::TempDir::path)
    }
}

impl Drop for RunFolder {
    fn drop(&mut self) {
        let Some(folder) = self.folder.take() else { return };
        if self.keep {
            drop(folder.keep());
        } else {
            registry::forget_folder(folder.path());
            drop(folder.close());
        }
    }
}

/// Writes files that are copied as they are, with the folders above them.
pub(super) fn copy(into: &Path, files: &BTreeMap<String, String>) -> Result<(), LaunchError> {
    for (place, text) in files {
        let path = into.join(place);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(LaunchError::file(parent))?;
        }
        std::fs::write(&path, text).map_err(LaunchError::file(&path))?;
    }
    Ok(())
}

/// Makes the unprivileged user the owner of the run's folder and all in it.
pub(super) fn give_away(path: &Path) -> Result<(), LaunchError> {
    std::os::unix::fs::lchown(path, Some(NOBODY), Some(NOBODY)).map_err(LaunchError::file(path))?;
    if path.is_dir() {
        for entry in std::fs::read_dir(path).map_err(LaunchError::file(path))? {
            give_away(&entry.map_err(LaunchError::file(path))?.path())?;
        }
    }
    Ok(())
}
