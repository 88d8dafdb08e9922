//! TLS settings: one rustls configuration a vhost, each with its own tickets and sessions.

use std::sync::Arc;

use attack_wire::tls::client::Presented;
use attack_wire::tls::sign::KeySigner;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs as provider;
use rustls::server::{
    ClientHello, NoServerSessionStorage, ProducesTickets, ResolvesServerCert, ServerConfig,
    ServerSessionMemoryCache, StoresServerSessions,
};
use rustls::sign::CertifiedKey;
use rustls::{CipherSuite, SupportedProtocolVersion};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::config::{Protocol, ProxyConfig, TlsVersion, VhostClientAuth};
use super::fault::{self, ProxyFaults};
use super::verifier::{ClientVerifier, Health};
use crate::error::StartError;
use crate::log::Log;
use crate::pki;

/// Sessions that the cache of one vhost holds.
const SESSIONS: usize = 256;

/// Early data that the fault takes, in octets.
const EARLY_DATA: u32 = 16 * 1024;

/// One vhost's side of TLS.
pub(super) struct Vhost {
    /// Its names in lower case.
    pub(super) names: Vec<String>,
    /// The only paths that it serves.
    pub(super) paths: Option<Vec<String>>,
    /// The judge of client certificates, where they are required.
    pub(super) verifier: Option<Arc<ClientVerifier>>,
    strict: Arc<ServerConfig>,
    lax: Arc<ServerConfig>,
}

/// What is read from files, and read again on reload.
pub(super) struct Tls {
    pub(super) vhosts: Vec<Vhost>,
    nobody: Arc<ServerConfig>,
    /// What the proxy shows of itself, for the handshakes that only a fault makes.
    pub(super) own: Presented,
}

/// What a ClientHello gets.
pub(super) struct Choice {
    /// The vhost; none where a fault serves every Host.
    pub(super) vhost: Option<usize>,
    pub(super) config: Arc<ServerConfig>,
}

/// The ticket keys and the session cache of one vhost.
type VhostSessions = (Arc<dyn ProducesTickets>, Arc<dyn StoresServerSessions>);

/// Those of all vhosts, in the order of the configuration.
pub(super) type Sessions = Vec<VhostSessions>;

/// Fresh keys and empty caches.
pub(super) fn sessions(config: &ProxyConfig) -> Result<Sessions, StartError> {
    let ticketer = || {
        provider::Ticketer::new().map_err(|error| StartError::Tls {
            what: error.to_string(),
        })
    };
    let shared = ticketer()?;
    config
        .vhosts
        .iter()
        .map(|vhost| {
            let keys: Arc<dyn ProducesTickets> = match (config.faults.tickets, config.faults.early_data) {
                // FAULT early-data: the library takes it on stateful sessions only.
                (_, fault::EarlyData::Accept | fault::EarlyData::Replay) => Arc::new(NoTickets),
                // FAULT tickets.
                (fault::Tickets::Shared, _) => Arc::new(SharedTickets {
                    keys: Arc::clone(&shared),
                    name: vhost.names.first().cloned().unwrap_or_default(),
                }),
                (fault::Tickets::PerVhost, fault::EarlyData::Refuse) => ticketer()?,
            };
            let cache: Arc<dyn StoresServerSessions> = ServerSessionMemoryCache::new(SESSIONS);
            // FAULT early-data = replay.
            let cache = match config.faults.early_data {
                fault::EarlyData::Replay => Arc::new(Unforgetting(cache)),
                fault::EarlyData::Refuse | fault::EarlyData::Accept => cache,
            };
            Ok((keys, cache))
        })
        .collect()
}

