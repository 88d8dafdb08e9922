//! One running deployment: started or found, and all that attacks need to know of it.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use certs_gen::{CaFiles, Pki, PkiSpec, UserSpec};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::credential::{certificates, secret_text};
use super::process::{DeadProcess, NOBODY, Process, find_program, is_root};
use super::template::Templates;
use super::{
    Backend, CredentialStore, FrontTarget, LaunchError, LaunchOptions, LogSearch, pki_folder, place, registry,
};
use crate::deployment::Deployment;
use crate::deployment::file::CaFile;
use crate::deployment::launch_file::LaunchFile;
use crate::tap::{Tap, TapAddress};

/// How often a start is tried again because somebody took a port between our finding and the server's binding it.
const TRIES: usize = 3;

/// A running deployment. Dropping it stops all that was started and removes the run's folder.
#[derive(Debug)]
pub struct Target {
    front: FrontTarget,
    backends: Vec<Backend>,
    credentials: CredentialStore,
    logs: LogSearch,
    private_keys: Vec<PathBuf>,
    web_roots: Vec<PathBuf>,
    secrets: BTreeMap<(String, String), String>,
    proxy_secret: Option<String>,
    versions: Vec<String>,
    launched: bool,
    // In the order of their end: servers in the reverse order of their start, then the tap, the runtime, the folder.
    processes: Vec<Process>,
    tap: Option<Tap>,
    runtime: Option<tokio::runtime::Runtime>,
    folder: Option<RunFolder>,
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

/// A run's temporary folder, known to the registry as long as it is there.
#[derive(Debug)]
struct RunFolder {
    folder: Option<tempfile::TempDir>,
    keep: bool,
}

impl RunFolder {
    fn create(keep: bool) -> Result<Self, LaunchError> {
        let folder = tempfile::Builder::new()
            .prefix("gauntlet-")
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

    fn path(&self) -> &Path {
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

impl Target {
    /// Launches the deployment where its file has `[launch]`, else finds it where it is.
    ///
    /// # Errors
    /// [`LaunchError`]; whatever was started by then is stopped and removed.
    pub fn start(deployment: &Deployment, options: &LaunchOptions) -> Result<Self, LaunchError> {
        let Some(launch) = &deployment.file.launch else {
            return live(deployment, options);
        };
        let versions = versions(launch)?;
        let mut last = launched(deployment, launch, options, &versions);
        for _ in 1..TRIES {
            match &last {
                Err(error) if is_port_taken(error) => last = launched(deployment, launch, options, &versions),
                Ok(_) | Err(_) => break,
            }
        }
        last
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

    /// Makes every server that can read its certificate, CA and CRL files again.
    ///
    /// # Errors
    /// [`LaunchError::Reload`] for the first that cannot be told.
    pub fn reload(&self) -> Result<(), LaunchError> {
        for process in &self.processes {
            process.reload()?;
        }
        Ok(())
    }

    /// The servers that ended by themselves.
    pub fn dead(&self) -> Vec<DeadProcess> {
        self.processes.iter().filter_map(Process::dead).collect()
    }
}

fn is_port_taken(error: &LaunchError) -> bool {
    if let LaunchError::Tap(crate::tap::TapError::Listen { source, .. }) = error {
        return source.kind() == std::io::ErrorKind::AddrInUse;
    }
    let started = matches!(error, LaunchError::Start { .. } | LaunchError::Died(_));
    started && error.to_string().contains("ddress already in use")
}

fn versions(launch: &LaunchFile) -> Result<Vec<String>, LaunchError> {
    let mut versions = Vec::new();
    for need in &launch.needs {
        let missing = || LaunchError::MissingProgram {
            program: need.program.clone(),
            package: need.package.clone(),
        };
        let path = find_program(&need.program).ok_or_else(missing)?;
        if need.version.is_empty() {
            continue;
        }
        let output = Command::new(path)
            .args(&need.version)
            .stdin(Stdio::null())
            .output()
            .map_err(|_| missing())?;
        let text = [output.stdout, output.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        let line = text
            .lines()
            .find(|line| !line.trim().is_empty())
            .unwrap_or_default();
        versions.push(format!("{}: {}", need.program, line.trim()));
    }
    Ok(versions)
}

/// A random-looking text that the seed decides.
fn secret(seed: u64, name: &str) -> String {
    let digest = Sha256::digest(format!("{seed} {name}"));
    pki_folder::hexadecimal(digest.get(..20).unwrap_or_default())
}

/// `a-b` as templates can write it: `a_b`.
fn with_underscores<'a, V: Into<Value>>(
    pairs: impl IntoIterator<Item = (&'a String, V)>,
) -> Map<String, Value> {
    pairs
        .into_iter()
        .map(|(key, value)| (key.replace('-', "_"), value.into()))
        .collect()
}

fn spec(deployment: &Deployment, options: &LaunchOptions, host: &str) -> PkiSpec {
    let users = deployment.file.users.iter();
    let users = users.map(|(name, user)| UserSpec {
        name: name.clone(),
        subject: user.subject.clone(),
        san: user.san.clone(),
    });
    let mut server_names: Vec<String> = vec![host.to_owned()];
    server_names.extend(deployment.file.front.other_names.iter().cloned());
    for name in PkiSpec::default().server_names {
        if !server_names.contains(&name) {
            server_names.push(name);
        }
    }
    PkiSpec {
        seed: options.seed,
        now: options.now,
        users: users.collect(),
        server_names,
    }
}

fn secrets(deployment: &Deployment) -> BTreeMap<(String, String), String> {
    let users = deployment.file.users.iter();
    let pairs = users.flat_map(|(name, user)| user.secrets.iter().map(move |(key, text)| (name, key, text)));
    pairs
        .filter_map(|(name, key, text)| Some(((name.clone(), key.clone()), secret_text(text)?)))
        .collect()
}

/// Subjects of the CAs under the own root that issue honest certificates: an app that enrols by subject and issuer must
/// know each of them, and none of the other roots in the bundle.
fn own_issuers(pki: &Pki) -> Vec<String> {
    let subject = |der: &[u8]| {
        client_identity::Certificate::from_der(der)
            .ok()
            .map(|certificate| certificate.subject)
    };
    let own_root = pki.trust_anchors().first().and_then(|root| subject(root));
    let mut issuers = Vec::new();
    let user = pki.main_user().map(|user| user.name.clone()).unwrap_or_default();
    let twins = certs_gen::HONEST
        .iter()
        .map(|honest| format!("{user}-{}", honest.suffix));
    for name in std::iter::once(user.clone()).chain(twins) {
        let Ok(credential) = pki.credential(&name) else {
            continue;
        };
        let certificates: Option<Vec<_>> = credential
            .chain
            .iter()
            .map(|der| client_identity::Certificate::from_der(der).ok())
            .collect();
        let Some(certificates) = certificates.filter(|_| credential.fault.is_none()) else {
            continue;
        };
        if let (Some(leaf), Some(top)) = (certificates.first(), certificates.last())
            && Some(&top.issuer) == own_root.as_ref()
        {
            let issuer = leaf.issuer.to_rfc4514();
            if !issuers.contains(&issuer) {
                issuers.push(issuer);
            }
        }
    }
    issuers
}

fn users(deployment: &Deployment, pki: &Pki) -> Value {
    let mut all = Map::new();
    let issuers = own_issuers(pki);
    for (name, user) in &deployment.file.users {
        let mut entry = Map::new();
        entry.insert("subject".to_owned(), json!(user.subject));
        entry.insert("san".to_owned(), json!(user.san));
        entry.insert("issuers".to_owned(), json!(issuers));
        entry.insert("role".to_owned(), json!(user.role.as_deref().unwrap_or("user")));
        for (key, text) in &user.secrets {
            entry.insert(
                key.replace('-', "_"),
                json!(secret_text(text).unwrap_or_default()),
            );
        }
        let leaf = pki
            .credential(name)
            .ok()
            .and_then(|credential| credential.chain.into_iter().next());
        if let Some(leaf) = leaf {
            entry.insert(
                "sha256".to_owned(),
                json!(pki_folder::hexadecimal(&Sha256::digest(&leaf))),
            );
            if let Ok(certificate) = client_identity::Certificate::from_der(&leaf) {
                entry.insert("issuer".to_owned(), json!(certificate.issuer.to_rfc4514()));
                entry.insert("serial".to_owned(), json!(certificate.serial.upper_hex()));
            }
        }
        all.insert(name.clone(), Value::Object(entry));
    }
    Value::Object(all)
}

fn launched(
    deployment: &Deployment,
    launch: &LaunchFile,
    options: &LaunchOptions,
    versions: &[String],
) -> Result<Target, LaunchError> {
    let file = &deployment.file;
    let run = RunFolder::create(options.keep_folder)?;
    let dir = run.path().to_owned();
    for name in ["log", "pki", "www"] {
        let path = dir.join(name);
        std::fs::create_dir(&path).map_err(LaunchError::file(&path))?;
    }
    // The listeners stay open until all ports are chosen, so that no port is chosen twice.
    let mut held = Vec::new();
    let mut ports = Map::new();
    for name in &launch.ports {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(LaunchError::file("127.0.0.1:0"))?;
        let port = listener
            .local_addr()
            .map_err(LaunchError::file("127.0.0.1:0"))?
            .port();
        ports.insert(name.replace('-', "_"), json!(port));
        held.push(listener);
    }
    let settings = json!(launch.settings);
    let mut values = Map::new();
    values.insert("dir".to_owned(), json!(dir));
    values.insert("port".to_owned(), Value::Object(ports));
    values.insert("set".to_owned(), settings.clone());
    let front_url = Templates::new(minijinja::Value::from(minijinja::value::Serde(&values)))
        .render("front.url", &file.front.url)?;
    let (_, host, port) = place::url("front.url", &front_url)?;
    let pki = Pki::generate(&spec(deployment, options, &host))
        .map_err(|error| LaunchError::Pki(error.to_string()))?;
    let server = settings
        .get("server_certificate")
        .and_then(Value::as_str)
        .unwrap_or("server");
    let mode = settings
        .get("server_key_mode")
        .and_then(Value::as_u64)
        .and_then(|mode| u32::try_from(mode).ok());
    let ca_key_beside = settings
        .get("ca_key_beside")
        .and_then(Value::as_bool)
        .unwrap_or(false);
    values.insert(
        "pki".to_owned(),
        pki_folder::write(&dir.join("pki"), &pki, server, mode, ca_key_beside)?,
    );
    values.insert("users".to_owned(), users(deployment, &pki));
    let proxy_secret = secret(options.seed, "proxy-secret");
    values.insert("proxy_secret".to_owned(), json!(proxy_secret));
    values.insert("host".to_owned(), json!(host));
    values.insert("other_names".to_owned(), json!(file.front.other_names));
    if let Some(identity) = &file.identity {
        let headers = with_underscores(identity.headers.iter().map(|(role, name)| (role, name.clone())));
        let named = json!({ "dialect": identity.dialect, "headers": headers, "roles": identity.headers, "secret": identity.secret, "mapping": identity.mapping });
        values.insert("identity".to_owned(), named);
    }
    let templates = Templates::new(minijinja::Value::from(minijinja::value::Serde(&values)));
    for (name, text) in &deployment.templates {
        let path = dir.join(name);
        std::fs::write(&path, templates.render(name, text)?).map_err(LaunchError::file(&path))?;
    }
    if is_root() {
        give_away(&dir)?;
    }
    drop(held);

    let authorized = &options.authorized;
    let address = |key: &'static str, text: &str| {
        let text = templates.render(key, text)?;
        text.parse::<TapAddress>()
            .map_err(|_| LaunchError::Address { key, text })
    };
    let tap = match &launch.tap {
        Some(tap) => Some(Tap::start(
            &address("launch.tap.listen", &tap.listen)?,
            &address("launch.tap.to", &tap.to)?,
        )?),
        None => None,
    };
    let connect = match &file.front.connect {
        Some(text) => place::resolve_pair(
            "front.connect",
            &templates.render("front.connect", text)?,
            authorized,
        )?,
        None => place::resolve(&host, port, authorized)?,
    };
    let plain = file
        .front
        .plain
        .as_ref()
        .map(|text| plain(&templates.render("front.plain", text)?, authorized))
        .transpose()?;
    let mut backends = Vec::new();
    for text in file.backend.iter().flat_map(|backend| backend.addresses()) {
        backends.push(place::backend(
            &templates.render("backend.url", text)?,
            authorized,
        )?);
    }
    let server_roots = vec![
        pki.server_ca()
            .map_err(|error| LaunchError::Pki(error.to_string()))?,
    ];
    let rendered = |key: &str, texts: &[String]| -> Result<Vec<String>, LaunchError> {
        texts.iter().map(|text| templates.render(key, text)).collect()
    };
    let logs = match &file.logs {
        Some(logs) => {
            let command = logs
                .command
                .as_ref()
                .map(|text| templates.render("logs.command", text))
                .transpose()?;
            LogSearch::new(rendered("logs.files", &logs.files)?, command)
        }
        None => LogSearch::default(),
    };
    let (mut private_keys, mut web_roots) = (Vec::new(), Vec::new());
    if let Some(storage) = &file.storage {
        private_keys = rendered("storage.private-keys", &storage.private_keys)?
            .into_iter()
            .map(PathBuf::from)
            .collect();
        web_roots = rendered("storage.web-roots", &storage.web_roots)?
            .into_iter()
            .map(PathBuf::from)
            .collect();
    }
    let mut runtime = None;
    if launch.process.iter().any(|process| process.builtin.is_some()) {
        let built = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        runtime = Some(built.map_err(LaunchError::file("tokio"))?);
    }
    // From here on the target owns what runs, so that every early return stops it.
    let other_names = file.front.other_names.clone();
    let mut target = Target {
        front: FrontTarget {
            host,
            port,
            connect,
            server_roots,
            plain,
            other_names,
            http2: file.front.http2,
        },
        backends,
        credentials: CredentialStore::of_pki(pki),
        logs,
        private_keys,
        web_roots,
        secrets: secrets(deployment),
        proxy_secret: Some(proxy_secret),
        versions: versions.to_vec(),
        launched: true,
        processes: Vec::new(),
        tap,
        runtime,
        folder: Some(run),
    };
    for process in &launch.process {
        let started = match (process.builtin, &target.runtime) {
            (Some(builtin), Some(runtime)) => {
                let name = templates.render(
                    "launch.process.config",
                    process.config.as_deref().unwrap_or_default(),
                )?;
                let path = dir.join(&name);
                let config = std::fs::read_to_string(&path).map_err(LaunchError::file(&path))?;
                Process::builtin(&process.name, builtin, &config, runtime)?
            }
            (Some(_) | None, _) => Process::child(
                process,
                &rendered("launch.process.command", &process.command)?,
                &dir,
            )?,
        };
        target.processes.push(started);
        let ready = address("launch.process.ready", &process.ready)?;
        if let Some(started) = target.processes.last() {
            started.wait_until_ready(&ready)?;
        }
    }
    Ok(target)
}

/// Makes the unprivileged user the owner of the run's folder and all in it.
fn give_away(path: &Path) -> Result<(), LaunchError> {
    std::os::unix::fs::lchown(path, Some(NOBODY), Some(NOBODY)).map_err(LaunchError::file(path))?;
    if path.is_dir() {
        for entry in std::fs::read_dir(path).map_err(LaunchError::file(path))? {
            give_away(&entry.map_err(LaunchError::file(path))?.path())?;
        }
    }
    Ok(())
}

fn plain(text: &str, authorized: &[String]) -> Result<(std::net::SocketAddr, String), LaunchError> {
    let (_, host, port) = place::url("front.plain", text)?;
    let shown = if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    };
    Ok((place::resolve(&host, port, authorized)?, shown))
}

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

fn live(deployment: &Deployment, options: &LaunchOptions) -> Result<Target, LaunchError> {
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
        .map(|text| plain(text, authorized))
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
        secrets: secrets(deployment),
        proxy_secret: None,
        versions: Vec::new(),
        launched: false,
        processes: Vec::new(),
        tap: None,
        runtime: None,
        folder: None,
    })
}
