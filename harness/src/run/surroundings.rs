//! The ground of a run: the target, and what the plan must know of it.

use std::time::Duration;

use crate::attack::{Attacker, State, Wallet};
use crate::deployment::Deployment;
use crate::launch::{BackendAddress, CredentialStore, LaunchError, LaunchOptions, Target};
use crate::observation::Outcome;
use crate::plan::{Act, Certificates, Setting, Surroundings, alpn_of, control};
use crate::scenario::vocabulary::{HttpVersion, Need};

/// A deployment that is up, and everything that plans are made from.
pub struct Ground {
    /// The file, with the facts that were found by looking.
    pub deployment: Deployment,
    /// Where it is.
    pub target: Target,
    setting: Setting,
}

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

    fn negotiates_http2(&self, seed: u64, timeout: Duration) -> bool {
        let surroundings = self.surroundings(seed);
        let nonce = surroundings.nonce("http2", "", "probe");
        let honest = control::Honest {
            credential: "alice".to_owned(),
            user: "alice".to_owned(),
            route: "protected",
            http: HttpVersion::Http2,
            version: None,
            nonce,
        };
        let Ok(exchange) = control::honest(&honest, &surroundings) else {
            return false;
        };
        debug_assert_eq!(exchange.tls.alpn, alpn_of(HttpVersion::Http2));
        let wallet = Wallet::default();
        let attacker = Attacker {
            deployment: &self.deployment,
            target: &self.target,
            wallet: &wallet,
            timeout,
        };
        let observation = attacker.perform(&Act::Exchange(Box::new(exchange)), &mut State::default());
        observation.outcome == Outcome::Granted
            && observation
                .negotiated
                .is_some_and(|negotiated| negotiated.alpn.as_deref() == Some("h2"))
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
        proxy_secret: target.proxy_secret(),
        launched: target.is_launched(),
    }
}
