//! Peers that are down, deaf or hostile: each gives an inconclusive verdict with the failed control named, in bounded time
//! and memory, and never a panic.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use certs_gen::{Pki, PkiSpec};
use mtls_gauntlet::deployment::Deployment;
use mtls_gauntlet::event::{Event, ScenarioResult};
use mtls_gauntlet::judge::VerdictKind;
use mtls_gauntlet::run::{Options, RunError, run};
use mtls_gauntlet::scenario::{Scenario, ScenarioId, load};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

/// Most resident memory of the whole test process, bytes: a hostile peer must not make us hoard.
const MEMORY: u64 = 400 * 1024 * 1024;

struct Lab {
    folder: tempfile::TempDir,
    pki: Pki,
    now: i64,
}

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        lines.join("\n")
    )
}

impl Lab {
    /// A folder with a test CA and alice's certificate under it, as an operator would have them.
    fn new() -> Self {
        let now = i64::try_from(
            std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .unwrap()
                .as_secs(),
        )
        .unwrap();
        let pki = Pki::generate(&PkiSpec {
            seed: 7,
            now,
            ..PkiSpec::default()
        })
        .unwrap();
        let lab = Self {
            folder: tempfile::tempdir().unwrap(),
            pki,
            now,
        };
        let alice = lab.pki.credential("alice").unwrap();
        let chain: String = alice.chain.iter().map(|der| pem("CERTIFICATE", der)).collect();
        lab.write("alice.pem", &chain);
        lab.write("alice.key", &pem("PRIVATE KEY", alice.key.pkcs8_der().unwrap()));
        lab.write(
            "server-ca.pem",
            &pem("CERTIFICATE", &lab.pki.server_ca().unwrap()),
        );
        lab
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn deployment(&self, url: &str) -> Deployment {
        self.deployment_with(
            url,
            "server-ca = \"server-ca.pem\"",
            "credentials.alice = { cert = \"alice.pem\", key = \"alice.key\" }",
        )
    }

    fn deployment_with(&self, url: &str, front: &str, pki: &str) -> Deployment {
        let text = format!(
            "name = \"lab\"\n[front]\nurl = \"{url}\"\n{front}\n[app]\nprotected = {{ path = \"/whoami\" }}\n\
             [users.alice]\nsubject = \"CN=alice\"\n[pki]\n{pki}\n"
        );
        let path = self.path("deployment.toml");
        let folder = std::collections::BTreeMap::from([("deployment.toml".to_owned(), text)]);
        Deployment::from_folder("lab", &path, &folder).unwrap()
    }

    fn options(&self) -> Options {
        Options {
            seed: 1,
            jobs: 4,
            timeout: Duration::from_millis(800),
            deadline: Some(Duration::from_secs(30)),
            shard: None,
            authorized: Vec::new(),
            intrusive: false,
            stop: Arc::default(),
            now: self.now,
        }
    }

    fn run(&self, deployment: &Deployment) -> Result<Vec<ScenarioResult>, RunError> {
        let started = Instant::now();
        let mut results = Vec::new();
        run(
            deployment,
            &[no_certificate()],
            &self.options(),
            &mut |event| match event {
                Event::ScenarioFinished(result) => results.push(result),
                Event::RunFinished(finished) => {
                    assert!(finished.peak_memory.unwrap_or_default() < MEMORY, "{finished:?}")
                }
                Event::RunStarted(_) | Event::ScenarioStarted { .. } | Event::Notice { .. } => {}
            },
        )?;
        assert!(
            started.elapsed() < Duration::from_secs(15),
            "it took {:?}",
            started.elapsed()
        );
        Ok(results)
    }

    /// The one verdict is inconclusive, and says that alice's control failed and why.
    fn inconclusive(&self, deployment: &Deployment, why: &str) {
        let results = self.run(deployment).unwrap();
        let [result] = results.as_slice() else {
            panic!("one scenario, not {}", results.len())
        };
        assert_eq!(
            result.verdict.kind,
            VerdictKind::Inconclusive,
            "{:?}",
            result.verdict
        );
        assert!(
            result.verdict.reason.contains("alice is granted as alice"),
            "{}",
            result.verdict.reason
        );
        assert!(
            result.verdict.reason.contains(why),
            "{} does not say `{why}`",
            result.verdict.reason
        );
    }
}

fn no_certificate() -> Scenario {
    let text = "title = \"A client without a certificate is refused\"\nseverity = \"critical\"\nwhy = \"w\"\n\
                [mend]\nany = \"m\"\n[[attempt]]\npresent = \"none\"\n";
    load(
        ScenarioId("certificate/none".to_owned()),
        Path::new("none.toml"),
        text,
    )
    .unwrap()
}

/// Serves every connection with `serve`, in threads that end with the test process.
fn listen(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = serve.clone();
            std::thread::spawn(move || serve(stream));
        }
    });
    address
}

fn url(address: SocketAddr) -> String {
    format!("https://localhost:{}", address.port())
}

