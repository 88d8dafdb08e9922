//! One running deployment: started or found, and all that attacks need to know of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::folder::RunFolder;
use super::process::{DeadProcess, Process, Reload};
use super::{Backend, CredentialStore, FrontTarget, LaunchError, LaunchOptions, LogSearch, live, start};
use crate::deployment::Deployment;
use crate::tap::Tap;

/// A running deployment. Dropping it stops all that was started and removes the run's folder.
#[derive(Debug)]
pub struct Target {
    pub(super) front: FrontTarget,
    pub(super) backends: Vec<Backend>,
    pub(super) credentials: CredentialStore,
    pub(super) logs: LogSearch,
    pub(super) private_keys: Vec<PathBuf>,
    pub(super) web_roots: Vec<PathBuf>,
    pub(super) secrets: BTreeMap<(String, String), String>,
    pub(super) proxy_secret: Option<String>,
    pub(super) versions: Vec<String>,
    pub(super) launched: bool,
    pub(super) responder: Option<revocation_responder::Handle>,
    // In the order of their end: servers in the reverse order of their start, then the tap, the runtime, the folder.
    pub(super) processes: Vec<Process>,
    pub(super) tap: Option<Tap>,
    pub(super) runtime: Option<tokio::runtime::Runtime>,
    pub(super) folder: Option<RunFolder>,
}

impl Drop for Target {
    fn drop(&mut self) {
        while let Some(process) = self.processes.pop() {
            drop(process);
        }
        self.tap = None;
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_timeout(std::time::Duration::from_millis(500));
        }
        self.folder = None;
    }
}

impl Target {
    /// Launches the deployment where its file has `[launch]`, else finds it where it is.
    ///
    /// # Errors
    /// [`LaunchError`]; whatever was started by then is stopped and removed.
    pub fn start(deployment: &Deployment, options: &LaunchOptions) -> Result<Self, LaunchError> {
        match &deployment.file.launch {
            Some(launch) => start::launch(deployment, launch, options),
            None => live::find(deployment, options),
        }
    }

    /// The TLS endpoint that clients use.
    pub fn front(&self) -> &FrontTarget {
        &self.front
    }

    /// The app's own listeners.
    pub fn backends(&self) -> &[Backend] {
        &self.backends
    }

    /// What clients may present.
    pub fn credentials(&self) -> &CredentialStore {
        &self.credentials
    }

    /// The relay between proxy and app.
    pub fn tap(&self) -> Option<&Tap> {
        self.tap.as_ref()
    }

    /// The logs.
    pub fn logs(&self) -> &LogSearch {
        &self.logs
    }

    /// The private key files of `[storage]`.
    pub fn private_keys(&self) -> &[PathBuf] {
        &self.private_keys
    }

    /// The folders of `[storage]` that the web server serves files from.
    pub fn web_roots(&self) -> &[PathBuf] {
        &self.web_roots
    }

    /// A user's `password` or `api-key`.
    pub fn secret(&self, user: &str, name: &str) -> Option<String> {
        self.secrets.get(&(user.to_owned(), name.to_owned())).cloned()
    }

    /// The value of the header that proves the proxy to the app; known of launched deployments only.
    pub fn proxy_secret(&self) -> Option<String> {
        self.proxy_secret.clone()
    }

    /// What the programs say of their versions: `nginx: nginx version: nginx/1.22.1`.
    pub fn versions(&self) -> &[String] {
        &self.versions
    }

    /// Did we start it?
    pub fn is_launched(&self) -> bool {
        self.launched
    }

    /// The run's folder, where we launched it.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_ref().map(RunFolder::path)
    }

    /// Makes every server that can read its certificate, CA and CRL files again, and gives the least certain outcome.
    ///
    /// # Errors
    /// [`LaunchError::Reload`] for the first that cannot be told.
    pub fn reload(&self) -> Result<Reload, LaunchError> {
        let mut least = Reload::NoWay;
        for process in &self.processes {
            least = least.max(process.reload()?);
        }
        Ok(least)
    }

    /// The process groups of the servers that run as processes of their own: name and group id.
    pub fn groups(&self) -> Vec<(String, i32)> {
        self.processes.iter().filter_map(Process::group).collect()
    }

    /// The servers that ended by themselves.
    pub fn dead(&self) -> Vec<DeadProcess> {
        self.processes.iter().filter_map(Process::dead).collect()
    }
}
