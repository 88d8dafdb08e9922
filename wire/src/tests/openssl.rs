use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, LazyLock, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::pki::{Credential, PKI, SERVER};
use crate::address::Address;
use crate::tls::client::Presented;
use crate::tls::sign::{KeySigner, Sign, SignFailure};

/// Keys and certificates as files, those of the test's CA and RSA ones under it.
pub(super) static FILES: LazyLock<Files> = LazyLock::new(Files::new);

pub(super) struct Files {
    folder: TempDir,
    /// A client with an RSA key.
    pub(super) rsa_alice: Credential,
}

impl Files {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
        for (name, credential) in [("ca", &PKI.ca), ("server", &PKI.server), ("alice", &PKI.alice)] {
            fs::write(path(&format!("{name}.der")), &credential.certificate).unwrap();
            fs::write(path(&format!("{name}.key.der")), &credential.key).unwrap();
            let (from, to) = (path(&format!("{name}.der")), path(&format!("{name}.pem")));
            openssl(&["x509", "-inform", "DER", "-in", &from, "-out", &to]);
            let (from, to) = (path(&format!("{name}.key.der")), path(&format!("{name}.key")));
            openssl(&["pkey", "-inform", "DER", "-in", &from, "-out", &to]);
        }
        fs::write(path("names"), format!("subjectAltName=DNS:{SERVER}\n")).unwrap();
        for name in ["rsa-server", "rsa-alice"] {
            let (key, request, certificate) = (
                path(&format!("{name}.key")),
                path(&format!("{name}.csr")),
                path(&format!("{name}.pem")),
            );
            let subject = format!("/CN={name}");
            openssl(&[
                "req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", &subject, "-keyout", &key, "-out",
                &request,
            ]);
            openssl(&[
                "x509",
                "-req",
                "-in",
                &request,
                "-CA",
                &path("ca.pem"),
                "-CAkey",
                &path("ca.key"),
                "-set_serial",
                "99",
                "-days",
                "2",
                "-sha256",
                "-extfile",
                &path("names"),
                "-out",
                &certificate,
            ]);
        }
        let rsa_alice = Credential {
            certificate: openssl(&["x509", "-in", &path("rsa-alice.pem"), "-outform", "DER"]),
            key: openssl(&["pkey", "-in", &path("rsa-alice.key"), "-outform", "DER"]),
        };
        Self { folder, rsa_alice }
    }

    pub(super) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }
}

/// What the program writes; it must succeed.
fn openssl(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("openssl").args(arguments).output().unwrap();
    assert!(
        output.status.success(),
        "openssl {arguments:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// Signs truthfully over SHA-1, as no library of ours does any more; every other scheme goes to the honest key.
pub(super) struct Sha1Signer {
    key_file: PathBuf,
    honest: KeySigner,
}

/// A credential of [`FILES`] whose signer knows SHA-1.
pub(super) fn with_sha1(credential: &Credential, name: &str) -> Presented {
    Presented {
        chain: vec![credential.certificate.clone()],
        signer: Arc::new(Sha1Signer {
            key_file: FILES.path(&format!("{name}.key")).into(),
            honest: KeySigner::from_der(&credential.key).unwrap(),
        }),
    }
}

impl Sign for Sha1Signer {
    fn schemes(&self) -> Vec<u16> {
        self.honest.schemes()
    }

    fn sign(&self, scheme: u16, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        if scheme >> 8 != 2 {
            return self.honest.sign(scheme, message);
        }
        let mut child = Command::new("openssl")
            .args(["dgst", "-sha1", "-sign"])
            .arg(&self.key_file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(message).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        Ok(output.stdout)
    }
}

/// A running `openssl s_server`, stopped when dropped.
pub(super) struct OpensslServer {
    child: Child,
    stdin: ChildStdin,
    pub(super) address: Address,
    /// Everything that it wrote.
    said: Arc<Mutex<String>>,
}

impl OpensslServer {
    /// Starts one with the test's P-256 server certificate.
    pub(super) fn start(arguments: &[&str]) -> Self {
        Self::start_as("server", arguments)
    }

    /// Starts one with this certificate of [`FILES`].
    pub(super) fn start_as(name: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-naccept", "100"])
            .args(["-cert", &FILES.path(&format!("{name}.pem"))])
            .args(["-key", &FILES.path(&format!("{name}.key"))])
            .args(["-CAfile", &FILES.path("ca.pem")])
            .args(arguments)
            .env("OPENSSL_CONF", "/dev/null")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let said = Arc::new(Mutex::new(String::new()));
        let (sender, receiver) = mpsc::channel();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let copy = said.clone();
        thread::spawn(move || {
            let mut line = Vec::new();
            while output.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
                let text = String::from_utf8_lossy(&line).into_owned();
                if let Some(at) = text.strip_prefix("ACCEPT ") {
                    // The test may have ended already.
                    let _gone = sender.send(at.trim().to_owned());
                }
                copy.lock().unwrap().push_str(&text);
                line.clear();
            }
        });
        let mut errors = child.stderr.take().unwrap();
        let copy = said.clone();
        thread::spawn(move || {
            let mut piece = [0; 1024];
            while let Ok(count @ 1..) = errors.read(&mut piece) {
                copy.lock()
                    .unwrap()
                    .push_str(&String::from_utf8_lossy(&piece[..count]));
            }
        });
        let at = receiver.recv_timeout(Duration::from_secs(20));
        let at = at.unwrap_or_else(|_| panic!("s_server did not start: {}", said.lock().unwrap()));
        Self {
            stdin: child.stdin.take().unwrap(),
            child,
            address: at.parse().unwrap(),
            said,
        }
    }

    /// Writes one of the program's commands, such as `c` for a request of a certificate.
    pub(super) fn command(&mut self, command: &str) {
        self.stdin.write_all(command.as_bytes()).unwrap();
        self.stdin.flush().unwrap();
    }

    /// Whether it has written `text`, or does within some seconds.
    pub(super) fn says(&self, text: &str) -> bool {
        self.says_times(text, 1)
    }

    /// The same for a text that is written more than once.
    pub(super) fn says_times(&self, text: &str, times: usize) -> bool {
        let until = Instant::now() + Duration::from_secs(5);
        while Instant::now() < until {
            if self.said().matches(text).count() >= times {
                return true;
            }
            thread::sleep(Duration::from_millis(10));
        }
        false
    }

    pub(super) fn said(&self) -> String {
        self.said.lock().unwrap().clone()
    }
}

impl Drop for OpensslServer {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}