impl Tls {
    /// Reads all files.
    pub(super) fn read(
        config: &ProxyConfig,
        sessions: &Sessions,
        audit: &Arc<Log>,
        errors: &Log,
        health: &Arc<Health>,
    ) -> Result<Self, StartError> {
        let chain = pki::certificates(&config.certificate)?;
        let key = pki::private_key(&config.key)?;
        let provider = Arc::new(provider::default_provider());
        let base = Base {
            config,
            chain,
            key,
            provider,
        };
        let mut vhosts = Vec::new();
        for (vhost, sessions) in config.vhosts.iter().zip(sessions) {
            let verifier = |faults: &ProxyFaults| match vhost.client_auth {
                VhostClientAuth::None => Ok(None),
                VhostClientAuth::Require => ClientVerifier::new(
                    pki::certificates(vhost.client_ca.as_ref().unwrap_or(&config.client_ca))?,
                    pki::revocation_lists(vhost.crls.as_ref().unwrap_or(&config.crls))?,
                    Arc::clone(&base.provider),
                    faults,
                    (audit, errors),
                    health,
                )
                .map(|verifier| Some(Arc::new(verifier))),
            };
            // FAULT tls-client-auth, alpn-client-auth and unknown-sni: where it is forgotten that a certificate is required.
            let mut forgetful = config.faults.clone();
            if forgetful.client_auth == fault::ClientAuth::Require {
                forgetful.client_auth = fault::ClientAuth::Optional;
            }
            let lax = verifier(&forgetful)?;
            let verifier = verifier(&config.faults)?;
            vhosts.push(Vhost {
                names: vhost.names.iter().map(|name| name.to_ascii_lowercase()).collect(),
                paths: vhost.paths.clone(),
                strict: base.server(verifier.as_ref(), Some(sessions), None)?,
                lax: base.server(lax.as_ref(), Some(sessions), None)?,
                verifier,
            });
        }
        let nobody = base.server(None, None, Some(Arc::new(Nobody)))?;
        let own = Presented {
            chain: base.chain.iter().map(|one| one.to_vec()).collect(),
            signer: Arc::new(KeySigner::from_der(base.key.secret_der()).map_err(|error| {
                StartError::Tls {
                    what: error.to_string(),
                }
            })?),
        };
        Ok(Self { vhosts, nobody, own })
    }

    /// The vhost for a ClientHello, by its server name.
    /// With `is_put_off` its certificate is asked for later, if ever.
    pub(super) fn choose(&self, hello: &ClientHello<'_>, is_put_off: bool, faults: &ProxyFaults) -> Choice {
        let index = match hello.server_name() {
            None => Some(0),
            Some(name) => self.vhost(name),
        };
        let vhost = index.and_then(|index| self.vhosts.get(index));
        // FAULT unknown-sni.
        let open = faults.unknown_sni == fault::UnknownSni::OpenDefault
            && (hello.server_name().is_none() || vhost.is_none());
        if open && let Some(first) = self.vhosts.first() {
            return Choice {
                vhost: None,
                config: Arc::clone(&first.lax),
            };
        }
        let Some(vhost) = vhost else {
            return Choice {
                vhost: None,
                config: Arc::clone(&self.nobody),
            };
        };
        let config = if is_put_off || forgotten(hello, faults) {
            &vhost.lax
        } else {
            &vhost.strict
        };
        Choice {
            vhost: index,
            config: Arc::clone(config),
        }
    }

    /// The vhost of a name, without regard to case.
    pub(super) fn vhost(&self, name: &str) -> Option<usize> {
        let name = name.to_ascii_lowercase();
        self.vhosts.iter().position(|vhost| vhost.names.contains(&name))
    }
}

/// Whether a ClientHello does not fit into one record (RFC 8446 5.1), by the one list in it that can be so long.
fn longer_than_a_record(hello: &ClientHello<'_>) -> bool {
    let names = hello.alpn().into_iter().flatten();
    names.map(|name| name.len() + 1).sum::<usize>() > 16_384
}

/// FAULT tls-client-auth, alpn-client-auth and hello-peek: whether the certificate is not required.
fn forgotten(hello: &ClientHello<'_>, faults: &ProxyFaults) -> bool {
    if faults.hello_peek == fault::HelloPeek::FirstRecord && longer_than_a_record(hello) {
        return true;
    }
    let offers13 = hello.cipher_suites().iter().any(|suite| {
        [
            CipherSuite::TLS13_AES_128_GCM_SHA256,
            CipherSuite::TLS13_AES_256_GCM_SHA384,
            CipherSuite::TLS13_CHACHA20_POLY1305_SHA256,
        ]
        .contains(suite)
    });
    let by_version = match faults.tls_client_auth {
        // What rustls tells of a hello does not say it: see `Proxy::handshake`.
        fault::TlsClientAuth::Always | fault::TlsClientAuth::PutOff => false,
        fault::TlsClientAuth::ForgottenOn12 => !offers13,
        fault::TlsClientAuth::ForgottenOn13 => offers13,
    };
    let by_protocol = faults.alpn_client_auth == fault::AlpnClientAuth::ForgottenOnH2
        && hello
            .alpn()
            .is_some_and(|mut protocols| protocols.any(|protocol| protocol == b"h2"));
    by_version || by_protocol
}

