//! A live deployment, described from scratch as an operator would: addresses, a test CA, one protected request.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use certs_gen::{Pki, PkiSpec};
use embedded_deployment::{AppConfig, ProxyConfig, Purpose, Running, start_app, start_proxy};
use mtls_gauntlet::catalogue;
use mtls_gauntlet::deployment::Deployment;
use mtls_gauntlet::event::{Event, ScenarioResult};
use mtls_gauntlet::judge::VerdictKind;
use mtls_gauntlet::run::{Options, run};

/// A proxy and an app that nobody here launched through the harness.
struct Live {
    folder: tempfile::TempDir,
    runtime: tokio::runtime::Runtime,
    servers: Vec<Running>,
    front: u16,
    now: i64,
}

impl Drop for Live {
    fn drop(&mut self) {
        let servers = std::mem::take(&mut self.servers);
        self.runtime.block_on(async {
            for server in servers {
                server.stop().await;
            }
        });
    }
}

const HEADERS: &str =
    r#"{ verify = "X-SSL-Client-Verify", subject = "X-SSL-Client-S-DN", cert = "X-SSL-Client-Cert" }"#;

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine;
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        base64::engine::general_purpose::STANDARD.encode(der)
    )
}

impl Live {
    /// Strict servers whose client CA is an "operator's": its files lie in the folder.
    fn start(proxy_faults: &str) -> Self {
        let now = i64::try_from(
            std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .unwrap()
                .as_secs(),
        )
        .unwrap();
        let pki = Pki::generate(&PkiSpec {
            seed: 99,
            now,
            ..PkiSpec::default()
        })
        .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
        let issuing = pki.authority(certs_gen::authority::Role::Issuing).unwrap();
        let root = pki.authority(certs_gen::authority::Role::Root).unwrap();
        for (name, authority) in [("issuer", issuing), ("root", root)] {
            write(&format!("{name}.pem"), pem("CERTIFICATE", &authority.certificate));
            write(
                &format!("{name}.key"),
                pem("PRIVATE KEY", authority.key.pkcs8_der().unwrap()),
            );
        }
        let server = pki.server("server").unwrap();
        write(
            "server.pem",
            server.chain.iter().map(|der| pem("CERTIFICATE", der)).collect(),
        );
        write("server.key", pem("PRIVATE KEY", server.key.pkcs8_der().unwrap()));
        write("server-ca.pem", pem("CERTIFICATE", &pki.server_ca().unwrap()));
        write(
            "client-ca.pem",
            pki.trust_anchors()
                .iter()
                .map(|der| pem("CERTIFICATE", der))
                .collect(),
        );
        write(
            "client.crl",
            pki.crls()
                .unwrap()
                .iter()
                .map(|crl| pem("X509 CRL", &crl.der))
                .collect(),
        );
        let at = folder.path().display();
        let identity = format!(
            "[identity]\ndialect = \"nginx\"\nheaders = {HEADERS}\nsecret-header = \"X-Gateway-Key\"\nsecret = \"s3\"\n"
        );
        let users: String = ["alice", "bob"]
            .iter()
            .map(|name| {
                format!("[[users]]\nname = \"{name}\"\nsubject = \"CN={name},OU=people,O=Example,C=NL\"\n")
            })
            .collect();
        let app = format!("listen = [\"127.0.0.1:0\"]\nmapping = \"subject\"\n{identity}{users}");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap();
        let app = runtime
            .block_on(start_app(AppConfig::from_toml(&app).unwrap()))
            .unwrap();
        let upstream = app.tcp(Purpose::App).unwrap();
        let proxy = format!(
            "listen = \"127.0.0.1:0\"\nupstream = \"{upstream}\"\ncertificate = \"{at}/server.pem\"\nkey = \"{at}/server.key\"\n\
             client-ca = \"{at}/client-ca.pem\"\ncrls = [\"{at}/client.crl\"]\n{identity}\
             [[vhosts]]\nnames = [\"localhost\"]\nclient-auth = \"require\"\n[faults]\n{proxy_faults}\n"
        );
        let proxy = runtime
            .block_on(start_proxy(ProxyConfig::from_toml(&proxy).unwrap()))
            .unwrap();
        let front = proxy.tcp(Purpose::Tls).unwrap().port();
        Self {
            folder,
            runtime,
            servers: vec![proxy, app],
            front,
            now,
        }
    }

