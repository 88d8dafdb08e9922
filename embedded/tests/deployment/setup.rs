//! A deployment in a folder of its own, and a client for it.

use std::io::{Read as _, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use certs_gen::{Credential, KeyAlgorithm, Pki, PkiSpec, UserSpec};
use embedded_deployment::{AppConfig, ProxyConfig, Purpose, Running, start_app, start_proxy};
use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::client::{ClientSessionMemoryCache, ClientSessionStore, ResolvesClientCert, Resumption};
use rustls::crypto::aws_lc_rs as provider;
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, HandshakeKind, RootCertStore, SignatureScheme, SupportedProtocolVersion};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

const HEADERS: &str =
    r#"{ cert = "X-SSL-Client-Cert", verify = "X-SSL-Client-Verify", subject = "X-SSL-Client-S-DN" }"#;

pub(crate) fn pem(label: &str, der: &[u8]) -> String {
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

pub(crate) struct Deployment {
    pub(crate) pki: Pki,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) app: Running,
    pub(crate) proxy: Running,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
    pub(crate) resumed: bool,
}

impl Reply {
    pub(crate) fn identity(&self) -> Option<String> {
        let rest = self.body.split_once("\"identity\":\"")?.1;
        Some(rest.split('"').next()?.to_owned())
    }
}

#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) config: ClientConfig,
    pub(crate) sni: &'static str,
    sessions: Arc<ClientSessionMemoryCache>,
}

pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// The PKI of every deployment here; the same each time but for the dates.
pub(crate) fn pki() -> Pki {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let spec = PkiSpec {
        now: i64::try_from(now).unwrap(),
        users: ["alice", "bob", "admin"].map(UserSpec::example).to_vec(),
        server_names: ["api.example.test", "public.example.test"]
            .map(str::to_owned)
            .to_vec(),
        ..PkiSpec::default()
    };
    Pki::generate(&spec).unwrap()
}

impl Deployment {
    pub(crate) async fn start(proxy_faults: &str, app_faults: &str) -> Self {
        let identity = format!("dialect = \"nginx\", headers = {HEADERS}");
        Self::start_with(&identity, proxy_faults, app_faults).await
    }

    /// A deployment whose `[identity]` begins so.
    pub(crate) async fn start_with(identity: &str, proxy_faults: &str, app_faults: &str) -> Self {
        let pki = pki();
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
                identity = {{ {identity}, secret-header = "X-Gateway-Key", secret = "proof" }}
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
                identity = {{ {identity}, secret-header = "X-Gateway-Key", secret = "proof" }}
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

    pub(crate) fn client(&self, credential: Option<&Credential>) -> Client {
        self.client_with(credential, &[&rustls::version::TLS13, &rustls::version::TLS12])
    }

    pub(crate) fn client_with(
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
        let sessions = Arc::new(ClientSessionMemoryCache::new(8));
        config.resumption = Resumption::store(Arc::clone(&sessions) as Arc<dyn ClientSessionStore>);
        Client {
            config,
            sni: "api.example.test",
            sessions,
        }
    }

    pub(crate) fn front(&self) -> SocketAddr {
        self.proxy.tcp(Purpose::Tls).unwrap()
    }

    /// Sends `head` (without its end) and body; `Err` is a refusal below HTTP.
    pub(crate) async fn send(&self, client: &Client, head: &str, body: &str) -> Result<Reply, String> {
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

    pub(crate) async fn get(&self, client: &Client, path: &str) -> Result<Reply, String> {
        self.send(
            client,
            &format!("GET {path} HTTP/1.1\r\nhost: api.example.test"),
            "",
        )
        .await
    }

    pub(crate) fn credential(&self, name: &str) -> Credential {
        self.pki.credential(name).unwrap()
    }

    pub(crate) fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }
}

impl Client {
    /// Offers the sessions of one name to another.
    pub(crate) fn lend_sessions(&mut self, from: &'static str, to: &'static str) {
        let (from, to) = (
            ServerName::try_from(from).unwrap(),
            ServerName::try_from(to).unwrap(),
        );
        while let Some(session) = self.sessions.take_tls13_ticket(&from) {
            self.sessions.insert_tls13_ticket(to.clone(), session);
        }
    }
}

impl Deployment {
    async fn connect(&self, client: &Client, config: ClientConfig) -> TlsStream<TcpStream> {
        let stream = TcpStream::connect(self.front()).await.unwrap();
        let name = ServerName::try_from(client.sni).unwrap();
        TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
            .unwrap()
    }

