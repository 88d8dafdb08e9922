//! Attempts a second against the embedded deployment, beside the bare rustls handshake rate, in one process and one run.
//!
//! `cargo bench -p mtls-gauntlet` prints the ratio. Rounds of both alternate, so that a machine whose speed drifts slows
//! both; the medians are compared.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench that cannot go on says so by ending, and prints"
)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use certs_gen::{Pki, PkiSpec};
use mtls_gauntlet::event::Event;
use mtls_gauntlet::run::{Options, run};
use mtls_gauntlet::scenario::{Scenario, ScenarioId, load};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection};

/// Rounds of each; odd, so that there is a median.
const ROUNDS: usize = 5;
/// How long a round of bare handshakes takes.
const ROUND: Duration = Duration::from_millis(1500);

fn main() {
    let now = i64::try_from(
        std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap()
            .as_secs(),
    )
    .unwrap();
    let pki = Pki::generate(&PkiSpec {
        now,
        ..PkiSpec::default()
    })
    .unwrap();
    let (client, server) = configs(&pki);
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    let (mut bare, mut attempts, mut exchanges) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        bare.push(handshakes(&client, &server, threads));
        let (attempt_rate, exchange_rate) = attempt_rate(now, threads);
        attempts.push(attempt_rate);
        exchanges.push(exchange_rate);
    }
    let (bare, attempts, exchanges) = (median(bare), median(attempts), median(exchanges));
    println!(
        "bare rustls handshakes, client and server in memory, mutual, TLS 1.3: {bare:.0}/s on {threads} threads"
    );
    println!("attempts on embedded, controls not counted: {attempts:.0}/s; all exchanges: {exchanges:.0}/s");
    println!(
        "ratio of attempts to bare handshakes: {:.2}; of exchanges: {:.2}",
        attempts / bare,
        exchanges / bare
    );
}

fn median(mut rates: Vec<f64>) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates.get(rates.len() / 2).copied().unwrap_or_default()
}

fn configs(pki: &Pki) -> (Arc<ClientConfig>, Arc<ServerConfig>) {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let chain = |ders: &[Vec<u8>]| {
        ders.iter()
            .map(|der| CertificateDer::from(der.clone()))
            .collect::<Vec<_>>()
    };
    let mut anchors = RootCertStore::empty();
    for der in pki.trust_anchors() {
        anchors.add(CertificateDer::from(der)).unwrap();
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(anchors), provider.clone())
        .build()
        .unwrap();
    let credential = pki.server("server").unwrap();
    let key = PrivateKeyDer::try_from(credential.key.pkcs8_der().unwrap().to_vec()).unwrap();
    let mut server = ServerConfig::builder_with_provider(provider.clone())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain(&credential.chain), key)
        .unwrap();
    server.send_tls13_tickets = 0;
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(pki.server_ca().unwrap())).unwrap();
    let alice = pki.credential("alice").unwrap();
    let key = PrivateKeyDer::try_from(alice.key.pkcs8_der().unwrap().to_vec()).unwrap();
    let mut client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(chain(&alice.chain), key)
        .unwrap();
    client.resumption = rustls::client::Resumption::disabled();
    (Arc::new(client), Arc::new(server))
}

/// Full mutual handshakes a second, both sides in memory.
fn handshakes(client: &Arc<ClientConfig>, server: &Arc<ServerConfig>, threads: usize) -> f64 {
    let done = AtomicU64::new(0);
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while started.elapsed() < ROUND {
                    handshake(client, server);
                    done.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    rate(done.load(Ordering::Relaxed), started.elapsed())
}

fn rate(count: u64, time: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / time.as_secs_f64()
}

fn handshake(client: &Arc<ClientConfig>, server: &Arc<ServerConfig>) {
    let name = ServerName::try_from("localhost").unwrap();
    let mut client = ClientConnection::new(client.clone(), name).unwrap();
    let mut server = ServerConnection::new(server.clone()).unwrap();
    let mut wire = Vec::new();
    while client.is_handshaking() || server.is_handshaking() {
        wire.clear();
        while client.wants_write() {
            client.write_tls(&mut wire).unwrap();
        }
        let mut bytes = wire.as_slice();
        while !bytes.is_empty() {
            server.read_tls(&mut bytes).unwrap();
            server.process_new_packets().unwrap();
        }
        let mut answer = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut answer).unwrap();
        }
        let mut bytes = answer.as_slice();
        while !bytes.is_empty() {
            client.read_tls(&mut bytes).unwrap();
            client.process_new_packets().unwrap();
        }
    }
}

/// Attempts and exchanges a second of certificate scenarios on embedded, start-up left out.
fn attempt_rate(now: i64, threads: usize) -> (f64, f64) {
    let deployment = mtls_gauntlet::catalogue::deployment("embedded").unwrap();
    let rows = "\"expired-1-day\", \"not-yet-valid\", \"self-signed\", \"server-auth-only\"";
    let scenarios: Vec<Scenario> = (0..200)
        .map(|number| {
            let text = format!(
                "title = \"t\"\nseverity = \"high\"\nwhy = \"w\"\n[mend]\nany = \"m\"\n\
                 [[attempt]]\nmatrix = {{ present = [{rows}], tls = [\"1.2\", \"1.3\"] }}\n"
            );
            load(
                ScenarioId(format!("certificate/bench-{number}")),
                Path::new("bench.toml"),
                &text,
            )
            .unwrap()
        })
        .collect();
    let options = Options {
        seed: 1,
        jobs: threads * 4,
        timeout: Duration::from_secs(5),
        deadline: None,
        shard: None,
        authorized: Vec::new(),
        intrusive: false,
        stop: Arc::default(),
        now,
    };
    let (mut attempts, mut exchanges, mut started) = (0_u64, 0_u64, Instant::now());
    run(&deployment, &scenarios, &options, &mut |event| match event {
        Event::RunStarted(_) => started = Instant::now(),
        Event::ScenarioFinished(result) => attempts += u64::try_from(result.attempts.len()).unwrap(),
        Event::RunFinished(finished) => exchanges = finished.exchanges,
        Event::ScenarioStarted { .. } | Event::Notice { .. } => {}
    })
    .unwrap();
    let time = started.elapsed();
    (rate(attempts, time), rate(exchanges, time))
}
