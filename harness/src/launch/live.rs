//! A deployment that is there already: found, not started.

use std::path::Path;

use certs_gen::{CaFiles, Pki, PkiSpec, UserSpec};

use super::credential::{certificates, secret_text};
use super::target::Target;
use super::{CredentialStore, FrontTarget, LaunchError, LaunchOptions, LogSearch, place, values};
use crate::deployment::Deployment;
use crate::deployment::file::CaFile;

/// The CAs of this machine, for a front whose file names no server-ca.
fn system_roots() -> Result<Vec<Vec<u8>>, LaunchError> {
    let found = rustls_native_certs::load_native_certs();
    if found.certs.is_empty() {
        let why = found
            .errors
            .first()
            .map(ToString::to_string)
            .unwrap_or_else(|| "none is installed".to_owned());
        return Err(LaunchError::Pki(format!(
            "no CA of this machine to check the front's certificate with ({why}): name [front] server-ca"
        )));
    }
    Ok(found.certs.into_iter().map(|der| der.as_ref().to_vec()).collect())
}

/// A PKI that mints under the operator's test CA, for the users of the deployment file.
fn operators_pki(
    deployment: &Deployment,
    issuer: &CaFile,
    options: &LaunchOptions,
) -> Result<Pki, LaunchError> {
    let file = &deployment.file;
    let folder = deployment.path.parent().unwrap_or(Path::new(""));
    let read = |ca: &CaFile| -> Result<CaFiles, LaunchError> {
        let text = |path: &String| {
            let path = folder.join(path);
            std::fs::read_to_string(&path).map_err(LaunchError::file(&path))
        };
        let passphrase = ca.passphrase.as_deref().map(|words| {
            secret_text(words)
                .ok_or_else(|| LaunchError::Pki(format!("{}: the passphrase {words} is not set", ca.key)))
        });
        Ok(CaFiles {
            cert_pem: text(&ca.cert)?,
            key_pem: text(&ca.key)?,
            passphrase: passphrase.transpose()?,
        })
    };
    let users = file.users.iter().map(|(name, user)| UserSpec {
        name: name.clone(),
        subject: user.subject.clone(),
        san: user.san.clone(),
    });
    let spec = PkiSpec {
        seed: options.seed,
        now: options.now,
        users: users.collect(),
        ..PkiSpec::default()
    };
    let root = file.pki.root.as_ref().map(&read).transpose()?;
    let also_trusted = file
        .pki
        .also_trusted
        .iter()
        .map(&read)
        .collect::<Result<Vec<_>, _>>()?;
    let named = |error: certs_gen::PkiError| {
        LaunchError::Pki(format!(
            "[pki] issuer {} with {}: {error}",
            issuer.cert, issuer.key
        ))
    };
    Pki::under(&spec, read(issuer)?, root, also_trusted).map_err(named)
}

/// Finds the deployment where its file says that it is.
pub(super) fn find(deployment: &Deployment, options: &LaunchOptions) -> Result<Target, LaunchError> {
    let file = &deployment.file;
    let folder = deployment.path.parent().unwrap_or(Path::new(""));
    let authorized = &options.authorized;
    let (_, host, port) = place::url("front.url", &file.front.url)?;
    let connect = match &file.front.connect {
        Some(text) => place::resolve_pair("front.connect", text, authorized)?,
        None => place::resolve(&host, port, authorized)?,
    };
    let plain = file
        .front
        .plain
        .as_ref()
        .map(|text| place::plain(text, authorized))
        .transpose()?;
    let backends = file.backend.iter().flat_map(|backend| backend.addresses());
    let backends = backends
        .map(|text| place::backend(text, authorized))
        .collect::<Result<_, _>>()?;
    let server_roots = match &file.front.server_ca {
        Some(path) => {
            let path = folder.join(path);
            let text = std::fs::read_to_string(&path).map_err(LaunchError::file(&path))?;
            certificates(&text).map_err(|error| LaunchError::Pki(format!("{}: {error}", path.display())))?
        }
        None => system_roots()?,
    };
    let credentials = CredentialStore::given(&file.pki.credentials, folder)?;
    let credentials = match &file.pki.issuer {
        Some(issuer) => credentials.minting(operators_pki(deployment, issuer, options)?),
        None => credentials,
    };
    let beside = |path: &String| folder.join(path);
    let logs = file.logs.as_ref().map(|logs| {
        let patterns = logs
            .files
            .iter()
            .map(|path| beside(path).display().to_string())
            .collect();
        LogSearch::new(patterns, logs.command.clone())
    });
    let storage = file.storage.as_ref();
    Ok(Target {
        front: FrontTarget {
            host,
            port,
            connect,
            server_roots,
            plain,
            other_names: file.front.other_names.clone(),
            http2: file.front.http2,
        },
        backends,
        credentials,
        logs: logs.unwrap_or_default(),
        private_keys: storage
            .map(|storage| storage.private_keys.iter().map(beside).collect())
            .unwrap_or_default(),
        web_roots: storage
            .map(|storage| storage.web_roots.iter().map(beside).collect())
            .unwrap_or_default(),
        secrets: values::secrets(deployment),
        proxy_secret: None,
        versions: Vec::new(),
        launched: false,
        responder: None,
        processes: Vec::new(),
        tap: None,
        runtime: None,
        folder: None,
    })
}
