//! `gauntlet app`: the embedded app as its own process, for deployments whose proxy is a real server.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use embedded_deployment::{AppConfig, start_app};
use mtls_gauntlet::baseline::Exit;
use mtls_gauntlet::catalogue;
use mtls_gauntlet::complaint::Complaint;

use super::CommandError;

/// Which app.
#[derive(Debug, Clone, Args)]
pub(super) struct AppArguments {
    /// The app's own config file (see embedded/README.md).
    #[arg(long)]
    config: PathBuf,
}

impl AppArguments {
    /// Serves until the process is told to end.
    pub(super) fn obey(&self, stop: &AtomicBool) -> Result<Exit, CommandError> {
        let config = AppConfig::from_toml(&catalogue::read(&self.config)?)
            .map_err(|error| wrong(&self.config, &error.to_string()))?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|source| CommandError::File {
                path: self.config.clone(),
                source,
            })?;
        runtime.block_on(async {
            let running = start_app(config)
                .await
                .map_err(|error| wrong(&self.config, &error.to_string()))?;
            while !stop.load(Ordering::Relaxed) {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            running.stop().await;
            Ok(Exit::Fine)
        })
    }
}

fn wrong(path: &Path, message: &str) -> CommandError {
    CommandError::Complaint(Complaint::whole(path, message))
}
