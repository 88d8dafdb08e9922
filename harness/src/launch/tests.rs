//! Real processes on free ports: what starts also ends.

use std::net::TcpStream;
use std::path::Path;

use super::*;
use crate::deployment::Deployment;
use crate::deployment::load::Folder;

const OPTIONS: LaunchOptions = LaunchOptions {
    seed: 7,
    now: 1_790_000_000,
    authorized: Vec::new(),
    keep_folder: false,
};

fn deployment(front: &str, pki: &str, launch: &str, templates: &[(&str, &str)]) -> Deployment {
    let text = format!(
        "name = \"t\"\n[front]\nurl = \"{front}\"\n[app]\nprotected = {{ path = \"/\" }}\n\
         [users.alice]\nsubject = \"CN=alice\"\nsecrets = {{ password = \"p\" }}\n[pki]\n{pki}\n\
         [logs]\nfiles = [\"{{{{ dir }}}}/log/*.out\"]\n{launch}"
    );
    let mut folder = Folder::from([("deployment.toml".to_owned(), text)]);
    folder.extend(
        templates
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned())),
    );
    Deployment::from_folder("t", Path::new("t/deployment.toml"), &folder).unwrap()
}

/// A TLS server that everybody has (`-www`: it does not end with its standard input): it proves that the PKI is readable by the user that it runs as.
fn openssl(extra: &str) -> Deployment {
    let launch = format!(
        r#"
[launch]
ports = ["front"]
needs = [{{ program = "openssl", package = "openssl", version = ["version"] }}]
{extra}
[[launch.process]]
name = "server"
command = ["openssl", "s_server", "-www", "-accept", "127.0.0.1:{{{{ port.front }}}}", "-cert", "{{{{ pki.server_cert }}}}", "-key", "{{{{ pki.server_key }}}}"]
ready = "127.0.0.1:{{{{ port.front }}}}"
"#
    );
    deployment(
        "https://localhost:{{ port.front }}",
        "generate = true",
        &launch,
        &[],
    )
}

#[test]
fn what_was_launched_is_gone_after_the_drop() {
    let target = Target::start(&openssl(""), &OPTIONS).unwrap();
    let (connect, folder) = (target.front().connect, target.folder().unwrap().to_owned());
    assert!(TcpStream::connect(connect).is_ok());
    assert!(target.is_launched() && target.dead().is_empty());
    assert!(
        target.versions()[0].starts_with("openssl: OpenSSL"),
        "{:?}",
        target.versions()
    );
    assert_eq!(target.secret("alice", "password").as_deref(), Some("p"));
    assert_eq!(target.front().port, connect.port());
    assert!(!target.logs().since(&LogMark::default(), 1000).is_empty());
    drop(target);
    assert!(TcpStream::connect(connect).is_err());
    assert!(!folder.exists());
}

#[test]
fn two_at_once_do_not_meet() {
    let (one, two) = (
        Target::start(&openssl(""), &OPTIONS).unwrap(),
        Target::start(&openssl(""), &OPTIONS).unwrap(),
    );
    assert_ne!(one.front().connect, two.front().connect);
}

#[test]
fn keys_are_private_unless_a_variant_says_otherwise() {
    use std::os::unix::fs::PermissionsExt as _;
    for (extra, mode) in [("", 0o600), ("[launch.settings]\nserver_key_mode = 0o644", 0o644)] {
        let target = Target::start(&openssl(extra), &OPTIONS).unwrap();
        let key = target.folder().unwrap().join("pki/server.key");
        assert_eq!(std::fs::metadata(key).unwrap().permissions().mode() & 0o777, mode);
    }
}

#[test]
fn a_server_that_ends_is_named_with_its_last_lines() {
    let launch = "[launch]\nports = [\"front\"]\n[[launch.process]]\nname = \"s\"\n\
                  command = [\"sh\", \"-c\", \"echo because; exit 3\"]\nready = \"127.0.0.1:{{ port.front }}\"\n";
    let error = Target::start(
        &deployment(
            "https://localhost:{{ port.front }}",
            "generate = true",
            launch,
            &[],
        ),
        &OPTIONS,
    );
    let Err(LaunchError::Died(dead)) = error else {
        panic!("{error:?}")
    };
    assert_eq!(
        (dead.status.as_str(), dead.last_lines),
        ("exit status: 3", vec!["because".to_owned()])
    );
}

