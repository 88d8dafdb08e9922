//! The strict deployment end to end, and faults that show: real sockets, a PKI from certs-gen.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail the test"
)]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use certs_gen::{Credential, FAULTS, KeyAlgorithm, Pki, PkiSpec, Strict, UserSpec};
use embedded_deployment::{AppConfig, ProxyConfig, Purpose, Running, start_app, start_proxy};
use rustls::client::{ResolvesClientCert, Resumption};
use rustls::crypto::aws_lc_rs as provider;
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, HandshakeKind, RootCertStore, SignatureScheme, SupportedProtocolVersion};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

const HEADERS: &str =
    r#"{ cert = "X-SSL-Client-Cert", verify = "X-SSL-Client-Verify", subject = "X-SSL-Client-S-DN" }"#;

fn pem(label: &str, der: &[u8]) -> String {
    use base64::Engine as _;
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

struct Deployment {
    pki: Pki,
    folder: tempfile::TempDir,
    app: Running,
    proxy: Running,
}

#[derive(Debug)]
struct Reply {
    status: u16,
    head: String,
    body: String,
    resumed: bool,
}

impl Reply {
    fn identity(&self) -> Option<String> {
        let rest = self.body.split_once("\"identity\":\"")?.1;
        Some(rest.split('"').next()?.to_owned())
    }
}

#[derive(Clone)]
struct Client {
    config: ClientConfig,
    sni: &'static str,
}

fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

impl Deployment {
    async fn start(proxy_faults: &str, app_faults: &str) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let spec = PkiSpec {
            now: i64::try_from(now).unwrap(),
            users: ["alice", "bob", "admin"].map(UserSpec::example).to_vec(),
            server_names: ["api.example.test", "public.example.test"]
                .map(str::to_owned)
                .to_vec(),
            ..PkiSpec::default()
        };
        let pki = Pki::generate(&spec).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let server = pki.server("server").unwrap();
        write(
            path,
            "server.pem",
            &server
                .chain
                .iter()
                .map(|der| pem("CERTIFICATE", der))
                .collect::<String>(),
        );
        write(
            path,
            "server.key",
            &pem("PRIVATE KEY", server.key.pkcs8_der().unwrap()),
        );
        write(
            path,
            "ca.pem",
            &pki.trust_anchors()
                .iter()
                .map(|der| pem("CERTIFICATE", der))
                .collect::<String>(),
        );
        write(
            path,
            "crl.pem",
            &pki.crls()
                .unwrap()
                .iter()
                .map(|crl| pem("X509 CRL", &crl.der))
                .collect::<String>(),
        );
        let app = start_app(
            AppConfig::from_toml(&format!(
                r#"
                listen = ["127.0.0.1:0"]
                identity = {{ dialect = "nginx", headers = {HEADERS}, secret-header = "X-Gateway-Key", secret = "proof" }}
                logs = {{ access = "{path}/app.log" }}
                users = [
                    {{ name = "alice", subject = "CN=alice,OU=people,O=Example,C=NL", password = "pa", api-key = "ka" }},
                    {{ name = "bob", subject = "CN=bob,OU=people,O=Example,C=NL", password = "pb", api-key = "kb" }},
                    {{ name = "admin", subject = "CN=admin,OU=people,O=Example,C=NL", role = "admin" }},
                ]
                [faults]
                {app_faults}
                "#,
                path = path.display(),
            ))
            .unwrap(),
        )
        .await
        .unwrap();
        let upstream = app.tcp(Purpose::App).unwrap();
        let proxy = start_proxy(
            ProxyConfig::from_toml(&format!(
                r#"
                listen = "127.0.0.1:0"
                plain-listen = "127.0.0.1:0"
                upstream = "{upstream}"
                certificate = "{path}/server.pem"
                key = "{path}/server.key"
                client-ca = "{path}/ca.pem"
                crls = ["{path}/crl.pem"]
                identity = {{ dialect = "nginx", headers = {HEADERS}, secret-header = "X-Gateway-Key", secret = "proof" }}
                logs = {{ access = "{path}/access.log", error = "{path}/error.log", audit = "{path}/audit.log" }}
                [[vhosts]]
                names = ["api.example.test"]
                client-auth = "require"
                [[vhosts]]
                names = ["public.example.test"]
                client-auth = "none"
                paths = ["/healthz"]
                [faults]
                {proxy_faults}
                "#,
                path = path.display(),
            ))
            .unwrap(),
        )
        .await
        .unwrap();
        Self {
            pki,
            folder,
            app,
            proxy,
        }
    }

    fn client(&self, credential: Option<&Credential>) -> Client {
        self.client_with(credential, &[&rustls::version::TLS13, &rustls::version::TLS12])
    }

    fn client_with(
        &self,
        credential: Option<&Credential>,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Client {
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from(self.pki.server_ca().unwrap()))
            .unwrap();
        let builder = ClientConfig::builder_with_provider(Arc::new(provider::default_provider()))
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match credential {
            None => builder.with_no_client_auth(),
            Some(credential) => builder.with_client_cert_resolver(Arc::new(Fixed::new(credential))),
        };
        config.resumption = Resumption::in_memory_sessions(8);
        Client {
            config,
            sni: "api.example.test",
        }
    }

    fn front(&self) -> SocketAddr {
        self.proxy.tcp(Purpose::Tls).unwrap()
    }

    /// Sends `head` (without its end) and body; `Err` is a refusal below HTTP.
    async fn send(&self, client: &Client, head: &str, body: &str) -> Result<Reply, String> {
        let text = |error: std::io::Error| error.to_string();
        let stream = TcpStream::connect(self.front()).await.map_err(text)?;
        let name = ServerName::try_from(client.sni).unwrap();
        let mut stream = TlsConnector::from(Arc::new(client.config.clone()))
            .connect(name, stream)
            .await
            .map_err(text)?;
        let request = format!(
            "{head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.map_err(text)?;
        let mut answer = Vec::new();
        tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer))
            .await
            .expect("an answer")
            .map_err(text)?;
        let resumed = stream.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed);
        parse(&answer, resumed)
    }

    async fn get(&self, client: &Client, path: &str) -> Result<Reply, String> {
        self.send(
            client,
            &format!("GET {path} HTTP/1.1\r\nhost: api.example.test"),
            "",
        )
        .await
    }

    fn credential(&self, name: &str) -> Credential {
        self.pki.credential(name).unwrap()
    }

    fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }
}