/// A TLS server that takes any client and then writes what `write` says.
fn tls_server(
    lab: &Lab,
    write: impl Fn(&mut dyn Write) -> std::io::Result<()> + Send + Sync + 'static,
) -> SocketAddr {
    let server = lab.pki.server("server").unwrap();
    let chain = server
        .chain
        .iter()
        .map(|der| CertificateDer::from(der.clone()))
        .collect();
    let key = PrivateKeyDer::try_from(server.key.pkcs8_der().unwrap().to_vec()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    listen(move |stream| {
        let connection = rustls::ServerConnection::new(config.clone()).unwrap();
        let mut tls = rustls::StreamOwned::new(connection, stream);
        let mut first = [0; 1024];
        if tls.read(&mut first).is_ok() {
            // The client gives up at its limits; that our write then fails is what the test is about.
            let _gone = write(&mut tls);
        }
    })
}

#[test]
fn a_deployment_that_is_down_is_inconclusive() {
    let lab = Lab::new();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    lab.inconclusive(&lab.deployment(&url(closed)), "connection refused");
}

#[test]
fn a_port_without_tls_is_inconclusive() {
    let lab = Lab::new();
    let address = listen(|mut stream| {
        let _gone = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    });
    lab.inconclusive(&lab.deployment(&url(address)), "does not speak TLS");
}

#[test]
fn a_server_that_resets_is_inconclusive() {
    let lab = Lab::new();
    lab.inconclusive(&lab.deployment(&url(listen(drop))), "tls close");
}

#[test]
fn a_server_that_stalls_is_inconclusive() {
    let lab = Lab::new();
    let address = listen(|stream| {
        std::thread::sleep(Duration::from_secs(20));
        drop(stream);
    });
    lab.inconclusive(&lab.deployment(&url(address)), "timeout");
}

#[test]
fn a_gigantic_record_is_inconclusive() {
    let lab = Lab::new();
    let address = listen(|mut stream| {
        let junk = [0x16, 0x03, 0x03, 0xff, 0xff]
            .into_iter()
            .chain(std::iter::repeat_n(0x41, 1 << 16))
            .collect::<Vec<u8>>();
        while stream.write_all(&junk).is_ok() {}
    });
    lab.inconclusive(&lab.deployment(&url(address)), "alice");
}

#[test]
fn endless_headers_are_inconclusive() {
    let lab = Lab::new();
    let address = tls_server(&lab, |tls| {
        tls.write_all(b"HTTP/1.1 200 OK\r\n")?;
        for number in 0_u64.. {
            tls.write_all(format!("X-{number}: {}\r\n", "a".repeat(1000)).as_bytes())?;
        }
        Ok(())
    });
    lab.inconclusive(&lab.deployment(&url(address)), "too large");
}

#[test]
fn one_endless_line_is_inconclusive() {
    let lab = Lab::new();
    let address = tls_server(&lab, |tls| {
        loop {
            tls.write_all(&[b'a'; 4096])?;
        }
    });
    lab.inconclusive(&lab.deployment(&url(address)), "alice");
}

#[test]
fn a_body_that_never_ends_is_cut() {
    let lab = Lab::new();
    let address = tls_server(&lab, |tls| {
        tls.write_all(b"HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        loop {
            tls.write_all(b"1000\r\n")?;
            tls.write_all(&[b'a'; 4096])?;
            tls.write_all(b"\r\n")?;
        }
    });
    lab.inconclusive(&lab.deployment(&url(address)), "http 403");
}

#[test]
fn everybody_is_granted_is_a_fail_and_no_control_saves_it() {
    let lab = Lab::new();
    let address = tls_server(&lab, |tls| {
        tls.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    });
    let results = lab.run(&lab.deployment(&url(address))).unwrap();
    assert_eq!(
        results.first().unwrap().verdict.kind,
        VerdictKind::Fail,
        "{results:?}"
    );
}

#[test]
fn the_wrong_server_ca_is_named() {
    let lab = Lab::new();
    let address = tls_server(&lab, |tls| {
        tls.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    });
    let other = Pki::generate(&PkiSpec {
        seed: 8,
        now: lab.now,
        ..PkiSpec::default()
    })
    .unwrap();
    lab.write("server-ca.pem", &pem("CERTIFICATE", &other.server_ca().unwrap()));
    lab.inconclusive(
        &lab.deployment(&url(address)),
        "we refused the server's certificate",
    );
}

#[test]
fn a_name_that_does_not_resolve_is_an_error() {
    let lab = Lab::new();
    let error = lab
        .run(&lab.deployment("https://nobody.invalid:8443"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("nobody.invalid"), "{error}");
}

#[test]
fn a_foreign_address_needs_leave() {
    let lab = Lab::new();
    let error = lab
        .run(&lab.deployment("https://192.0.2.1:8443"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("--authorized 192.0.2.1"), "{error}");
}

#[test]
fn a_missing_or_unreadable_key_is_an_error() {
    let lab = Lab::new();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    std::fs::remove_file(lab.path("alice.key")).unwrap();
    let error = lab.run(&lab.deployment(&url(closed))).unwrap_err().to_string();
    assert!(error.contains("alice.key"), "{error}");
    lab.write("alice.key", "this is no key");
    let error = lab.run(&lab.deployment(&url(closed))).unwrap_err().to_string();
    assert!(error.contains("alice.key"), "{error}");
}

#[test]
fn a_ca_whose_key_is_another_is_an_error() {
    let lab = Lab::new();
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let issuer = lab.pki.issuers().first().cloned().unwrap();
    lab.write("ca.pem", &pem("CERTIFICATE", &issuer));
    let deployment = lab.deployment_with(
        &url(closed),
        "server-ca = \"server-ca.pem\"",
        "issuer = { cert = \"ca.pem\", key = \"alice.key\" }",
    );
    let error = lab.run(&deployment).unwrap_err().to_string();
    assert!(error.contains("key"), "{error}");
}