#[test]
fn a_missing_program_names_its_package() {
    let launch = "[launch]\nneeds = [{ program = \"no-such-server\", package = \"its-package\" }]\n";
    let error = Target::start(
        &deployment("https://localhost:1", "generate = true", launch, &[]),
        &OPTIONS,
    )
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`no-such-server` is not installed: it comes with the package `its-package`"
    );
}

#[test]
fn an_undefined_name_in_a_template_is_an_error_with_its_line() {
    let launch = "[launch]\nports = [\"front\"]\ntemplates = [\"x.conf\"]\n";
    let deployment = deployment(
        "https://localhost:{{ port.front }}",
        "generate = true",
        launch,
        &[("x.conf", "a\n{{ port.frnt }}\n")],
    );
    let error = Target::start(&deployment, &OPTIONS).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("template x.conf:2: undefined value"),
        "{error}"
    );
}

#[test]
fn only_loopback_is_attacked_unless_allowed() {
    assert!(
        matches!(place::resolve("192.0.2.1", 1, &[]), Err(LaunchError::NotAuthorized { host }) if host == "192.0.2.1")
    );
    assert!(place::resolve("192.0.2.1", 1, &["192.0.2.1".to_owned()]).is_ok());
    assert!(place::resolve("localhost", 1, &[]).is_ok());
    assert!(matches!(
        place::resolve("no-such-host.invalid", 1, &[]),
        Err(LaunchError::Resolve { .. })
    ));
}

#[test]
fn urls_are_taken_apart() {
    assert_eq!(
        place::url("front.url", "https://[::1]:8443/x").unwrap(),
        (true, "::1".to_owned(), 8443)
    );
    assert_eq!(
        place::url("front.url", "http://a.test").unwrap(),
        (false, "a.test".to_owned(), 80)
    );
    assert!(place::url("front.url", "ftp://a").is_err() && place::url("front.url", "https://:1").is_err());
}

#[test]
fn credentials_come_by_name_and_unknown_names_are_helped() {
    let target = Target::start(&openssl(""), &OPTIONS).unwrap();
    let store = target.credentials();
    assert_eq!(store.get("alice").unwrap().user, "alice");
    assert_eq!(
        store.user_certificate("alice"),
        store.get("alice").unwrap().chain.first().cloned()
    );
    let Err(CredentialError::Unknown { help, .. }) = store.get("alise") else {
        panic!("no such credential")
    };
    assert!(help.starts_with("did you mean `alice`?"), "{help}");
}

#[test]
fn logs_show_what_came_after_the_mark() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    std::fs::write(&path, "before\n").unwrap();
    let search = LogSearch::new(
        vec![folder.path().join("*.log").display().to_string()],
        Some(format!("cat {}", path.display())),
    );
    let mark = search.mark();
    std::fs::write(&path, "before\nafter\n").unwrap();
    let found: Vec<Vec<u8>> = search
        .since(&mark, 100)
        .into_iter()
        .map(|(_, bytes)| bytes)
        .collect();
    assert_eq!(found, [b"after\n".to_vec(), b"after\n".to_vec()]);
    assert_eq!(search.since(&mark, 3)[0].1, b"er\n");
}

/// The files of a shipped deployment.
fn shipped(name: &str) -> Folder {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../deployments")
        .join(name);
    let read = |folder: &Path, prefix: &str| -> Vec<(String, String)> {
        let entries = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file());
        entries
            .map(|path| {
                (
                    format!("{prefix}{}", path.file_name().unwrap().display()),
                    std::fs::read_to_string(&path).unwrap(),
                )
            })
            .collect()
    };
    read(&root, "")
        .into_iter()
        .chain(read(&root.join("variants"), "variants/"))
        .collect()
}

#[test]
fn every_shipped_deployment_and_variant_is_understood() {
    for name in ["embedded", "nginx-app"] {
        let deployment = Deployment::from_folder(name, Path::new("deployment.toml"), &shipped(name)).unwrap();
        assert!(deployment.variants.len() >= 4, "{name}");
        for variant in deployment.variants.keys() {
            drop(deployment.clone().with_variant(variant).unwrap());
        }
    }
}