fn parse(answer: &[u8], resumed: bool) -> Result<Reply, String> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n").ok_or("closed without an answer")?;
    Ok(Reply {
        status: head[9..12].parse().unwrap(),
        head: head.to_lowercase(),
        body: body.to_owned(),
        resumed,
    })
}

async fn plainly(address: SocketAddr, request: &str) -> Reply {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    parse(&answer, false).unwrap()
}

/// Presents a credential whatever the server asks for.
#[derive(Debug)]
struct Fixed(Arc<CertifiedKey>);

impl Fixed {
    fn new(credential: &Credential) -> Self {
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(
            credential.key.pkcs8_der().unwrap().to_vec(),
        ));
        let key = provider::sign::any_supported_type(&key).unwrap();
        let chain = credential
            .chain
            .iter()
            .map(|der| CertificateDer::from(der.clone()))
            .collect();
        Self(Arc::new(CertifiedKey::new(chain, key)))
    }
}

impl ResolvesClientCert for Fixed {
    fn resolve(&self, _hints: &[&[u8]], _schemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// Whether the local library can sign with a credential's key.
fn is_usable(credential: &Credential) -> bool {
    let strong = match credential.key.algorithm() {
        KeyAlgorithm::Rsa(bits) => bits >= 2048,
        _ => true,
    };
    strong
        && credential.key.pkcs8_der().is_some_and(|der| {
            let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(der.to_vec()));
            provider::sign::any_supported_type(&key).is_ok()
        })
}

#[tokio::test(flavor = "multi_thread")]
async fn honest_users_are_served_as_themselves() {
    let deployment = Deployment::start("", "").await;
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        for user in ["alice", "bob", "admin"] {
            let client = deployment.client_with(Some(&deployment.credential(user)), &[version]);
            let reply = deployment.get(&client, "/whoami?nonce=n1").await.unwrap();
            assert_eq!((reply.status, reply.identity().as_deref()), (200, Some(user)));
            assert!(reply.body.contains("\"nonce\":\"n1\""));
            assert!(reply.head.contains("strict-transport-security: max-age=63072000"));
        }
    }
    for suffix in ["rsa2048", "p384", "p521", "ed25519"] {
        let client = deployment.client(Some(&deployment.credential(&format!("alice-{suffix}"))));
        assert_eq!(
            deployment
                .get(&client, "/whoami")
                .await
                .unwrap()
                .identity()
                .as_deref(),
            Some("alice"),
            "{suffix}"
        );
    }
    assert!(deployment.log("access.log").contains("nonce=n1"));
    assert!(deployment.log("app.log").contains("user=\"alice\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_and_unknown_people_are_refused() {
    let deployment = Deployment::start("", "").await;
    assert!(deployment.get(&deployment.client(None), "/whoami").await.is_err());
    let unknown = deployment.pki.unknown_user("mallory").unwrap();
    let reply = deployment
        .get(&deployment.client(Some(&unknown)), "/whoami")
        .await
        .unwrap();
    assert_eq!(reply.status, 403);
    let admin = deployment.client(Some(&deployment.credential("admin")));
    assert!(
        deployment
            .get(&admin, "/admin/users")
            .await
            .unwrap()
            .body
            .contains("\"users\":3")
    );
    assert!(deployment.log("audit.log").contains("none was presented"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_faulty_credential_that_must_be_refused_is() {
    let deployment = Deployment::start("", "").await;
    let mut accepted = Vec::new();
    let mut tried = 0;
    for fault in FAULTS.iter().filter(|fault| fault.strict == Strict::Refuse) {
        let Ok(credential) = deployment.pki.credential(fault.name) else {
            continue;
        };
        if credential.chain.is_empty() || !is_usable(&credential) {
            continue;
        }
        tried += 1;
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let client = deployment.client_with(Some(&credential), &[version]);
            if let Ok(reply) = deployment.get(&client, "/whoami").await
                && reply.status == 200
            {
                accepted.push(fault.name);
            }
        }
    }
    assert!(tried > 5);
    assert!(accepted.is_empty(), "accepted: {accepted:?}");
    let alice = deployment.client(Some(&deployment.credential("alice")));
    assert_eq!(deployment.get(&alice, "/whoami").await.unwrap().status, 200);
    assert!(
        deployment
            .log("audit.log")
            .contains("certificate refused reason=")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn forged_headers_change_nothing() {
    let deployment = Deployment::start("", "").await;
    let alice = deployment.client(Some(&deployment.credential("alice")));
    for forged in [
        "X-SSL-Client-S-DN: CN=bob,OU=people,O=Example,C=NL",
        "X_SSL_Client_S_DN: CN=bob,OU=people,O=Example,C=NL",
        "X-Remote-User: bob",
        "Connection: X-SSL-Client-Cert, X-Gateway-Key",
        "X-Original-URL: /admin/report",
        "X-HTTP-Method-Override: DELETE",
    ] {
        let head = format!("GET /whoami HTTP/1.1\r\nhost: api.example.test\r\n{forged}");
        let reply = deployment.send(&alice, &head, "").await.unwrap();
        assert_eq!(reply.identity().as_deref(), Some("alice"), "{forged}: {reply:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_must_be_the_vhost_of_the_sni() {
    let deployment = Deployment::start("", "").await;
    let alice = deployment.client(Some(&deployment.credential("alice")));
    for (host, status) in [
        ("public.example.test", 421),
        ("API.example.test:443", 200),
        ("api.example.test.", 421),
    ] {
        let reply = deployment
            .send(&alice, &format!("GET /whoami HTTP/1.1\r\nhost: {host}"), "")
            .await
            .unwrap();
        assert_eq!(reply.status, status, "{host}");
    }
    let mut public = deployment.client(None);
    public.sni = "public.example.test";
    let ask = |host: &str, path: &str| format!("GET {path} HTTP/1.1\r\nhost: {host}");
    let status = async |head: String| deployment.send(&public, &head, "").await.unwrap().status;
    assert_eq!(status(ask("public.example.test", "/healthz")).await, 200);
    assert_eq!(status(ask("public.example.test", "/whoami")).await, 404);
    assert_eq!(status(ask("api.example.test", "/whoami")).await, 421);
    let plain = deployment.proxy.tcp(Purpose::Plain).unwrap();
    let reply = plainly(
        plain,
        "GET /whoami HTTP/1.1\r\nhost: api.example.test\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert_eq!(reply.status, 308);
    assert!(reply.head.contains(&format!(
        "location: https://api.example.test:{}/whoami",
        deployment.front().port()
    )));
    let reply = plainly(
        plain,
        "GET / HTTP/1.1\r\nhost: evil.test\r\nconnection: close\r\n\r\n",
    )
    .await;
    assert_eq!(reply.status, 421);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_believes_only_the_proxy() {
    let deployment = Deployment::start("", "").await;
    let app = deployment.app.tcp(Purpose::App).unwrap();
    let forged = "X-SSL-Client-Verify: SUCCESS\r\nX-SSL-Client-S-DN: CN=admin,OU=people,O=Example,C=NL";
    let request = format!("GET /whoami HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{forged}\r\n\r\n");
    assert_eq!(plainly(app, &request).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_held_to_their_own() {
    let deployment = Deployment::start("", "").await;
    let alice = deployment.client(Some(&deployment.credential("alice")));
    for (path, status) in [
        ("/accounts/alice", 200),
        ("/accounts/bob", 403),
        ("/accounts/bob/notes", 403),
        ("/accounts/nobody", 403),
        ("/admin/report", 403),
        ("/vault", 403),
        ("/boom", 500),
        ("//whoami", 404),
        ("/nowhere", 404),
    ] {
        assert_eq!(
            deployment.get(&alice, path).await.unwrap().status,
            status,
            "{path}"
        );
    }
    let filtered = deployment.get(&alice, "/accounts?owner=bob").await.unwrap();
    assert!(filtered.body.contains("\"accounts\":[]"));
    let post = |path: &str, extra: &str| format!("POST {path} HTTP/1.1\r\nhost: api.example.test\r\n{extra}");
    let reply = deployment
        .send(&alice, &post("/transfer", "x-a: 1"), "{}")
        .await
        .unwrap();
    assert_eq!(reply.status, 403);
    let token = deployment.get(&alice, "/csrf").await.unwrap();
    assert!(token.head.contains("; secure; samesite=strict"));
    let token = token.body.split("\"token\":\"").nth(1).unwrap()[..32].to_owned();
    let proof = format!("x-csrftoken: {token}\r\ncookie: csrftoken={token}");
    assert_eq!(
        deployment
            .send(&alice, &post("/transfer", &proof), "{}")
            .await
            .unwrap()
            .status,
        200
    );
    let login = deployment
        .send(&alice, &post("/login", "x-a: 1"), "user=alice&password=pa")
        .await
        .unwrap();
    assert!(login.head.contains("; secure; httponly; samesite=strict"));
    let cookie = login.head.split("sessionid=").nth(1).unwrap()[..32].to_owned();
    let bob = deployment.client(Some(&deployment.credential("bob")));
    let head = format!("GET /whoami HTTP/1.1\r\nhost: api.example.test\r\ncookie: sessionid={cookie}");
    assert_eq!(deployment.send(&bob, &head, "").await.unwrap().status, 403);
    assert_eq!(deployment.send(&alice, &head, "").await.unwrap().status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_resumes_and_dies_with_a_reload() {
    let deployment = Deployment::start("", "").await;
    let alice = deployment.client(Some(&deployment.credential("alice")));
    assert!(!deployment.get(&alice, "/whoami").await.unwrap().resumed);
    let again = deployment.get(&alice, "/whoami").await.unwrap();
    assert!(again.resumed);
    assert_eq!(again.identity().as_deref(), Some("alice"));
    deployment.proxy.reload().unwrap();
    assert!(!deployment.get(&alice, "/whoami").await.unwrap().resumed);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_stops_at_once_and_closes_its_listeners() {
    let deployment = Deployment::start("", "").await;
    let front = deployment.front();
    let idle = TcpStream::connect(front).await.unwrap();
    let begun = Instant::now();
    deployment.proxy.stop().await;
    assert!(begun.elapsed() < Duration::from_millis(200));
    assert!(TcpStream::connect(front).await.is_err());
    drop(idle);
}

/// A fault shows in a request that the strict deployment refuses or answers otherwise.
async fn shows(
    proxy: &str,
    app: &str,
    credential: Option<&str>,
    head: &str,
    body: &str,
    wrong: impl Fn(&Reply) -> bool,
) {
    let mut verdicts = Vec::new();
    for (proxy, app) in [("", ""), (proxy, app)] {
        let deployment = Deployment::start(proxy, app).await;
        let credential = credential.map(|name| deployment.credential(name));
        let client = deployment.client(credential.as_ref());
        let reply = deployment.send(&client, head, body).await;
        verdicts.push(reply.as_ref().is_ok_and(&wrong));
        if let Ok(reply) = &reply {
            assert!(reply.status < 502, "{proxy} {app}: {reply:?}");
        }
    }
    assert_eq!(verdicts, [false, true], "{proxy} {app} {head}");
}

const WHOAMI: &str = "GET /whoami HTTP/1.1\r\nhost: api.example.test";
const FORGED: &str = "GET /whoami HTTP/1.1\r\nhost: api.example.test\r\nx-ssl-client-verify: SUCCESS\r\nx-ssl-client-s-dn: CN=bob,OU=people,O=Example,C=NL";

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_the_verifier_show() {
    let granted = |reply: &Reply| reply.status == 200;
    for (fault, credential) in [
        ("validity = \"ignore\"", "expired-1-day"),
        ("validity = \"ignore-expiry\"", "expired-1-day"),
        ("extended-key-usage = \"ignore\"", "server-auth-only"),
        ("revocation = \"ignore\"", "revoked"),
        ("revocation = \"leaf\"", "revoked-intermediate"),
        ("trust = \"name-only\"", "other-ca-same-name"),
        ("trust = \"self-signed\"", "self-signed"),
        ("trust = \"any\"", "missing-intermediate"),
        ("signature-algorithms = \"accept-sha1\"", "sha1"),
        ("possession = \"ignore\"", "key-mismatch"),
    ] {
        shows(fault, "", Some(credential), WHOAMI, "", granted).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_the_handshake_and_the_headers_show() {
    let optional = "client-auth = \"optional\"";
    let bob = |reply: &Reply| reply.identity().as_deref() == Some("bob");
    shows(optional, "", None, WHOAMI, "", |reply| reply.status == 401).await;
    shows(optional, "no-identity = \"serve\"", None, WHOAMI, "", |reply| {
        reply.status == 200
    })
    .await;
    let branch = format!("{optional}\nclear = \"with-certificate\"");
    let only_subject = FORGED.replace("CN=bob", "CN=bob");
    shows(&branch, "", None, &only_subject, "", |reply| reply.status != 401).await;
    for version in ["forgotten-on13"] {
        shows(
            &format!("tls-client-auth = \"{version}\""),
            "",
            None,
            WHOAMI,
            "",
            |reply| reply.status == 401,
        )
        .await;
    }
    let other = "GET /whoami HTTP/1.1\r\nhost: api.example.test\r\nx-remote-user: bob";
    let both = format!("{optional}\nother-dialects = \"pass\"");
    shows(&both, "other-headers = \"fallback\"", None, other, "", bob).await;
    let mismatch = "GET /whoami HTTP/1.1\r\nhost: elsewhere.example.test";
    shows(
        "host-mismatch = \"serve\"",
        "",
        Some("alice"),
        mismatch,
        "",
        |reply| reply.status == 200,
    )
    .await;
    shows("hsts = \"off\"", "", Some("alice"), WHOAMI, "", |reply| {
        !reply.head.contains("strict-transport")
    })
    .await;
    let hop = "GET /whoami HTTP/1.1\r\nhost: api.example.test\r\nconnection: x-ssl-client-cert";
    shows(
        "hop-by-hop = \"after-set\"",
        "",
        Some("alice"),
        hop,
        "",
        |reply| reply.status != 200,
    )
    .await;
    let trace = "TRACE / HTTP/1.1\r\nhost: api.example.test";
    shows("trace = \"echo\"", "", Some("alice"), trace, "", |reply| {
        reply.body.contains("x-ssl-client-cert")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_the_app_show() {
    let granted = |reply: &Reply| reply.status == 200;
    let get =
        |path: &str, extra: &str| format!("GET {path} HTTP/1.1\r\nhost: api.example.test\r\n{extra}x-a: 1");
    for (fault, path) in [
        ("objects = \"open\"", "/accounts/bob"),
        ("objects = \"open-read\"", "/accounts/bob"),
        ("objects = \"open-nested\"", "/accounts/bob/notes"),
        ("roles = \"presence\"", "/admin/report"),
        ("second-factor = \"either\"", "/vault"),
        ("paths = \"prefix\"", "//whoami"),
    ] {
        shows("", fault, Some("alice"), &get(path, ""), "", granted).await;
    }
    let filter = get("/accounts?owner=bob", "");
    shows(
        "",
        "objects = \"open-filter\"",
        Some("alice"),
        &filter,
        "",
        |reply| reply.body.contains("note of bob"),
    )
    .await;
    shows(
        "",
        "csrf = \"exempt\"",
        Some("alice"),
        "POST /transfer HTTP/1.1\r\nhost: api.example.test",
        "{}",
        granted,
    )
    .await;
    let boom = get("/boom", "");
    shows("", "error-page = \"debug\"", Some("alice"), &boom, "", |reply| {
        reply.body.contains("Traceback")
    })
    .await;
    shows(
        "",
        "server = \"development\"",
        Some("alice"),
        WHOAMI,
        "",
        |reply| reply.head.contains("wsgiserver"),
    )
    .await;
    shows(
        "",
        "reflection = \"headers\"",
        Some("alice"),
        WHOAMI,
        "",
        |reply| reply.body.contains("BEGIN"),
    )
    .await;
    let csrf = get("/csrf", "");
    shows("", "cookies = \"no-secure\"", Some("alice"), &csrf, "", |reply| {
        !reply.head.contains("; secure")
    })
    .await;
    let pattern = "matching = \"common-name-pattern\"";
    shows("", pattern, Some("cn-comma-admin"), WHOAMI, "", |reply| {
        reply.identity().as_deref() == Some("admin")
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unframed_body_is_the_next_request() {
    let smuggled = "GET /whoami?nonce=smuggled HTTP/1.1\r\nhost: a\r\n\r\n";
    for (fault, seen) in [("", false), ("body-framing = \"unframed\"", true)] {
        let deployment = Deployment::start(fault, "").await;
        let alice = deployment.client(Some(&deployment.credential("alice")));
        let head = "POST /transfer HTTP/1.1\r\nhost: api.example.test";
        deployment.send(&alice, head, smuggled).await.unwrap();
        assert_eq!(deployment.log("app.log").contains("nonce=smuggled"), seen);
    }
}