    fn deployment(&self) -> Deployment {
        let text = format!(
            "name = \"live\"\n[front]\nurl = \"https://localhost:{}\"\nconnect = \"127.0.0.1:{}\"\nserver-ca = \"server-ca.pem\"\n\
             [app]\nprotected = {{ path = \"/whoami\" }}\nidentity = {{ json = \"/identity\" }}\necho = {{ query = \"nonce\", json = \"/nonce\" }}\n\
             [users.alice]\nsubject = \"CN=alice,OU=people,O=Example,C=NL\"\n[users.bob]\nsubject = \"CN=bob,OU=people,O=Example,C=NL\"\n\
             [identity]\ndialect = \"nginx\"\nheaders = {HEADERS}\n\
             [pki]\nissuer = {{ cert = \"issuer.pem\", key = \"issuer.key\" }}\nroot = {{ cert = \"root.pem\", key = \"root.key\" }}\n",
            self.front, self.front
        );
        let path = self.folder.path().join("deployment.toml");
        Deployment::from_folder(
            "live",
            Path::new(&path),
            &BTreeMap::from([("deployment.toml".to_owned(), text)]),
        )
        .unwrap()
    }

    fn run(&self) -> Vec<ScenarioResult> {
        let scenarios = catalogue::scenarios().unwrap();
        let options = Options {
            seed: 5,
            jobs: 8,
            timeout: Duration::from_secs(5),
            deadline: None,
            shard: None,
            authorized: Vec::new(),
            intrusive: false,
            stop: Arc::default(),
            now: self.now,
        };
        let mut results = Vec::new();
        run(&self.deployment(), &scenarios, &options, &mut |event| {
            if let Event::ScenarioFinished(result) = event {
                results.push(result);
            }
        })
        .unwrap();
        results
    }
}

fn of_kind(results: &[ScenarioResult], kind: VerdictKind) -> Vec<String> {
    let of_kind = results.iter().filter(|result| result.verdict.kind == kind);
    of_kind
        .map(|result| format!("{}: {}", result.claim.id, result.verdict.reason))
        .collect()
}

#[test]
fn a_strict_live_deployment_is_not_accused() {
    let results = Live::start("").run();
    assert_eq!(of_kind(&results, VerdictKind::Fail), Vec::<String>::new());
    // An intermediate that we mint ourselves is on none of the deployment's revocation lists, so that its honest twin is
    // refused too: inconclusive, with the control named, and not a pass.
    let unexplained = |text: &String| !text.contains("control failed before the attempt: alice-via-");
    let inconclusive: Vec<String> = of_kind(&results, VerdictKind::Inconclusive);
    assert_eq!(
        inconclusive.into_iter().filter(unexplained).collect::<Vec<_>>(),
        Vec::<String>::new()
    );
    assert!(
        of_kind(&results, VerdictKind::Pass).len() > 20,
        "most certificate scenarios need no more than an issuer"
    );
    for result in results
        .iter()
        .filter(|result| result.verdict.kind == VerdictKind::Skipped)
    {
        assert!(
            result.verdict.reason.contains("needs")
                || result.verdict.reason.contains("alternative name")
                || result.verdict.reason.contains("--intrusive"),
            "{}",
            result.verdict.reason
        );
    }
}

#[test]
fn a_fault_of_a_live_deployment_is_caught_under_its_own_ca() {
    let failed = of_kind(
        &Live::start("validity = \"ignore-expiry\"").run(),
        VerdictKind::Fail,
    );
    assert!(
        failed.iter().any(|text| text.starts_with("certificate/expired:")),
        "{failed:?}"
    );
}