/// What all rustls configurations of the proxy have in common.
struct Base<'a> {
    config: &'a ProxyConfig,
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    provider: Arc<CryptoProvider>,
}

impl Base<'_> {
    fn server(
        &self,
        verifier: Option<&Arc<ClientVerifier>>,
        sessions: Option<&VhostSessions>,
        resolver: Option<Arc<dyn ResolvesServerCert>>,
    ) -> Result<Arc<ServerConfig>, StartError> {
        let wrong = |error: rustls::Error| StartError::Tls {
            what: error.to_string(),
        };
        let versions: Vec<&'static SupportedProtocolVersion> = self
            .config
            .tls_versions
            .iter()
            .map(|version| match version {
                TlsVersion::Tls12 => &rustls::version::TLS12,
                TlsVersion::Tls13 => &rustls::version::TLS13,
            })
            .collect();
        let builder = ServerConfig::builder_with_provider(Arc::clone(&self.provider))
            .with_protocol_versions(&versions)
            .map_err(wrong)?;
        let builder = match verifier {
            Some(verifier) => builder.with_client_cert_verifier(Arc::clone(verifier) as _),
            None => builder.with_no_client_auth(),
        };
        let mut server = match resolver {
            Some(resolver) => builder.with_cert_resolver(resolver),
            None => builder
                .with_single_cert(self.chain.clone(), self.key.clone_key())
                .map_err(wrong)?,
        };
        match sessions {
            Some((tickets, storage)) if self.config.resume => {
                server.ticketer = Arc::clone(tickets);
                server.session_storage = Arc::clone(storage);
            }
            Some(_) | None => server.session_storage = Arc::new(NoServerSessionStorage {}),
        }
        server.alpn_protocols = self
            .config
            .alpn
            .iter()
            .map(|protocol| match protocol {
                Protocol::Http2 => b"h2".to_vec(),
                Protocol::Http1 => b"http/1.1".to_vec(),
            })
            .collect();
        // FAULT early-data.
        if self.config.faults.early_data != fault::EarlyData::Refuse {
            server.max_early_data_size = EARLY_DATA;
        }
        Ok(Arc::new(server))
    }
}

/// Has no certificate for anybody: the handshake ends in an alert.
#[derive(Debug)]
struct Nobody;

impl ResolvesServerCert for Nobody {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        None
    }
}

/// Sessions stay in the cache.
#[derive(Debug)]
struct NoTickets;

impl ProducesTickets for NoTickets {
    fn enabled(&self) -> bool {
        false
    }

    fn lifetime(&self) -> u32 {
        0
    }

    fn encrypt(&self, _plain: &[u8]) -> Option<Vec<u8>> {
        None
    }

    fn decrypt(&self, _cipher: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

/// FAULT early-data = replay: a session that was resumed can be resumed again (RFC 8446 8.1 wants it gone).
#[derive(Debug)]
struct Unforgetting(Arc<dyn StoresServerSessions>);

impl StoresServerSessions for Unforgetting {
    fn put(&self, key: Vec<u8>, value: Vec<u8>) -> bool {
        self.0.put(key, value)
    }

    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.0.get(key)
    }

    fn take(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.0.get(key)
    }

    fn can_cache(&self) -> bool {
        self.0.can_cache()
    }
}

/// FAULT tickets: one key for all vhosts. The library writes the server name at the beginning of a session (a flag, a
/// length, the name) and refuses another vhost's; a server that forgets that is imitated by leaving the name out.
#[derive(Debug)]
struct SharedTickets {
    keys: Arc<dyn ProducesTickets>,
    name: String,
}

impl ProducesTickets for SharedTickets {
    fn enabled(&self) -> bool {
        self.keys.enabled()
    }

    fn lifetime(&self) -> u32 {
        self.keys.lifetime()
    }

    fn encrypt(&self, plain: &[u8]) -> Option<Vec<u8>> {
        let nameless = match plain {
            [1, length, rest @ ..] => rest.get(usize::from(*length)..)?,
            [0, rest @ ..] => rest,
            _ => return None,
        };
        self.keys.encrypt(nameless)
    }

    fn decrypt(&self, cipher: &[u8]) -> Option<Vec<u8>> {
        let nameless = self.keys.decrypt(cipher)?;
        let mut plain = vec![1, u8::try_from(self.name.len()).ok()?];
        plain.extend_from_slice(self.name.as_bytes());
        plain.extend_from_slice(&nameless);
        Some(plain)
    }
}
