//! What a fault's mint function works with: the twin's ingredients, and the three seams.

use crate::authority::{Authority, Role};
use crate::certificate::{CRL_SIGN, Draft, Extension, KEY_CERT_SIGN};
use crate::der::{self, DAY, YEAR};
use crate::hash;
use crate::key::{KeyAlgorithm, KeyPair, PoolKey};
use crate::pki::{self, Pki};
use crate::signature::SignatureAlgorithm;
use crate::spec::{PkiError, User};

/// A chain and the key that goes with it.
#[derive(Clone, Debug)]
pub struct Minted {
    /// Leaf first, as sent.
    pub chain: Vec<Vec<u8>>,
    /// The key of the handshake.
    pub key: KeyPair,
}

/// One fault for one user of one PKI.
#[derive(Clone, Copy, Debug)]
pub struct Mint<'a> {
    pki: &'a Pki,
    user: &'a User,
    fault: &'static str,
}

impl<'a> Mint<'a> {
    pub(crate) fn new(pki: &'a Pki, user: &'a User, fault: &'static str) -> Self {
        Self { pki, user, fault }
    }

    /// Unix seconds of "now".
    #[must_use]
    pub fn now(&self) -> i64 {
        self.pki.spec().now
    }

    /// Whose credential it is.
    #[must_use]
    pub fn user(&self) -> &'a User {
        self.user
    }

    /// Another enrolled user, the admin if there is one: whom the attacker would like to be.
    #[must_use]
    pub fn victim(&self) -> String {
        let names: Vec<&str> = self
            .pki
            .spec()
            .users
            .iter()
            .map(|user| user.name.as_str())
            .collect();
        let other = |wanted: &str| {
            names
                .iter()
                .find(|name| **name == wanted && **name != self.user.name)
        };
        let any = || names.iter().find(|name| **name != self.user.name);
        other("admin")
            .or_else(any)
            .map_or_else(|| "admin".to_owned(), |name| (*name).to_owned())
    }

    /// The authority that plays a part.
    ///
    /// # Errors
    /// [`PkiError::NeedsRoot`].
    pub fn authority(&self, role: Role) -> Result<&'a Authority, PkiError> {
        self.pki.authority(role)
    }

    /// Octets that depend on seed, user, fault and purpose only.
    #[must_use]
    pub fn noise(&self, purpose: &str) -> [u8; 32] {
        hash::derive(self.pki.spec().seed, &["noise", &self.label(purpose)])
    }

    fn label(&self, purpose: &str) -> String {
        format!("{}!{}!{purpose}", self.user.name, self.fault)
    }

    /// The fault's own key, P-256 like the plain twin's.
    ///
    /// # Errors
    /// [`PkiError::Key`].
    pub fn key(&self) -> Result<KeyPair, PkiError> {
        self.key_of(KeyAlgorithm::P256)
    }

    /// The fault's own key of another kind.
    ///
    /// # Errors
    /// [`PkiError::Key`] for an RSA size that the pool lacks.
    pub fn key_of(&self, algorithm: KeyAlgorithm) -> Result<KeyPair, PkiError> {
        self.named_key("leaf", algorithm)
    }

    /// A further key of the fault, for an authority of its own.
    ///
    /// # Errors
    /// [`PkiError::Key`].
    pub fn named_key(&self, purpose: &str, algorithm: KeyAlgorithm) -> Result<KeyPair, PkiError> {
        KeyPair::derive(self.pki.spec().seed, &self.label(purpose), algorithm)
            .map_err(PkiError::key(self.fault))
    }

    /// A key of the committed pool.
    ///
    /// # Errors
    /// [`PkiError::Key`].
    pub fn pool_key(&self, key: PoolKey) -> Result<KeyPair, PkiError> {
        KeyPair::from_pool(key).map_err(PkiError::key(self.fault))
    }

    /// The user's honest leaf over a key, as this issuer would sign it.
    #[must_use]
    pub fn leaf(&self, issuer: &Authority, key: &KeyPair) -> Draft {
        self.pki.leaf(
            issuer,
            self.user,
            key,
            self.pki.fault_serial(self.fault, self.user),
        )
    }

    /// Seam one, parameters: the plain twin's leaf, altered, signed honestly by the issuing authority.
    ///
    /// # Errors
    /// [`PkiError::Key`].
    pub fn altered(&self, alter: impl FnOnce(&mut Draft)) -> Result<Minted, PkiError> {
        self.altered_under(self.authority(Role::Issuing)?, self.key()?, alter)
    }

    /// Seam one for another issuer or key.
    ///
    /// # Errors
    /// [`PkiError::Key`].
    pub fn altered_under(
        &self,
        issuer: &Authority,
        key: KeyPair,
        alter: impl FnOnce(&mut Draft),
    ) -> Result<Minted, PkiError> {
        let mut draft = self.leaf(issuer, &key);
        alter(&mut draft);
        let leaf = issuer.sign(&draft).map_err(PkiError::key(self.fault))?;
        Ok(Minted {
            chain: issuer.chain_of(leaf),
            key,
        })
    }

    /// The plain twin's leaf signed honestly, but with another algorithm than the issuer usually uses.
    ///
    /// # Errors
    /// [`PkiError::Key`] when the issuer's key is of another kind.
    pub fn signed_with(&self, issuer: &Authority, algorithm: SignatureAlgorithm) -> Result<Minted, PkiError> {
        self.lying(issuer, algorithm, |honest, _| honest)
    }

    /// Seam two, a signer that lies: the twin's leaf signed with `algorithm`, the signature then exchanged by `lie`,
    /// which is given the issuing authority's own and what was signed.
    ///
    /// # Errors
    /// [`PkiError::Key`].
    pub fn lying(
        &self,
        issuer: &Authority,
        algorithm: SignatureAlgorithm,
        lie: impl FnOnce(Vec<u8>, &[u8]) -> Vec<u8>,
    ) -> Result<Minted, PkiError> {
        let key = self.key()?;
        let draft = self.leaf(issuer, &key);
        let to_be_signed = draft.to_be_signed(algorithm);
        let honest = issuer
            .key
            .sign(algorithm, &to_be_signed)
            .map_err(PkiError::key(self.fault))?;
        let leaf = draft.assemble(&to_be_signed, algorithm, &lie(honest, &to_be_signed));
        Ok(Minted {
            chain: issuer.chain_of(leaf),
            key,
        })
    }

    /// Seam three before the signature: `surgery` turns the encoded TBSCertificate into other bytes, which the issuing
    /// authority then really signs.
    ///
    /// # Errors
    /// [`PkiError::Key`].
    pub fn resigned(&self, surgery: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Result<Minted, PkiError> {
        let issuer = self.authority(Role::Issuing)?;
        let key = self.key()?;
        let draft = self.leaf(issuer, &key);
        let algorithm = issuer.key.usual_signature();
        let to_be_signed = surgery(draft.to_be_signed(algorithm));
        let signature = issuer
            .key
            .sign(algorithm, &to_be_signed)
            .map_err(PkiError::key(self.fault))?;
        let leaf = draft.assemble(&to_be_signed, algorithm, &signature);
        Ok(Minted {
            chain: issuer.chain_of(leaf),
            key,
        })
    }

    /// Seam three after the signature: `surgery` turns the whole encoded leaf into other bytes.
    ///
    /// # Errors
    /// [`PkiError::Key`].
    pub fn spoiled(&self, surgery: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Result<Minted, PkiError> {
        let mut minted = self.altered(|_| {})?;
        if let Some(leaf) = minted.chain.first_mut() {
            *leaf = surgery(std::mem::take(leaf));
        }
        Ok(minted)
    }

    /// An intermediate of the root under another certificate: same name, same key (so that its CRL stays true), one
    /// parameter altered, signed by the root.
    ///
    /// # Errors
    /// [`PkiError::NeedsRoot`].
    pub fn altered_authority(
        &self,
        role: Role,
        alter: impl FnOnce(&mut Draft),
    ) -> Result<Authority, PkiError> {
        let root = self.authority(Role::Root)?;
        let honest = self.authority(role)?;
        if honest.chain.is_empty() {
            return Err(PkiError::NeedsRoot(Role::Root));
        }
        let mut draft = self.intermediate(root, honest);
        alter(&mut draft);
        let certificate = root.sign(&draft).map_err(PkiError::key(self.fault))?;
        Ok(Authority {
            chain: root.chain_of(certificate.clone()),
            certificate,
            ..honest.clone()
        })
    }

    /// A draft signed honestly by any key.
    ///
    /// # Errors
    /// [`PkiError::Key`].
    pub fn signed_by(&self, key: &KeyPair, draft: &Draft) -> Result<Vec<u8>, PkiError> {
        let algorithm = key.usual_signature();
        let to_be_signed = draft.to_be_signed(algorithm);
        let signature = key
            .sign(algorithm, &to_be_signed)
            .map_err(PkiError::key(self.fault))?;
        Ok(draft.assemble(&to_be_signed, algorithm, &signature))
    }

    /// A plain leaf under the issuing authority's altered certificate.
    ///
    /// # Errors
    /// [`PkiError::NeedsRoot`].
    pub fn under_altered_issuing(&self, alter: impl FnOnce(&mut Draft)) -> Result<Minted, PkiError> {
        let issuing = self.altered_authority(Role::Issuing, alter)?;
        self.altered_under(&issuing, self.key()?, |_| {})
    }

    /// An honest certificate for an authority, as this issuer would sign it.
    #[must_use]
    pub fn intermediate(&self, issuer: &Authority, subject: &Authority) -> Draft {
        let signer = self.pki.signer_of(&issuer.subject).map_or("unknown", Role::slug);
        let mut draft = Draft {
            version: Some(2),
            serial: pki::serial(self.pki.spec().seed, &self.label("intermediate")),
            inner_algorithm: None,
            outer_algorithm: None,
            issuer: issuer.subject.clone(),
            not_before: der::time(self.now() - 60 * DAY),
            not_after: der::time(self.now() + 5 * YEAR),
            subject: subject.subject.clone(),
            spki: subject.key.spki_der().to_vec(),
            extensions: vec![
                Extension::basic_constraints(true, Some(0)),
                Extension::key_usage(&[KEY_CERT_SIGN, CRL_SIGN]),
                Extension::subject_key_identifier(&subject.key_identifier),
                Extension::authority_key_identifier(&issuer.key_identifier),
            ],
        };
        draft
            .extensions
            .extend(self.pki.spec().revocation_pointers(signer));
        draft
    }
}
