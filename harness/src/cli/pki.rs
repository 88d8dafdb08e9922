//! `gauntlet pki`: every credential as files, and the responder that says which of them are revoked, for trying things
//! by hand and for deployments that somebody else runs.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use certs_gen::{CaFiles, Pki, PkiSpec, Target, folder};
use clap::Args;
use mtls_gauntlet::baseline::Exit;
use revocation_responder::{Behaviour, Bound, Handle, Method, Question, Seen};

use super::CommandError;

/// Where to, and from which seed.
#[derive(Debug, Clone, Args)]
pub(super) struct PkiArguments {
    /// The folder to write; it must be empty or absent unless --force is given.
    #[arg(long, required_unless_present = "serve")]
    out: Option<PathBuf>,
    /// All keys and serial numbers come from it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Overwrite what is in the folder.
    #[arg(long)]
    force: bool,
    /// Mint and answer under this authority (PEM) instead of a new one.
    #[arg(long, num_args = 2, value_names = ["CERT", "KEY"])]
    issuer: Option<Vec<PathBuf>>,
    /// The root above the issuer.
    #[arg(long, num_args = 2, value_names = ["CERT", "KEY"], requires = "issuer")]
    root: Option<Vec<PathBuf>>,
    /// The environment variable that holds the passphrase of encrypted keys.
    #[arg(long, value_name = "VARIABLE", requires = "issuer")]
    passphrase_env: Option<String>,
    /// Answer OCSP requests and serve the CRLs at this loopback address until the program is ended; the certificates
    /// name it. Port 0 takes a free one.
    #[arg(long, value_name = "ADDRESS")]
    serve: Option<SocketAddr>,
    /// What the responder does: `honest`, an answer like `stale`, or trouble like `closed`, `stall:20`, `http-500`.
    #[arg(long, value_name = "NAME", requires = "serve", default_value = "honest")]
    behaviour: Behaviour,
    /// The set of CRLs that it serves, like `stale`.
    #[arg(long, value_name = "SET", requires = "serve", default_value = revocation_responder::FRESH)]
    lists: String,
    /// A credential to revoke beside those that are revoked anyhow; may be given again.
    #[arg(long, value_name = "CREDENTIAL", requires = "serve")]
    revoke: Vec<String>,
}

impl PkiArguments {
    /// Writes the folder, and serves until the flag is set.
    pub(super) fn obey(&self, stop: &AtomicBool) -> Result<Exit, CommandError> {
        let bound = self
            .serve
            .map(|address| revocation_responder::bind(address).map_err(|error| argument(&error)))
            .transpose()?;
        let pki = self.pki(bound.as_ref())?;
        if let Some(out) = &self.out {
            let names = pki.names();
            folder::write(out, &pki, &names, self.force)?;
            writeln!(
                io::stderr(),
                "{} credentials written to {}",
                names.len(),
                out.display()
            )?;
        }
        if let Some(bound) = bound {
            let handle = bound.serve(pki).map_err(|error| argument(&error))?;
            self.serve(&handle, stop)?;
        }
        Ok(Exit::Fine)
    }

    fn pki(&self, bound: Option<&Bound>) -> Result<Pki, CommandError> {
        let spec = PkiSpec {
            seed: self.seed,
            now: super::run::now(),
            ocsp_url: bound.map(Bound::ocsp_url),
            crl_url: bound.map(Bound::crl_url),
            ..PkiSpec::default()
        };
        let passphrase = self
            .passphrase_env
            .as_ref()
            .map(|name| {
                std::env::var(name)
                    .map_err(|_| CommandError::Argument(format!("environment variable {name} is not set")))
            })
            .transpose()?;
        let files = |pair: &Vec<PathBuf>| -> Result<CaFiles, CommandError> {
            let text = |index: usize| {
                let path = pair.get(index).map_or(Path::new(""), PathBuf::as_path);
                std::fs::read_to_string(path)
                    .map_err(|error| CommandError::Argument(format!("{}: {error}", path.display())))
            };
            Ok(CaFiles {
                cert_pem: text(0)?,
                key_pem: text(1)?,
                passphrase: passphrase.clone(),
            })
        };
        let pki = match &self.issuer {
            None => Pki::generate(&spec),
            Some(issuer) => {
                let root = self.root.as_ref().map(&files).transpose()?;
                Pki::under(&spec, files(issuer)?, root, Vec::new())
            }
        };
        Ok(pki.map_err(folder::FolderError::from)?)
    }

    fn serve(&self, handle: &Handle, stop: &AtomicBool) -> Result<(), CommandError> {
        for name in &self.revoke {
            handle
                .revoke(Target::Credential(name), super::run::now())
                .map_err(|error| argument(&error))?;
        }
        handle.set_lists(&self.lists).map_err(|error| argument(&error))?;
        handle
            .set_behaviour(self.behaviour)
            .map_err(|error| argument(&error))?;
        let mut errors = io::stderr();
        writeln!(errors, "OCSP ({}) at {}", self.behaviour, handle.ocsp_url())?;
        for crl in handle.lists() {
            writeln!(
                errors,
                "CRL  ({}) at {}/{}",
                self.lists,
                handle.crl_url(),
                crl.name
            )?;
        }
        while !stop.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(100));
            for seen in handle.take_requests() {
                writeln!(errors, "{}", line(&seen))?;
            }
        }
        Ok(())
    }
}

/// What was asked, in a line. What a stranger sent is escaped.
fn line(seen: &Seen) -> String {
    let asked = match &seen.question {
        Question::Crl(name) => format!("CRL {}", name.escape_debug()),
        Question::Ocsp {
            serials,
            nonce,
            method,
        } => {
            let method = match method {
                Method::Get => "GET",
                Method::Post => "POST",
            };
            let serials: Vec<String> = serials
                .iter()
                .map(|serial| serial.iter().map(|octet| format!("{octet:02x}")).collect())
                .collect();
            let nonce = if *nonce { " with a nonce" } else { "" };
            format!("OCSP {method} {}{nonce}", serials.join(", "))
        }
        Question::Unreadable(why) => format!("unreadable: {}", why.escape_debug()),
    };
    format!("asked: {asked}: {}", seen.behaviour)
}

fn argument(error: &revocation_responder::ResponderError) -> CommandError {
    CommandError::Argument(super::chain(error))
}
