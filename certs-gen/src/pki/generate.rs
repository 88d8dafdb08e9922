//! Makes the authorities: all of them from the seed, or those under an operator's own.

use std::collections::BTreeMap;

use super::{Pki, serial};
use crate::authority::{self, Authority, Role};
use crate::certificate::Draft;
use crate::der::{self, DAY, YEAR};
use crate::key::{KeyAlgorithm, KeyPair, PoolKey};
use crate::name::Name;
use crate::spec::{PkiError, PkiSpec, User};

impl Pki {
    /// Makes root, intermediates, partner, impostors and the server CA from the seed.
    ///
    /// # Errors
    /// [`PkiError::Name`] when a user's subject or alternative name cannot be read.
    pub fn generate(spec: &PkiSpec) -> Result<Self, PkiError> {
        let mut maker = Maker::new(spec)?;
        maker.root(Role::Root, "CN=Gauntlet Root CA,O=Gauntlet Test PKI,C=NL")?;
        maker.intermediate(
            Role::Issuing,
            Role::Root,
            "CN=Gauntlet Issuing CA,O=Gauntlet Test PKI,C=NL",
            Some(0),
        )?;
        maker.under_root()?;
        maker.root(Role::Partner, "CN=Partner Root CA,O=Partner Test PKI,C=DE")?;
        maker.strangers()?;
        Ok(maker.finish(Vec::new()))
    }
}

/// Collects authorities in the order in which they sign each other.
pub(super) struct Maker<'a> {
    pub(super) spec: &'a PkiSpec,
    users: Vec<User>,
    pub(super) authorities: BTreeMap<Role, Authority>,
}

impl<'a> Maker<'a> {
    pub(super) fn new(spec: &'a PkiSpec) -> Result<Self, PkiError> {
        let users = spec.users.iter().map(User::parse).collect::<Result<_, _>>()?;
        Ok(Self {
            spec,
            users,
            authorities: BTreeMap::new(),
        })
    }

    pub(super) fn finish(self, also_trusted: Vec<Authority>) -> Pki {
        Pki {
            spec: self.spec.clone(),
            users: self.users,
            authorities: self.authorities,
            also_trusted,
        }
    }

    /// The intermediates that only a root's key can make.
    pub(super) fn under_root(&mut self) -> Result<(), PkiError> {
        let subject = |name| format!("CN=Gauntlet {name} CA,O=Gauntlet Test PKI,C=NL");
        self.intermediate(Role::IssuingRsa, Role::Root, &subject("Issuing RSA"), Some(0))?;
        self.intermediate(Role::Policy, Role::Root, &subject("Policy"), Some(1))?;
        self.intermediate(Role::Deep, Role::Policy, &subject("Deep Issuing"), Some(0))?;
        self.intermediate(Role::Revoked, Role::Root, &subject("Revoked Issuing"), Some(0))?;
        self.intermediate(Role::Sibling, Role::Root, &subject("Sibling Issuing"), Some(0))
    }

    /// The authorities that the deployment must not trust for clients.
    pub(super) fn strangers(&mut self) -> Result<(), PkiError> {
        let trusted = self.get(Role::Root).or_else(|_| self.get(Role::Issuing))?.clone();
        self.impostor(Role::ImpostorRoot, &trusted, None)?;
        let issuing = self.get(Role::Issuing)?.clone();
        if issuing.subject == trusted.subject {
            let mut same = self.get(Role::ImpostorRoot)?.clone();
            same.chain.clear();
            self.authorities.insert(Role::ImpostorIssuing, same);
        } else {
            self.impostor(Role::ImpostorIssuing, &issuing, Some(Role::ImpostorRoot))?;
        }
        self.root(
            Role::Public,
            "CN=Example Global Root G2,OU=www.example.test,O=Example Trust Services,C=US",
        )?;
        self.root(Role::Server, "CN=Gauntlet Server CA,O=Gauntlet Test PKI,C=NL")
    }

    fn get(&self, role: Role) -> Result<&Authority, PkiError> {
        self.authorities.get(&role).ok_or(PkiError::NeedsRoot(role))
    }

    fn key(&self, role: Role) -> Result<KeyPair, PkiError> {
        match role {
            Role::IssuingRsa => KeyPair::from_pool(PoolKey::Rsa2048C),
            Role::Root
            | Role::Issuing
            | Role::Policy
            | Role::Deep
            | Role::Revoked
            | Role::Sibling
            | Role::Partner
            | Role::ImpostorRoot
            | Role::ImpostorIssuing
            | Role::Public
            | Role::Server => KeyPair::derive(self.spec.seed, role.slug(), KeyAlgorithm::P256),
        }
        .map_err(PkiError::key(role.slug()))
    }

    pub(super) fn root(&mut self, role: Role, subject: &str) -> Result<(), PkiError> {
        let key = self.key(role)?;
        let identifier = key.key_identifier();
        self.add(role, Name::parse(subject)?.to_der(), key, identifier, None, None)
    }

    pub(super) fn intermediate(
        &mut self,
        role: Role,
        issuer: Role,
        subject: &str,
        path_length: Option<u8>,
    ) -> Result<(), PkiError> {
        let key = self.key(role)?;
        let identifier = key.key_identifier();
        self.add(
            role,
            Name::parse(subject)?.to_der(),
            key,
            identifier,
            Some(issuer),
            path_length,
        )
    }

    /// The name and key identifier of a trusted authority over another key.
    fn impostor(&mut self, role: Role, trusted: &Authority, issuer: Option<Role>) -> Result<(), PkiError> {
        let key = self.key(role)?;
        self.add(
            role,
            trusted.subject.clone(),
            key,
            trusted.key_identifier.clone(),
            issuer,
            issuer.map(|_| 0),
        )
    }

    fn add(
        &mut self,
        role: Role,
        subject: Vec<u8>,
        key: KeyPair,
        key_identifier: Vec<u8>,
        issuer: Option<Role>,
        path_length: Option<u8>,
    ) -> Result<(), PkiError> {
        let pointers = issuer.map_or_else(Vec::new, |issuer| self.spec.revocation_pointers(issuer.slug()));
        let issuer = issuer.map(|issuer| self.get(issuer).cloned()).transpose()?;
        let years = if issuer.is_some() { 5 } else { 20 };
        let mut draft = Draft {
            version: Some(2),
            serial: serial(self.spec.seed, role.slug()),
            inner_algorithm: None,
            outer_algorithm: None,
            issuer: issuer
                .as_ref()
                .map_or_else(|| subject.clone(), |issuer| issuer.subject.clone()),
            not_before: der::time(self.spec.now - 60 * DAY),
            not_after: der::time(self.spec.now + years * YEAR),
            subject: subject.clone(),
            spki: key.spki_der().to_vec(),
            extensions: authority::extensions(
                &key_identifier,
                issuer.as_ref().map(|issuer| issuer.key_identifier.as_slice()),
                path_length,
            ),
        };
        draft.extensions.extend(pointers);
        let mut authority = Authority {
            subject,
            key,
            key_identifier,
            chain: Vec::new(),
            certificate: Vec::new(),
        };
        let signer = issuer.as_ref().unwrap_or(&authority);
        authority.certificate = signer.sign(&draft).map_err(PkiError::key(role.slug()))?;
        if let Some(issuer) = issuer {
            authority.chain = issuer.chain_of(authority.certificate.clone());
        }
        self.authorities.insert(role, authority);
        Ok(())
    }
}
