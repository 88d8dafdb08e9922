//! Writes the PKI of a run into its folder: what the servers read, and what templates say of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use certs_gen::authority::Role;
use certs_gen::{Credential, Pki};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::LaunchError;
use super::values::own_intermediates;

/// Mode of a private key that nobody planted a fault in.
const KEY_MODE: u32 = 0o600;
/// The kind of server certificate that is the proxy's own.
const PROXY: &str = "server-client-purpose";

/// DER as PEM (RFC 7468).
pub(super) fn pem(label: &str, der: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in STANDARD.encode(der).as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text.push_str("-----END ");
    text.push_str(label);
    text.push_str("-----\n");
    text
}

fn certificates<'a>(chain: impl IntoIterator<Item = &'a Vec<u8>>) -> String {
    chain.into_iter().map(|der| pem("CERTIFICATE", der)).collect()
}

struct Folder {
    path: PathBuf,
    values: BTreeMap<String, Value>,
}

impl Folder {
    fn write(&self, name: &str, text: &str, mode: u32) -> Result<PathBuf, LaunchError> {
        use std::io::Write as _;
        let path = self.path.join(name);
        let mut options = std::fs::OpenOptions::new();
        let opened = options
            .create(true)
            .truncate(true)
            .write(true)
            .mode(mode)
            .open(&path);
        let mut file = opened.map_err(LaunchError::file(&path))?;
        file.write_all(text.as_bytes())
            .map_err(LaunchError::file(&path))?;
        // The mode of `open` passes through the umask, which a planted 0644 must not.
        let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(&path, permissions).map_err(LaunchError::file(&path))?;
        Ok(path)
    }

    fn put(&mut self, key: &str, name: &str, text: &str, mode: u32) -> Result<(), LaunchError> {
        let path = self.write(name, text, mode)?;
        self.values.insert(key.to_owned(), json!(path));
        Ok(())
    }
}

fn key_pem(credential: &Credential) -> Result<String, LaunchError> {
    let der = credential.key.pkcs8_der();
    let der =
        der.ok_or_else(|| LaunchError::Pki(format!("the key of `{}` fits no file format", credential.name)))?;
    Ok(pem("PRIVATE KEY", der))
}

/// Writes all of `pki` into the folder `path`, which exists, and gives the values of `{{ pki... }}`.
pub(super) fn write(
    path: &Path,
    pki: &Pki,
    server: &str,
    server_key_mode: Option<u32>,
    ca_key_beside: bool,
) -> Result<Value, LaunchError> {
    let failed = |error: certs_gen::PkiError| LaunchError::Pki(error.to_string());
    let mut folder = Folder {
        path: path.to_owned(),
        values: BTreeMap::new(),
    };
    let mode = server_key_mode.unwrap_or(KEY_MODE);
    let server = pki.server(server).map_err(failed)?;
    let (chain, key) = (certificates(&server.chain), key_pem(&server)?);
    folder.put("server_cert", "server.pem", &chain, 0o644)?;
    folder.put("server_key", "server.key", &key, mode)?;
    folder.put(
        "server_bundle",
        "server-bundle.pem",
        &format!("{chain}{key}"),
        mode,
    )?;
    folder.put(
        "server_ca",
        "server-ca.pem",
        &certificates([&pki.server_ca().map_err(failed)?]),
        0o644,
    )?;
    // What the proxy shows to an app that asks: for clients only, so that it is not enough to play the app.
    let proxy = pki.server(PROXY).map_err(failed)?;
    let (chain, key) = (certificates(&proxy.chain), key_pem(&proxy)?);
    folder.put("proxy_cert", "proxy.pem", &chain, 0o644)?;
    folder.put("proxy_key", "proxy.key", &key, KEY_MODE)?;
    folder.put(
        "proxy_bundle",
        "proxy-bundle.pem",
        &format!("{chain}{key}"),
        KEY_MODE,
    )?;
    folder.put(
        "client_ca",
        "client-ca.pem",
        &certificates(&pki.trust_anchors()),
        0o644,
    )?;
    folder.put(
        "client_ca_only_issuer",
        "client-ca-only-issuer.pem",
        &certificates(pki.trust_anchors().first()),
        0o644,
    )?;
    // A planted fault: "the system's roots", with which everybody is a user.
    let public = pki.authority(Role::Public).map_err(failed)?;
    folder.put(
        "client_ca_and_public",
        "client-ca-and-public.pem",
        &certificates(pki.trust_anchors().iter().chain([&public.certificate])),
        0o644,
    )?;
    folder.put(
        "client_intermediates",
        "client-intermediates.pem",
        &certificates(&own_intermediates(pki)),
        0o644,
    )?;
    // A planted fault: the client CA's key, where the deployment's settings ask for it.
    if ca_key_beside && let Some(key) = pki.authority(Role::Issuing).map_err(failed)?.key.pkcs8_der() {
        folder.put("ca_key", "client-ca.key", &pem("PRIVATE KEY", key), KEY_MODE)?;
    }
    let mut all = String::new();
    for crl in super::lists::initial(pki)? {
        let text = pem("X509 CRL", &crl.der);
        all.push_str(&text);
        let key = if crl.name == "issuing" {
            "issuer".to_owned()
        } else {
            crl.name.replace('-', "_")
        };
        folder.put(
            &format!("crl_{key}"),
            &format!("crl-{}.pem", crl.name),
            &text,
            0o644,
        )?;
    }
    folder.put("crl", "crl.pem", &all, 0o644)?;
    for set in pki.crl_variants().map_err(failed)? {
        let text: String = set.crls.iter().map(|crl| pem("X509 CRL", &crl.der)).collect();
        folder.put(
            &format!("crls_{}", set.name.replace('-', "_")),
            &format!("crls-{}.pem", set.name),
            &text,
            0o644,
        )?;
    }
    let mut users = BTreeMap::new();
    for user in &pki.spec().users {
        let credential = pki.credential(&user.name).map_err(failed)?;
        let cert = folder.write(
            &format!("{}.pem", user.name),
            &certificates(&credential.chain),
            0o644,
        )?;
        let key = folder.write(&format!("{}.key", user.name), &key_pem(&credential)?, KEY_MODE)?;
        let leaf = credential.leaf().unwrap_or_default();
        users.insert(
            user.name.clone(),
            json!({ "cert": cert, "key": key, "sha256": hexadecimal(&Sha256::digest(leaf)) }),
        );
    }
    folder.values.insert("users".to_owned(), json!(users));
    Ok(json!(folder.values))
}

/// Lower-case hexadecimal.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
