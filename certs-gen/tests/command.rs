//! The command, and PKIs under an operator's own authorities, which `openssl` makes here in every form of key file.
#![expect(clippy::unwrap_used, reason = "set-up outside the test functions")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use certs_gen::{CaFiles, FAULTS, KeyError, Pki, PkiError, PkiSpec};

const PASSPHRASE: &str = "correct horse";

fn openssl(folder: &Path, line: &str) {
    let output = Command::new("openssl")
        .args(line.split_whitespace())
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{line}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A root and an issuer below it: RSA as PKCS #1 and ECDSA as SEC 1; `issuer.enc` is the issuer's key encrypted.
fn operator(folder: &Path) {
    openssl(folder, "genrsa -traditional -out root.key 2048");
    openssl(
        folder,
        "req -x509 -key root.key -subj /O=Operator/CN=Root -days 30 -out root.pem",
    );
    openssl(folder, "ecparam -name secp384r1 -genkey -out issuer.key");
    openssl(
        folder,
        "req -new -key issuer.key -subj /O=Operator/CN=Issuer -out issuer.csr",
    );
    fs::write(
        folder.join("ext"),
        "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\n",
    )
    .unwrap();
    openssl(
        folder,
        "x509 -req -in issuer.csr -CA root.pem -CAkey root.key -extfile ext -days 30 -out issuer.pem",
    );
    fs::write(folder.join("pass"), PASSPHRASE).unwrap();
    openssl(
        folder,
        "pkcs8 -topk8 -in issuer.key -out issuer.enc -passout file:pass",
    );
}

fn files(folder: &Path, cert: &str, key: &str, passphrase: Option<&str>) -> CaFiles {
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    CaFiles {
        cert_pem: read(cert),
        key_pem: read(key),
        passphrase: passphrase.map(str::to_owned),
    }
}

fn spec() -> PkiSpec {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    PkiSpec {
        now: i64::try_from(now).unwrap(),
        ..PkiSpec::default()
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certs-gen"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap()
}

#[test]
fn an_operators_issuer_and_root_mint_everything() {
    let folder = tempfile::tempdir().unwrap();
    operator(folder.path());
    let issuer = files(folder.path(), "issuer.pem", "issuer.enc", Some(PASSPHRASE));
    let root = files(folder.path(), "root.pem", "root.key", None);
    let partner = files(folder.path(), "root.pem", "root.key", None);
    let pki = Pki::under(&spec(), issuer, Some(root), vec![partner]).unwrap();
    for fault in FAULTS.iter() {
        pki.credential(fault.name).unwrap();
    }
    let alice = pki.credential("alice").unwrap();
    assert_eq!(alice.chain.len(), 2);
    let armour = |der: &[u8]| pem::encode(&pem::Pem::new("CERTIFICATE", der));
    fs::write(folder.path().join("alice.pem"), armour(alice.leaf().unwrap())).unwrap();
    openssl(
        folder.path(),
        "verify -purpose sslclient -CAfile root.pem -untrusted issuer.pem alice.pem",
    );
}

#[test]
fn without_the_root_intermediates_are_a_typed_refusal() {
    let folder = tempfile::tempdir().unwrap();
    operator(folder.path());
    let issuer = files(folder.path(), "root.pem", "root.key", None);
    let pki = Pki::under(&spec(), issuer, None, Vec::new()).unwrap();
    assert_eq!(pki.credential("alice").unwrap().chain.len(), 1);
    assert!(pki.credential("expired-1-day").is_ok());
    assert!(
        pki.credential("md5-rsa").is_ok(),
        "an RSA issuer signs what needs RSA"
    );
    assert!(matches!(
        pki.credential("expired-intermediate"),
        Err(PkiError::NeedsRoot(_))
    ));
    assert!(matches!(
        pki.credential("alice-via-partner"),
        Err(PkiError::Unavailable(_))
    ));
}

#[test]
fn unusable_operator_keys_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    operator(folder.path());
    let under = |files| Pki::under(&spec(), files, None, Vec::new()).unwrap_err();
    let locked = under(files(folder.path(), "issuer.pem", "issuer.enc", None));
    assert!(matches!(
        locked,
        PkiError::Key {
            source: KeyError::NoPassphrase,
            ..
        }
    ));
    let wrong = under(files(folder.path(), "issuer.pem", "issuer.enc", Some("wrong")));
    assert!(matches!(
        wrong,
        PkiError::Key {
            source: KeyError::Decrypt(_),
            ..
        }
    ));
    assert!(matches!(
        under(files(folder.path(), "issuer.pem", "root.key", None)),
        PkiError::Mismatch(_)
    ));
}

#[test]
fn the_command_writes_a_folder_and_keeps_an_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "--out",
        "pki",
        "--only",
        "{alice,expired-*,empty-list}",
        "--now",
        "1767225600",
    ];
    let first = run(folder.path(), &arguments);
    assert!(
        first.status.success(),
        "{}",
        String::from_utf8_lossy(&first.stderr)
    );
    let pki = folder.path().join("pki");
    let mode = fs::metadata(pki.join("credentials/alice/key.pem"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(pki.join("manifest.json")).unwrap()).unwrap();
    let names: Vec<&str> = manifest["credentials"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    assert!(names.contains(&"alice") && names.contains(&"expired-1-day") && !names.contains(&"bob"));
    assert_eq!(
        fs::read_to_string(pki.join("credentials/empty-list/chain.pem")).unwrap(),
        ""
    );

    let chain = fs::read(pki.join("credentials/alice/chain.pem")).unwrap();
    let again = run(folder.path(), &arguments);
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&again.stderr).contains("not empty"));
    assert!(
        run(folder.path(), &[&arguments[..], &["--force"]].concat())
            .status
            .success()
    );
    assert_eq!(
        fs::read(pki.join("credentials/alice/chain.pem")).unwrap(),
        chain,
        "the same seed and time"
    );
}

#[test]
fn the_command_lists_and_refuses_patterns_that_match_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let list = run(folder.path(), &["--list"]);
    assert_eq!(
        String::from_utf8_lossy(&list.stdout).lines().count(),
        FAULTS.len()
    );
    let nothing = run(folder.path(), &["--out", "pki", "--only", "no-such-*"]);
    assert_eq!(nothing.status.code(), Some(2));
    assert!(!folder.path().join("pki").exists());
}

#[test]
fn the_command_takes_an_operators_authority() {
    let folder = tempfile::tempdir().unwrap();
    operator(folder.path());
    let output = Command::new(env!("CARGO_BIN_EXE_certs-gen"))
        .args([
            "--out",
            "pki",
            "--issuer",
            "issuer.pem",
            "issuer.enc",
            "--passphrase-env",
            "CA_PASSPHRASE",
        ])
        .env("CA_PASSPHRASE", PASSPHRASE)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let manifest = fs::read_to_string(folder.path().join("pki/manifest.json")).unwrap();
    assert!(manifest.contains("needs the root's key"));
}