    /// A request sent as it is.
    pub(crate) async fn raw(&self, client: &Client, request: &str) -> Reply {
        let mut stream = self.connect(client, client.config.clone()).await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        parse(&answer, false).unwrap()
    }

    /// The status of the first response, without waiting for the end of the connection.
    pub(crate) async fn first_status(&self, client: &Client, head: &str) -> u16 {
        let mut stream = self.connect(client, client.config.clone()).await;
        stream
            .write_all(format!("{head}\r\n\r\n").as_bytes())
            .await
            .unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        std::str::from_utf8(&answer[9..]).unwrap().parse().unwrap()
    }

    /// A request in early data, if the session allows it; whether the server took it.
    pub(crate) async fn get_early(&self, client: &Client, path: &str) -> (bool, Reply) {
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n",
            client.sni
        );
        let name = ServerName::try_from(client.sni).unwrap();
        let mut connection = rustls::ClientConnection::new(Arc::new(client.config.clone()), name).unwrap();
        let offered = match connection.early_data() {
            Some(mut early) => early.write(request.as_bytes()).unwrap() == request.len(),
            None => false,
        };
        let front = self.front();
        let exchange = move || {
            let mut socket = std::net::TcpStream::connect(front).unwrap();
            socket.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            connection.complete_io(&mut socket).unwrap();
            let accepted = offered && connection.is_early_data_accepted();
            let mut stream = rustls::Stream::new(&mut connection, &mut socket);
            if !accepted {
                stream.write_all(request.as_bytes()).unwrap();
            }
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            (accepted, parse(&answer, true).unwrap())
        };
        tokio::task::spawn_blocking(exchange).await.unwrap()
    }

    /// One HTTP/2 request.
    pub(crate) async fn get_http2(&self, client: &Client, uri: &str, headers: &[(&str, &str)]) -> Reply {
        let mut config = client.config.clone();
        config.alpn_protocols = vec![b"h2".to_vec()];
        let stream = self.connect(client, config).await;
        let (mut sender, connection) =
            hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
                .await
                .unwrap();
        let task = tokio::spawn(connection);
        let mut request = hyper::Request::builder().uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = sender
            .send_request(request.body(Empty::<Bytes>::new()).unwrap())
            .await
            .unwrap();
        let status = response.status().as_u16();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        task.abort();
        Reply {
            status,
            head: String::new(),
            body: String::from_utf8(body.to_vec()).unwrap(),
            resumed: false,
        }
    }
}

pub(crate) fn parse(answer: &[u8], resumed: bool) -> Result<Reply, String> {
    let text = String::from_utf8_lossy(answer);
    let (head, body) = text.split_once("\r\n\r\n").ok_or("closed without an answer")?;
    Ok(Reply {
        status: head[9..12].parse().unwrap(),
        head: head.to_lowercase(),
        body: body.to_owned(),
        resumed,
    })
}

pub(crate) async fn plainly(address: SocketAddr, request: &str) -> Reply {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    parse(&answer, false).unwrap()
}

/// Presents a credential whatever the server asks for.
#[derive(Debug)]
pub(crate) struct Fixed(Arc<CertifiedKey>);

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
pub(crate) fn is_usable(credential: &Credential) -> bool {
    let strong = !matches!(credential.key.algorithm(), KeyAlgorithm::Rsa(bits) if bits < 2048);
    strong
        && credential.key.pkcs8_der().is_some_and(|der| {
            let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(der.to_vec()));
            provider::sign::any_supported_type(&key).is_ok()
        })
}
