//! `gauntlet pki`: every credential as files, for trying things by hand.

use std::io::{self, Write};
use std::path::PathBuf;

use certs_gen::{Pki, PkiSpec, folder};
use clap::Args;
use mtls_gauntlet::baseline::Exit;

use super::CommandError;

/// Where to, and from which seed.
#[derive(Debug, Clone, Args)]
pub(super) struct PkiArguments {
    /// The folder to write; it must be empty or absent unless --force is given.
    #[arg(long)]
    out: PathBuf,
    /// All keys and serial numbers come from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Overwrite what is in the folder.
    #[arg(long)]
    force: bool,
}

impl PkiArguments {
    /// Writes the folder.
    pub(super) fn obey(&self) -> Result<Exit, CommandError> {
        let spec = PkiSpec {
            seed: self.seed,
            now: super::run::now(),
            ..PkiSpec::default()
        };
        let pki = Pki::generate(&spec).map_err(folder::FolderError::from)?;
        let names = pki.names();
        folder::write(&self.out, &pki, &names, self.force)?;
        writeln!(
            io::stderr(),
            "{} credentials written to {}",
            names.len(),
            self.out.display()
        )?;
        Ok(Exit::Fine)
    }
}
