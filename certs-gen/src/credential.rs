//! What a client presents: a chain as sent and the key for it.

use crate::fault::Fault;
use crate::key::KeyPair;

/// A credential, honest or with one fault.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Its name: `alice`, `alice-rsa2048`, `expired`, `bob-expired`, `server`.
    pub name: String,
    /// The short name of the user whose subject it carries.
    pub user: String,
    /// The certificates as sent, leaf first; the root is not among them unless that is the fault.
    pub chain: Vec<Vec<u8>>,
    /// The key that signs the handshake: the leaf's, unless that is the fault.
    pub key: KeyPair,
    /// The honest credential that differs in exactly the fault; its own name when it is honest itself.
    pub twin: String,
    /// What is wrong with it.
    pub fault: Option<&'static Fault>,
}

impl Credential {
    /// The first certificate as sent, if there is one.
    #[must_use]
    pub fn leaf(&self) -> Option<&[u8]> {
        self.chain.first().map(Vec::as_slice)
    }
}
