//! Starts a deployment: ports, PKI, config files, tap, servers in order.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use certs_gen::Pki;
use serde_json::{Map, Value, json};

use super::folder::{RunFolder, copy, give_away};
use super::ports;
use super::process::{CommandLine, Process, find_program, is_root};
use super::ready::Ready;
use super::target::Target;
use super::template::Templates;
use super::{
    CredentialStore, FrontTarget, LaunchError, LaunchOptions, LogSearch, environment, pki_folder, place,
    values,
};
use crate::deployment::Deployment;
use crate::deployment::launch_file::{Framing, LaunchFile, ProcessFile, TapFile};
use crate::tap::{Tap, TapAddress};

/// How often a start is tried again because somebody took a port between our finding and the server's binding it.
const TRIES: usize = 3;

/// Starts it. Whatever was started when something fails is stopped and removed.
pub(super) fn launch(
    deployment: &Deployment,
    launch: &LaunchFile,
    options: &LaunchOptions,
) -> Result<Target, LaunchError> {
    let prerequisites = Prerequisites::find(deployment, launch)?;
    let mut last = launched(deployment, launch, options, &prerequisites);
    for _ in 1..TRIES {
        match &last {
            Err(error) if is_port_taken(error) => {
                last = launched(deployment, launch, options, &prerequisites);
            }
            Ok(_) | Err(_) => break,
        }
    }
    last
}

fn is_port_taken(error: &LaunchError) -> bool {
    if let LaunchError::Tap(crate::tap::TapError::Listen { source, .. }) = error {
        return source.kind() == std::io::ErrorKind::AddrInUse;
    }
    let started = matches!(error, LaunchError::Start { .. } | LaunchError::Died(_));
    started && error.to_string().contains("ddress already in use")
}

/// What must be there before anything is started.
struct Prerequisites {
    environments: BTreeMap<String, PathBuf>,
    versions: Vec<String>,
}

impl Prerequisites {
    /// Programs of the system first: what is missing is said before minutes go into making environments.
    fn find(deployment: &Deployment, launch: &LaunchFile) -> Result<Self, LaunchError> {
        let of_environment = |program: &str| program.contains("{{");
        for need in launch.needs.iter().filter(|need| !of_environment(&need.program)) {
            if find_program(&need.program).is_none() {
                return Err(LaunchError::MissingProgram {
                    program: need.program.clone(),
                    package: need.package.clone(),
                });
            }
        }
        let mut environments = BTreeMap::new();
        let settings = json!({ "set": launch.settings });
        let templates = Templates::new(minijinja::Value::from(minijinja::value::Serde(&settings)));
        for file in &launch.environment {
            let text = deployment.requirements.get(&file.name).map_or("", String::as_str);
            let requirements = templates.render(&file.requirements, text)?;
            environments.insert(file.name.clone(), environment::ensure(file, &requirements)?);
        }
        let known = json!({ "env": environments });
        let templates = Templates::new(minijinja::Value::from(minijinja::value::Serde(&known)));
        let mut versions = Vec::new();
        for need in &launch.needs {
            let program = templates.render("launch.needs.program", &need.program)?;
            versions.extend(version(&program, &need.package, &need.version)?);
        }
        Ok(Self {
            environments,
            versions,
        })
    }
}

/// `nginx: nginx version: nginx/1.22.1`; `None` where no arguments are given that print it.
fn version(program: &str, package: &str, arguments: &[String]) -> Result<Option<String>, LaunchError> {
    let missing = || LaunchError::MissingProgram {
        program: program.to_owned(),
        package: package.to_owned(),
    };
    let path = find_program(program).ok_or_else(missing)?;
    if arguments.is_empty() {
        return Ok(None);
    }
    let output = Command::new(path)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|_| missing())?;
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    let line = text
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default();
    let name = program.rsplit('/').next().unwrap_or(program);
    Ok(Some(format!("{name}: {}", line.trim())))
}

