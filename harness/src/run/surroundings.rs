//! The ground of a run: the target, and what the plan must know of it.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::time::{Duration, Instant};

use super::Options;
use crate::attack::{Attacker, State, Wallet};
use crate::deployment::Deployment;
use crate::judge::aftermath;
use crate::launch::{BackendAddress, CredentialStore, LaunchError, LaunchOptions, Target};
use crate::observation::{Observation, Outcome};
use crate::plan::{Act, Certificates, Setting, Surroundings, control};
use crate::scenario::vocabulary::{HttpVersion, Need};

/// A deployment that is up, and everything that plans are made from.
pub struct Ground {
    /// The file, with the facts that were found by looking.
    pub deployment: Deployment,
    /// Where it is.
    pub target: Target,
    setting: Setting,
}

/// How long a server may take to show that it lives. One that is taken for dead too early is only started again.
const ALIVE: Duration = Duration::from_secs(2);
/// How long a deployment that says it is ready may take until it serves the honest client: Traefik listens before it has
/// read its routes, and shows a certificate of its own until then.
const FIRST_SERVICE: Duration = Duration::from_secs(5);
/// The pause between two looks in that time.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

impl Certificates for CredentialStore {
    fn chain(&self, credential: &str) -> Result<Vec<Vec<u8>>, String> {
        self.get(credential)
            .map(|found| found.chain.clone())
            .map_err(|error| error.to_string())
    }

    fn twin(&self, credential: &str) -> Result<(String, String), String> {
        self.get(credential)
            .map(|found| (found.twin.clone(), found.user.clone()))
            .map_err(|error| error.to_string())
    }
}

impl Ground {
    /// Starts or finds the deployment, and looks whether it speaks HTTP/2 where its file does not say.
    ///
    /// # Errors
    /// [`LaunchError`] where it cannot be started or named.
    pub fn prepare(
        deployment: &Deployment,
        options: &LaunchOptions,
        timeout: Duration,
    ) -> Result<Self, LaunchError> {
        let target = Target::start(deployment, options)?;
        let setting = setting(&target);
        let mut ground = Self {
            deployment: deployment.clone(),
            target,
            setting,
        };
        ground.await_service(options.seed, timeout);
        if ground.deployment.file.front.http2.is_none() && ground.negotiates_http2(options.seed, timeout) {
            ground.deployment.facts.add(Need::Http2);
        }
        Ok(ground)
    }

    /// What plans are made from.
    pub fn surroundings(&self, seed: u64) -> Surroundings<'_> {
        Surroundings {
            deployment: &self.deployment,
            setting: &self.setting,
            certificates: self.target.credentials(),
            seed,
        }
    }

    /// Waits until alice is granted, or no longer: a deployment that never grants her shows it in its controls.
    fn await_service(&self, seed: u64, timeout: Duration) {
        if !self.target.is_launched() {
            return;
        }
        let deadline = Instant::now() + FIRST_SERVICE;
        let granted = |seen: Observation| seen.outcome == Outcome::Granted;
        while !self
            .honest(HttpVersion::Http11, seed, timeout.min(ALIVE))
            .is_none_or(granted)
            && Instant::now() < deadline
        {
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    /// Is the honest client served? Asked twice, since one lost packet is no death.
    pub(super) fn serves(&self, options: &Options) -> bool {
        (0..2).any(|_| {
            self.honest(HttpVersion::Http11, options.seed, options.timeout.min(ALIVE))
                .is_some_and(|seen| !aftermath::gone(&seen) && seen.outcome != Outcome::NotTried)
        })
    }

    fn negotiates_http2(&self, seed: u64, timeout: Duration) -> bool {
        let Some(observation) = self.honest(HttpVersion::Http2, seed, timeout) else {
            return false;
        };
        observation.outcome == Outcome::Granted
            && observation
                .negotiated
                .is_some_and(|negotiated| negotiated.alpn.as_deref() == Some("h2"))
    }

    /// Alice asks for the protected route.
    pub(crate) fn honest(&self, http: HttpVersion, seed: u64, timeout: Duration) -> Option<Observation> {
        let surroundings = self.surroundings(seed);
        let honest = control::Honest {
            credential: "alice".to_owned(),
            user: "alice".to_owned(),
            route: "protected",
            http,
            version: None,
            nonce: surroundings.nonce("honest", &http.to_string(), "probe"),
        };
        let exchange = control::honest(&honest, &surroundings).ok()?;
        let wallet = Wallet::default();
        let attacker = Attacker {
            deployment: &self.deployment,
            target: &self.target,
            wallet: &wallet,
            timeout,
        };
        Some(attacker.perform(&Act::Exchange(Box::new(exchange)), &mut State::default()))
    }
}

fn setting(target: &Target) -> Setting {
    let front = target.front();
    let backends = target.backends();
    Setting {
        front_host: front.host.clone(),
        front_port: front.port,
        front_ip: front.connect.ip().to_string(),
        other: front.other_names.first().cloned(),
        plain: front.plain.as_ref().map(|(_, authority)| authority.clone()),
        backends: backends.len(),
        backend_labels: backends
            .iter()
            .enumerate()
            .map(|(index, backend)| match &backend.address {
                BackendAddress::Tcp(_) => format!("backend-{}-tcp", index + 1),
                BackendAddress::Unix(_) => format!("backend-{}-unix", index + 1),
            })
            .collect(),
        backend_addresses: backends
            .iter()
            .map(|backend| match &backend.address {
                BackendAddress::Tcp(address) if target.is_launched() || address.ip().is_loopback() => {
                    Some(address.ip())
                }
                BackendAddress::Tcp(_) | BackendAddress::Unix(_) => None,
            })
            .collect(),
        host_address: host_address(),
        proxy_secret: target.proxy_secret(),
        launched: target.is_launched(),
    }
}

/// The address by which other machines know this host: what the system would send from to somewhere else. Connecting a UDP
/// socket sends nothing.
fn host_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address of TEST-NET-1 (RFC 5737), which is nobody's.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}
