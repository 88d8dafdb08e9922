//! The `certs-gen` command: a PKI as files.

use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use certs_gen::folder::{self, FolderError};
use certs_gen::{CaFiles, FAULTS, Pki, PkiError, PkiSpec};
use clap::Parser;
use globset::{Glob, GlobMatcher};
use thiserror::Error;

/// Writes hostile and honest client credentials, servers, trust anchors and CRLs to a folder.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The folder to write; it must be empty or absent unless --force is given.
    #[arg(long, required_unless_present = "list")]
    out: Option<PathBuf>,
    /// Mint under this authority (PEM) instead of a new one.
    #[arg(long, num_args = 2, value_names = ["CERT", "KEY"])]
    issuer: Option<Vec<PathBuf>>,
    /// The root above the issuer, for faults in intermediates.
    #[arg(long, num_args = 2, value_names = ["CERT", "KEY"], requires = "issuer")]
    root: Option<Vec<PathBuf>>,
    /// Another authority that the deployment trusts.
    #[arg(long, num_args = 2, value_names = ["CERT", "KEY"], requires = "issuer")]
    also_trusted: Option<Vec<PathBuf>>,
    /// The environment variable that holds the passphrase of encrypted keys.
    #[arg(long, value_name = "VARIABLE")]
    passphrase_env: Option<String>,
    /// All keys and serial numbers come from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Unix seconds that count as now; the clock's without it.
    #[arg(long, value_name = "SECONDS")]
    now: Option<i64>,
    /// The OCSP responder that client certificates name.
    #[arg(long, value_name = "URL")]
    ocsp_url: Option<String>,
    /// Where client certificates say that CRLs are: `URL/ISSUER`.
    #[arg(long, value_name = "URL")]
    crl_url: Option<String>,
    /// Only credentials whose names match, e.g. `expired-*`.
    #[arg(long, value_name = "GLOB")]
    only: Option<Glob>,
    /// Print the names and titles of all faults and write nothing.
    #[arg(long)]
    list: bool,
    /// Overwrite what is in the folder.
    #[arg(long)]
    force: bool,
}

/// Why the command failed.
#[derive(Debug, Error)]
enum CommandError {
    /// A file could not be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The folder could not be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// No credential matches the pattern.
    #[error("no credential matches --only {0}")]
    NothingMatches(String),
    /// The passphrase variable is not set.
    #[error("environment variable {0} is not set")]
    NoPassphrase(String),
    /// The PKI could not be made.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// The clock is before 1970 or the manifest cannot be written.
    #[error("{0}")]
    Other(String),
    /// Standard output is closed.
    #[error("write to standard output: {0}")]
    Output(#[from] io::Error),
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do when standard error is closed too.
            let _unwritten = writeln!(io::stderr(), "certs-gen: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), CommandError> {
    let wanted: Option<GlobMatcher> = arguments.only.as_ref().map(Glob::compile_matcher);
    let is_wanted = |name: &str| wanted.as_ref().is_none_or(|glob| glob.is_match(name));
    if arguments.list {
        let mut output = io::stdout().lock();
        for fault in FAULTS.iter().filter(|fault| is_wanted(fault.name)) {
            writeln!(
                output,
                "{:<11} {:<40} {}",
                fault.group.slug(),
                fault.name,
                fault.title
            )?;
        }
        return Ok(());
    }
    let Some(out) = &arguments.out else { return Ok(()) };
    let now = match arguments.now {
        Some(now) => now,
        None => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .ok()
            .and_then(|elapsed| i64::try_from(elapsed.as_secs()).ok())
            .ok_or_else(|| CommandError::Other("the clock is before 1970".to_owned()))?,
    };
    let spec = PkiSpec {
        seed: arguments.seed,
        now,
        ocsp_url: arguments.ocsp_url.clone(),
        crl_url: arguments.crl_url.clone(),
        ..PkiSpec::default()
    };
    let pki = match &arguments.issuer {
        None => Pki::generate(&spec)?,
        Some(issuer) => Pki::under(
            &spec,
            files(issuer, arguments)?,
            arguments
                .root
                .as_ref()
                .map(|root| files(root, arguments))
                .transpose()?,
            arguments
                .also_trusted
                .iter()
                .map(|other| files(other, arguments))
                .collect::<Result<_, _>>()?,
        )?,
    };
    let names: Vec<String> = pki.names().into_iter().filter(|name| is_wanted(name)).collect();
    if names.is_empty() {
        return Err(CommandError::NothingMatches(
            arguments.only.as_ref().map_or("*", Glob::glob).to_owned(),
        ));
    }
    Ok(folder::write(out, &pki, &names, arguments.force)?)
}

fn files(pair: &[PathBuf], arguments: &Arguments) -> Result<CaFiles, CommandError> {
    let read = |index: usize| {
        let path = pair.get(index).cloned().unwrap_or_default();
        fs::read_to_string(&path).map_err(|source| CommandError::File { path, source })
    };
    let passphrase = arguments
        .passphrase_env
        .as_ref()
        .map(|name| std::env::var(name).map_err(|_| CommandError::NoPassphrase(name.clone())))
        .transpose()?;
    Ok(CaFiles {
        cert_pem: read(0)?,
        key_pem: read(1)?,
        passphrase,
    })
}