fn launched(
    deployment: &Deployment,
    launch: &LaunchFile,
    options: &LaunchOptions,
    prerequisites: &Prerequisites,
) -> Result<Target, LaunchError> {
    let run = RunFolder::create(options.keep_folder)?;
    let dir = run.path().to_owned();
    for name in ["log", "pki", "www"] {
        let path = dir.join(name);
        std::fs::create_dir(&path).map_err(LaunchError::file(&path))?;
    }
    let (ports, held) = ports::free(&launch.ports)?;
    let mut seen = Map::new();
    seen.insert("dir".to_owned(), json!(dir));
    seen.insert("port".to_owned(), Value::Object(ports));
    seen.insert("set".to_owned(), json!(launch.settings));
    seen.insert("env".to_owned(), json!(prerequisites.environments));
    let templates =
        |seen: &Map<String, Value>| Templates::new(minijinja::Value::from(minijinja::value::Serde(seen)));
    let front_url = templates(&seen).render("front.url", &deployment.file.front.url)?;
    let (_, host, port) = place::url("front.url", &front_url)?;
    // Certificates name the responder, so its port is opened before they are made.
    let responder = match launch.responder {
        true => Some(revocation_responder::bind(
            (std::net::Ipv4Addr::LOCALHOST, 0).into(),
        )?),
        false => None,
    };
    let mut spec = values::spec(deployment, options, &host);
    if let Some(bound) = &responder {
        let (ocsp, crl) = (bound.ocsp_url(), bound.crl_url());
        seen.insert("responder".to_owned(), json!({ "ocsp": ocsp, "crl": crl }));
        (spec.ocsp_url, spec.crl_url) = (Some(ocsp), Some(crl));
    }
    let pki = Pki::generate(&spec).map_err(|error| LaunchError::Pki(error.to_string()))?;
    let responder = responder.map(|bound| bound.serve(pki.clone())).transpose()?;
    let proxy_secret = values::secret(options.seed, "proxy-secret");
    seen.insert("pki".to_owned(), write_pki(&dir, &pki, launch)?);
    seen.insert("users".to_owned(), values::users(deployment, &pki));
    seen.insert("proxy_secret".to_owned(), json!(proxy_secret));
    seen.insert("host".to_owned(), json!(host));
    seen.insert("other_names".to_owned(), json!(deployment.file.front.other_names));
    if let Some(identity) = &deployment.file.identity {
        seen.insert("identity".to_owned(), values::identity(identity));
    }
    let templates = templates(&seen);
    copy(&dir, &deployment.copies)?;
    for (name, text) in &deployment.templates {
        let path = dir.join(name);
        std::fs::write(&path, templates.render(name, text)?).map_err(LaunchError::file(&path))?;
    }
    if is_root() {
        give_away(&dir)?;
    }
    drop(held);
    let starter = Starter {
        deployment,
        launch,
        templates: &templates,
        authorized: &options.authorized,
        dir: &dir,
    };
    let mut target = starter.target(pki, host, port)?;
    target.responder = responder;
    target.secrets = values::secrets(deployment);
    target.proxy_secret = Some(proxy_secret);
    target.versions.clone_from(&prerequisites.versions);
    target.folder = Some(run);
    // From here on the target owns what runs, so that every early return stops it.
    starter.start_all(&mut target)?;
    Ok(target)
}

fn write_pki(dir: &Path, pki: &Pki, launch: &LaunchFile) -> Result<Value, LaunchError> {
    let settings = json!(launch.settings);
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
    pki_folder::write(&dir.join("pki"), pki, server, mode, ca_key_beside)
}

/// Renders what the deployment file says, and starts it.
struct Starter<'a> {
    deployment: &'a Deployment,
    launch: &'a LaunchFile,
    templates: &'a Templates,
    authorized: &'a [String],
    dir: &'a Path,
}

