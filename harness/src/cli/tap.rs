//! `gauntlet tap`: the recording relay by itself, between a proxy and an app that somebody else runs.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Args;
use mtls_gauntlet::baseline::Exit;
use mtls_gauntlet::tap::{Tap, TapAddress};

use super::CommandError;

/// Between whom, and into which file.
#[derive(Debug, Clone, Args)]
pub(super) struct TapArguments {
    /// Where the proxy is told to send to: `127.0.0.1:9000` or `unix:/run/tap.sock`.
    #[arg(long, value_name = "ADDRESS")]
    listen: String,
    /// Where the app listens.
    #[arg(long, value_name = "ADDRESS")]
    to: String,
    /// A new file that gets one JSON line for each request.
    #[arg(long, value_name = "FILE")]
    record: PathBuf,
}

impl TapArguments {
    /// Relays until the process is told to end.
    pub(super) fn obey(&self, stop: &Arc<AtomicBool>) -> Result<Exit, CommandError> {
        let address =
            |text: &str| TapAddress::resolve(text).map_err(|error| CommandError::Argument(error.to_string()));
        let tap = Tap::start_recording(&address(&self.listen)?, &address(&self.to)?, &self.record)
            .map_err(|error| CommandError::Argument(super::chain(&error)))?;
        writeln!(
            io::stderr(),
            "relaying {} to {}, recording into {}",
            tap.listen_address()
                .map_or_else(|| self.listen.clone(), ToString::to_string),
            self.to,
            self.record.display()
        )?;
        while !stop.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(100));
        }
        tap.stop();
        Ok(Exit::Fine)
    }
}
