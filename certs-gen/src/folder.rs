//! A PKI as files: one folder a credential, lists, anchors, and the manifest that names them all.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use pem::Pem;
use serde::Serialize;
use thiserror::Error;

use crate::credential::Credential;
use crate::pki::{Pki, SERVERS};
use crate::spec::PkiError;

/// Why a folder could not be written.
#[derive(Debug, Error)]
pub enum FolderError {
    /// A file could not be written.
    #[error("{}: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The manifest could not be written.
    #[error("write the manifest: {0}")]
    Manifest(String),
    /// The folder holds something already.
    #[error("{} is not empty (use --force to overwrite)", .0.display())]
    NotEmpty(PathBuf),
    /// A credential could not be minted.
    #[error(transparent)]
    Pki(#[from] PkiError),
}

#[derive(Serialize)]
struct Manifest {
    schema: &'static str,
    seed: u64,
    now: i64,
    credentials: Vec<Row>,
    servers: Vec<Row>,
    /// What the authorities given cannot make, and why.
    unavailable: Vec<Missing>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    user: String,
    twin: String,
    group: Option<&'static str>,
    title: Option<&'static str>,
    clause: Option<&'static str>,
    folder: PathBuf,
    certificates: usize,
    key: bool,
}

#[derive(Serialize)]
struct Missing {
    name: String,
    reason: String,
}

/// Writes credentials, servers, trust anchors, CRLs and `manifest.json` under `out`. Keys get mode 0600.
///
/// # Errors
/// [`FolderError`]; a folder that is not empty is left alone unless `force` is given.
pub fn write(out: &Path, pki: &Pki, names: &[String], force: bool) -> Result<(), FolderError> {
    let occupied = fs::read_dir(out).is_ok_and(|mut entries| entries.next().is_some());
    if occupied && !force {
        return Err(FolderError::NotEmpty(out.to_owned()));
    }
    let mut manifest = Manifest {
        schema: "mtls-gauntlet/pki/1",
        seed: pki.spec().seed,
        now: pki.spec().now,
        credentials: Vec::new(),
        servers: Vec::new(),
        unavailable: Vec::new(),
    };
    // Hidden by itself when standard error is no terminal.
    let progress = ProgressBar::new(names.len() as u64);
    for name in names {
        match pki.credential(name) {
            Ok(credential) => manifest
                .credentials
                .push(write_credential(out, "credentials", &credential)?),
            Err(error @ (PkiError::NeedsRoot(_) | PkiError::Unavailable(_))) => {
                manifest.unavailable.push(Missing {
                    name: name.clone(),
                    reason: error.to_string(),
                });
            }
            Err(error) => return Err(error.into()),
        }
        progress.inc(1);
    }
    progress.finish_and_clear();
    for kind in SERVERS {
        manifest
            .servers
            .push(write_credential(out, "servers", &pki.server(kind)?)?);
    }
    write_file(
        &out.join("trust.pem"),
        armour("CERTIFICATE", &pki.trust_anchors()).as_bytes(),
        0o644,
    )?;
    write_file(
        &out.join("intermediates.pem"),
        armour("CERTIFICATE", &pki.issuers()).as_bytes(),
        0o644,
    )?;
    write_file(
        &out.join("server-ca.pem"),
        armour("CERTIFICATE", &[pki.server_ca()?]).as_bytes(),
        0o644,
    )?;
    let crls = pki.crls()?;
    for crl in &crls {
        write_file(&out.join(format!("crl/{}.der", crl.name)), &crl.der, 0o644)?;
    }
    let lists: Vec<Vec<u8>> = crls.into_iter().map(|crl| crl.der).collect();
    write_file(
        &out.join("crl/fresh.pem"),
        armour("X509 CRL", &lists).as_bytes(),
        0o644,
    )?;
    for set in pki.crl_variants()? {
        let lists: Vec<Vec<u8>> = set.crls.into_iter().map(|crl| crl.der).collect();
        write_file(
            &out.join(format!("crl/{}.pem", set.name)),
            armour("X509 CRL", &lists).as_bytes(),
            0o644,
        )?;
    }
    let text =
        serde_json::to_string_pretty(&manifest).map_err(|error| FolderError::Manifest(error.to_string()))?;
    write_file(&out.join("manifest.json"), (text + "\n").as_bytes(), 0o644)
}

fn write_credential(out: &Path, kind: &str, credential: &Credential) -> Result<Row, FolderError> {
    let relative = Path::new(kind).join(&credential.name);
    let folder = out.join(&relative);
    write_file(
        &folder.join("chain.pem"),
        armour("CERTIFICATE", &credential.chain).as_bytes(),
        0o644,
    )?;
    if let Some(leaf) = credential.leaf() {
        write_file(&folder.join("leaf.der"), leaf, 0o644)?;
        write_file(
            &folder.join("leaf.pem"),
            armour("CERTIFICATE", &[leaf.to_vec()]).as_bytes(),
            0o644,
        )?;
    }
    if let Some(key) = credential.key.pkcs8_der() {
        write_file(
            &folder.join("key.pem"),
            armour("PRIVATE KEY", &[key.to_vec()]).as_bytes(),
            0o600,
        )?;
    }
    Ok(Row {
        name: credential.name.clone(),
        user: credential.user.clone(),
        twin: credential.twin.clone(),
        group: credential.fault.map(|fault| fault.group.slug()),
        title: credential.fault.map(|fault| fault.title),
        clause: credential.fault.map(|fault| fault.clause),
        folder: relative,
        certificates: credential.chain.len(),
        key: credential.key.pkcs8_der().is_some(),
    })
}

fn armour(label: &str, blocks: &[Vec<u8>]) -> String {
    let blocks: Vec<Pem> = blocks
        .iter()
        .map(|block| Pem::new(label, block.as_slice()))
        .collect();
    pem::encode_many_config(
        &blocks,
        pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF),
    )
}

/// A new file with this mode from its first octet on; an old one is removed, since its mode would stay.
fn write_file(path: &Path, content: &[u8], mode: u32) -> Result<(), FolderError> {
    let result = (|| {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(mode)
            .open(path)?
            .write_all(content)
    })();
    result.map_err(|source| FolderError::File {
        path: path.to_owned(),
        source,
    })
}
