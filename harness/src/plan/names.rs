//! The names under which a deployment is reached, and the certificates that a forger may quote: the plan's surroundings.

use client_identity::dialect::{Dialect, HeaderNames};

use crate::deployment::Deployment;

/// Certificates by the credential's name, without their keys. Minting is deterministic, so this is pure.
pub trait Certificates {
    /// The chain, DER, leaf first; a reason where there is none.
    ///
    /// # Errors
    /// The reason to skip.
    fn chain(&self, credential: &str) -> Result<Vec<Vec<u8>>, String>;

    /// The honest twin that differs in exactly the fault, and the user whose certificate it is.
    ///
    /// # Errors
    /// The reason to skip.
    fn twin(&self, credential: &str) -> Result<(String, String), String>;
}

/// Where the deployment listens, in the words that go into SNI, Host lines and messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// The front's name.
    pub front_host: String,
    /// The front's port, as clients write it.
    pub front_port: u16,
    /// The front's address.
    pub front_ip: String,
    /// A virtual host that asks for no certificate.
    pub other: Option<String>,
    /// `host:port` of the plain listener.
    pub plain: Option<String>,
    /// How many backends there are.
    pub backends: usize,
    /// A label of each backend for row names, by index.
    pub backend_labels: Vec<String>,
    /// Where each backend listens, if that is a TCP port of this host.
    pub backend_addresses: Vec<Option<std::net::IpAddr>>,
    /// The address by which other machines know this host, if there is one.
    pub host_address: Option<std::net::IpAddr>,
    /// The header secret between proxy and app, where the harness knows it; never written into reports.
    pub proxy_secret: Option<String>,
    /// The servers were started by the harness, so that addresses are known to be right.
    pub launched: bool,
}

/// Everything that a plan is made from, beside the scenario.
pub struct Surroundings<'a> {
    /// The deployment's file and facts.
    pub deployment: &'a Deployment,
    /// Its names.
    pub setting: &'a Setting,
    /// Certificates to quote.
    pub certificates: &'a dyn Certificates,
    /// The seed of nonces and canaries.
    pub seed: u64,
}

impl Surroundings<'_> {
    /// The dialect of the deployment and its header names.
    ///
    /// # Errors
    /// The reason to skip.
    pub fn dialect(&self) -> Result<(&'static dyn Dialect, HeaderNames), String> {
        let identity = self.deployment.file.identity.as_ref().ok_or_else(|| {
            crate::deployment::Facts::reason_without(crate::scenario::vocabulary::Need::Identity).to_owned()
        })?;
        let dialect =
            client_identity::dialect::dialect(&identity.dialect).map_err(|error| error.to_string())?;
        let names = crate::deployment::load::header_names(identity, dialect)?;
        Ok((dialect, names))
    }

    /// A text that is unique to one exchange of one plan: 16 lower-case letters and digits.
    pub fn nonce(&self, scenario: &str, row: &str, part: &str) -> String {
        use sha2::{Digest, Sha256};
        let mut hash = Sha256::new();
        for piece in [
            &self.seed.to_be_bytes()[..],
            scenario.as_bytes(),
            row.as_bytes(),
            part.as_bytes(),
        ] {
            hash.update((piece.len() as u64).to_be_bytes());
            hash.update(piece);
        }
        let digest = hash.finalize();
        digest
            .iter()
            .take(8)
            .fold("n".to_owned(), |text, byte| format!("{text}{byte:02x}"))
    }
}