impl Starter<'_> {
    fn rendered(&self, key: &str, texts: &[String]) -> Result<Vec<String>, LaunchError> {
        texts
            .iter()
            .map(|text| self.templates.render(key, text))
            .collect()
    }

    fn address(&self, key: &'static str, text: &str) -> Result<TapAddress, LaunchError> {
        let text = self.templates.render(key, text)?;
        text.parse::<TapAddress>()
            .map_err(|_| LaunchError::Address { key, text })
    }

    fn paths(&self, key: &str, texts: &[String]) -> Result<Vec<PathBuf>, LaunchError> {
        Ok(self
            .rendered(key, texts)?
            .into_iter()
            .map(PathBuf::from)
            .collect())
    }

    /// A target with its tap, and nothing else running yet.
    fn target(&self, pki: Pki, host: String, port: u16) -> Result<Target, LaunchError> {
        let file = &self.deployment.file;
        let tap = match &self.launch.tap {
            Some(tap) => Some(self.tap(tap, &pki, &host)?),
            None => None,
        };
        let connect = match &file.front.connect {
            Some(text) => {
                let text = self.templates.render("front.connect", text)?;
                place::resolve_pair("front.connect", &text, self.authorized)?
            }
            None => place::resolve(&host, port, self.authorized)?,
        };
        let plain = match &file.front.plain {
            Some(text) => Some(place::plain(
                &self.templates.render("front.plain", text)?,
                self.authorized,
            )?),
            None => None,
        };
        let mut backends = Vec::new();
        for text in file.backend.iter().flat_map(|backend| backend.addresses()) {
            let text = self.templates.render("backend.url", text)?;
            backends.push(place::backend(&text, self.authorized)?);
        }
        let server_ca = pki
            .server_ca()
            .map_err(|error| LaunchError::Pki(error.to_string()))?;
        let (mut private_keys, mut web_roots) = (Vec::new(), Vec::new());
        if let Some(storage) = &file.storage {
            private_keys = self.paths("storage.private-keys", &storage.private_keys)?;
            web_roots = self.paths("storage.web-roots", &storage.web_roots)?;
        }
        Ok(Target {
            front: FrontTarget {
                host,
                port,
                connect,
                server_roots: vec![server_ca],
                plain,
                other_names: file.front.other_names.clone(),
                http2: file.front.http2,
            },
            backends,
            credentials: CredentialStore::of_pki(pki),
            logs: self.logs()?,
            private_keys,
            web_roots,
            secrets: BTreeMap::new(),
            proxy_secret: None,
            versions: Vec::new(),
            launched: true,
            responder: None,
            processes: Vec::new(),
            tap,
            runtime: self.runtime()?,
            folder: None,
        })
    }

    fn tap(&self, file: &TapFile, pki: &Pki, host: &str) -> Result<Tap, LaunchError> {
        let listen = self.address("launch.tap.listen", &file.listen)?;
        let to = self.address("launch.tap.to", &file.to)?;
        let framing = file.framing.unwrap_or(Framing::Http);
        if file.tls {
            return Ok(Tap::start_tls(&listen, &to, framing, &values::faces(pki, host)?)?);
        }
        Ok(Tap::start_framed(&listen, &to, framing)?)
    }

    fn logs(&self) -> Result<LogSearch, LaunchError> {
        let Some(logs) = &self.deployment.file.logs else {
            return Ok(LogSearch::default());
        };
        let command = match &logs.command {
            Some(text) => Some(self.templates.render("logs.command", text)?),
            None => None,
        };
        Ok(LogSearch::new(self.rendered("logs.files", &logs.files)?, command))
    }

    /// The servers of the embedded crate need one.
    fn runtime(&self) -> Result<Option<tokio::runtime::Runtime>, LaunchError> {
        if !self
            .launch
            .process
            .iter()
            .any(|process| process.builtin.is_some())
        {
            return Ok(None);
        }
        let built = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        built.map(Some).map_err(LaunchError::file("tokio"))
    }

    fn start_all(&self, target: &mut Target) -> Result<(), LaunchError> {
        for file in &self.launch.prepare {
            self.line(&file.name, &file.command, &file.variables, file.folder.as_deref())?
                .run()?;
        }
        for file in &self.launch.process {
            let started = self.start(file, target.runtime.as_ref())?;
            let text = self.templates.render("launch.process.ready", &file.ready)?;
            let ready = Ready::parse(&text)?;
            target.processes.push(started);
            if let Some(started) = target.processes.last() {
                started.wait_until_ready(&ready)?;
            }
        }
        Ok(())
    }

    fn start(
        &self,
        file: &ProcessFile,
        runtime: Option<&tokio::runtime::Runtime>,
    ) -> Result<Process, LaunchError> {
        if let (Some(builtin), Some(runtime)) = (file.builtin, runtime) {
            let name = self.templates.render(
                "launch.process.config",
                file.config.as_deref().unwrap_or_default(),
            )?;
            let path = self.dir.join(&name);
            let config = std::fs::read_to_string(&path).map_err(LaunchError::file(&path))?;
            return Process::builtin(&file.name, builtin, &config, runtime);
        }
        let folder = file.folder.as_deref();
        let line = self.line(&file.name, &file.command, &file.variables, folder)?;
        // A command whose words all render to nothing is none: a setting chooses between it and the signal.
        let reload = Some(self.line(&file.name, &file.reload_command, &file.variables, folder)?)
            .filter(|command| !command.words.is_empty());
        Process::child(file, &line, reload)
    }

    fn line(
        &self,
        name: &str,
        command: &[String],
        variables: &BTreeMap<String, String>,
        folder: Option<&str>,
    ) -> Result<CommandLine, LaunchError> {
        let mut words = self.rendered("launch.process.command", command)?;
        words.retain(|word| !word.is_empty());
        let variables = variables.iter().map(|(key, text)| {
            Ok((
                key.clone(),
                self.templates.render("launch.process.variables", text)?,
            ))
        });
        let folder = match folder {
            Some(text) => PathBuf::from(self.templates.render("launch.process.folder", text)?),
            None => self.dir.to_owned(),
        };
        Ok(CommandLine {
            name: name.to_owned(),
            words,
            variables: variables.collect::<Result<_, LaunchError>>()?,
            folder,
            output: self.dir.join("log").join(format!("{name}.out")),
        })
    }
}
