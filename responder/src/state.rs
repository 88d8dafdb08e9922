//! What changes while the responder runs: behaviours, revocations, lists, and the record.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;

use certs_gen::authority::Role;
use certs_gen::hash::Hash;
use certs_gen::ocsp::{Asked, CertId, Request};
use certs_gen::{CRL_SETS, Crl, Pki, PkiError, Revocation};
use thiserror::Error;

use crate::behaviour::{Behaviour, BehaviourError};
use crate::record::Seen;

/// The name of the honest set of lists, which follows the revocations.
pub const FRESH: &str = "fresh";

/// The most requests that are remembered; later ones are counted only.
const MAX_SEEN: usize = 10_000;

/// Why the responder could not be started or told.
#[derive(Debug, Error)]
pub enum ResponderError {
    /// The address is none of this machine alone. The keys of the PKI are public: nobody else should come to believe it.
    #[error("{0} is not a loopback address")]
    NotLoopback(SocketAddr),
    /// The port cannot be opened, or not again after it was closed.
    #[error("listen on {address}: {source}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The thread of the listener cannot be started.
    #[error("start a thread: {0}")]
    Thread(#[source] io::Error),
    /// A closed port is closed for everybody.
    #[error("a port cannot be closed for one certificate")]
    ClosedForOne,
    /// There is no such behaviour.
    #[error(transparent)]
    Behaviour(#[from] BehaviourError),
    /// An answer or list needs an authority that the PKI lacks, or a key that cannot sign.
    #[error(transparent)]
    Pki(#[from] PkiError),
    /// No set of lists has this name.
    #[error("no set of CRLs is called `{0}`; there are {sets}", sets = set_names())]
    UnknownSet(String),
}

fn set_names() -> String {
    CRL_SETS.iter().map(|set| set.name).collect::<Vec<_>>().join(", ")
}

/// All of it.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) for_all: Behaviour,
    for_one: BTreeMap<Vec<u8>, Behaviour>,
    pub(crate) revoked: Vec<Revocation>,
    // How many of `revoked` came with the PKI.
    initially: usize,
    set: String,
    pub(crate) lists: Vec<Crl>,
    pub(crate) seen: Vec<Seen>,
    pub(crate) count: u64,
}

impl State {
    pub(crate) fn new(pki: &Pki) -> Result<Self, ResponderError> {
        let revoked = pki.revocations();
        Ok(Self {
            for_all: Behaviour::honest()?,
            for_one: BTreeMap::new(),
            initially: revoked.len(),
            revoked,
            set: FRESH.to_owned(),
            lists: pki.crls()?,
            seen: Vec::new(),
            count: 0,
        })
    }

    /// The behaviour that a request meets: that of the first certificate with one of its own, else everybody's.
    pub(crate) fn behaviour(&self, request: &Request) -> Behaviour {
        request
            .certificates
            .iter()
            .find_map(|certificate| self.for_one.get(&certificate.serial))
            .copied()
            .unwrap_or(self.for_all)
    }

    pub(crate) fn set_for_one(&mut self, serial: &[u8], behaviour: Behaviour) {
        self.for_one.insert(serial.to_vec(), behaviour);
    }

    pub(crate) fn forget_behaviours(&mut self, honest: Behaviour) {
        self.for_all = honest;
        self.for_one.clear();
    }

    /// Revokes one more; the fresh lists follow.
    pub(crate) fn revoke(&mut self, pki: &Pki, revocation: Revocation) -> Result<(), PkiError> {
        let known = self
            .revoked
            .iter()
            .any(|other| other.issuer == revocation.issuer && other.serial == revocation.serial);
        if !known {
            self.revoked.push(revocation);
        }
        if self.set == FRESH {
            self.lists = self.fresh(pki)?;
        }
        Ok(())
    }

    /// Takes back what was revoked since the start.
    pub(crate) fn forget_revocations(&mut self, pki: &Pki) -> Result<(), PkiError> {
        self.revoked.truncate(self.initially);
        if self.set == FRESH {
            self.lists = self.fresh(pki)?;
        }
        Ok(())
    }

    /// The honest lists of the present.
    fn fresh(&self, pki: &Pki) -> Result<Vec<Crl>, PkiError> {
        let more = self.revoked.get(self.initially..).unwrap_or_default();
        match more.iter().map(|revocation| revocation.when).max() {
            Some(at) => pki.crls_revoking(more, at),
            None => pki.crls(),
        }
    }

    pub(crate) fn set_lists(&mut self, pki: &Pki, name: &str) -> Result<(), ResponderError> {
        self.lists = if name == FRESH {
            self.fresh(pki)?
        } else {
            named(pki, name)?
        };
        name.clone_into(&mut self.set);
        Ok(())
    }

    pub(crate) fn record(&mut self, seen: Seen) {
        self.count += 1;
        if self.seen.len() < MAX_SEEN {
            self.seen.push(seen);
        }
    }
}

/// The lists of a named set.
pub(crate) fn named(pki: &Pki, name: &str) -> Result<Vec<Crl>, ResponderError> {
    let row = CRL_SETS
        .iter()
        .find(|row| row.name == name)
        .ok_or_else(|| ResponderError::UnknownSet(name.to_owned()))?;
    Ok(row.make(pki)?.crls)
}

/// Tries an answer before it is promised: a row may need an authority that an operator did not give.
pub(crate) fn rehearse(pki: &Pki, behaviour: Behaviour) -> Result<(), PkiError> {
    let Behaviour::Answer(answer) = behaviour else {
        return Ok(());
    };
    let request = Request {
        certificates: vec![CertId::of(pki.authority(Role::Issuing)?, &[1], Hash::Sha1)],
        nonce: None,
    };
    let asked = Asked {
        pki,
        request: &request,
        now: pki.spec().now,
        revoked: &[],
    };
    answer.make(&asked).map(drop)
}
