//! A whole PKI: its authorities, and every credential, server certificate and CRL that can be asked of it.

mod generate;
mod revocation;
mod server;
mod under;

use std::collections::BTreeMap;

pub(crate) use revocation::{FRESHNESS, ISSUERS};
pub use revocation::{Revocation, Target};
pub use server::SERVERS;

use crate::authority::{Authority, Role};
use crate::certificate::{DIGITAL_SIGNATURE, Draft, Extension};
use crate::credential::Credential;
use crate::der::{self, DAY};
use crate::fault::{FAULTS, Fault, Mint, Minted};
use crate::honest::{HONEST, Honest, SAME_SERIAL};
use crate::key::{KeyAlgorithm, KeyPair};
use crate::name::{Attribute, GeneralName};
use crate::spec::{PkiError, PkiSpec, User};
use crate::{hash, oid};

/// The longest that an honest leaf lives after `now`.
pub const LEAF_LIFETIME: i64 = 30 * DAY;

/// A PKI, made or an operator's. Credentials are minted when asked for.
#[derive(Clone, Debug)]
pub struct Pki {
    spec: PkiSpec,
    users: Vec<User>,
    authorities: BTreeMap<Role, Authority>,
    // Further roots of the deployment's bundle, beside the first, which is the partner.
    also_trusted: Vec<Authority>,
}

impl Pki {
    /// The inputs.
    #[must_use]
    pub fn spec(&self) -> &PkiSpec {
        &self.spec
    }

    /// The authority that plays a part.
    ///
    /// # Errors
    /// [`PkiError::NeedsRoot`] when it does not exist because an operator gave no root key.
    pub fn authority(&self, role: Role) -> Result<&Authority, PkiError> {
        let rsa_issuer = || {
            let issuing = self.authorities.get(&Role::Issuing)?;
            (role == Role::IssuingRsa && matches!(issuing.key.algorithm(), KeyAlgorithm::Rsa(_)))
                .then_some(issuing)
        };
        self.authorities.get(&role).or_else(rsa_issuer).ok_or(match role {
            Role::Partner => PkiError::Unavailable("no second trusted authority was given"),
            Role::Root
            | Role::Issuing
            | Role::IssuingRsa
            | Role::Policy
            | Role::Deep
            | Role::Revoked
            | Role::Sibling
            | Role::ImpostorRoot
            | Role::ImpostorIssuing
            | Role::Public
            | Role::Server => PkiError::NeedsRoot(role),
        })
    }

    /// The user of a short name.
    ///
    /// # Errors
    /// [`PkiError::UnknownUser`].
    pub fn user(&self, name: &str) -> Result<&User, PkiError> {
        self.users
            .iter()
            .find(|user| user.name == name)
            .ok_or_else(|| PkiError::UnknownUser(name.to_owned()))
    }

    /// The user whose credentials the faults are: alice, or the first one.
    ///
    /// # Errors
    /// [`PkiError::UnknownUser`] when there is no user at all.
    pub fn main_user(&self) -> Result<&User, PkiError> {
        self.user("alice").or_else(|_| {
            self.users
                .first()
                .ok_or_else(|| PkiError::UnknownUser("alice".to_owned()))
        })
    }

    /// A credential by name: a user (`alice`), a user with an honest suffix (`alice-rsa2048`) or a fault of the main
    /// user (`expired-1-day`) or of another (`bob-expired-1-day`).
    ///
    /// # Errors
    /// [`PkiError::UnknownCredential`], or why it cannot be minted.
    pub fn credential(&self, name: &str) -> Result<Credential, PkiError> {
        if let Some(user) = self.users.iter().find(|user| user.name == name) {
            return self.honest(user, None);
        }
        for user in &self.users {
            let suffix = name
                .strip_prefix(user.name.as_str())
                .and_then(|rest| rest.strip_prefix('-'));
            let Some(suffix) = suffix else { continue };
            if let Some(honest) = HONEST.iter().find(|row| row.suffix == suffix) {
                return self.honest(user, Some(honest));
            }
            if FAULTS.iter().any(|fault| fault.name == suffix) {
                return self.faulty(suffix, user);
            }
        }
        self.faulty(name, self.main_user()?)
    }

    /// A credential of any user with one fault. The names of the credential and its twin carry the user's.
    ///
    /// # Errors
    /// [`PkiError::UnknownUser`], [`PkiError::UnknownCredential`], or why it cannot be minted.
    pub fn credential_for(&self, fault: &str, user: &str) -> Result<Credential, PkiError> {
        self.faulty(fault, self.user(user)?)
    }

    /// The honest certificate of a subject that nobody enrolled: the main user's names with another common name.
    ///
    /// # Errors
    /// Why it cannot be minted.
    pub fn unknown_user(&self, common_name: &str) -> Result<Credential, PkiError> {
        let mut user = self.main_user()?.clone();
        user.name = common_name.to_owned();
        user.subject = user
            .subject
            .with_common_name(Attribute::text(oid::COMMON_NAME, common_name));
        user.san = vec![GeneralName::Email(
            format!("{common_name}@example.test").into_bytes(),
        )];
        self.honest(&user, None)
    }

    /// A user's honest certificate that expires at `not_after` (Unix seconds), with a key and serial number of its own.
    ///
    /// # Errors
    /// [`PkiError::UnknownUser`], or why it cannot be minted.
    pub fn short_lived(&self, user: &str, not_after: i64) -> Result<Credential, PkiError> {
        let user = self.user(user)?;
        let name = format!("{}-until-{not_after}", user.name);
        let key = KeyPair::derive(self.spec.seed, &name, KeyAlgorithm::P256)
            .map_err(PkiError::key(name.as_str()))?;
        let issuer = self.authority(Role::Issuing)?;
        let mut draft = self.leaf(issuer, user, &key, self.serial(&name));
        draft.not_after = der::time(not_after);
        let leaf = issuer.sign(&draft).map_err(PkiError::key(Role::Issuing.slug()))?;
        Ok(Credential {
            twin: user.name.clone(),
            name,
            user: user.name.clone(),
            chain: issuer.chain_of(leaf),
            key,
            fault: None,
        })
    }

    /// The names of all honest credentials and faults that this PKI can mint.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for user in &self.users {
            names.push(user.name.clone());
            let available = HONEST.iter().filter(|row| self.authority(row.issuer).is_ok());
            names.extend(available.map(|row| format!("{}-{}", user.name, row.suffix)));
        }
        names.extend(FAULTS.iter().map(|fault| fault.name.to_owned()));
        names
    }

    /// What the deployment's bundle holds: the root (the issuing CA where an operator gave no root), then the partner
    /// and the other trusted roots. DER.
    #[must_use]
    pub fn trust_anchors(&self) -> Vec<Vec<u8>> {
        let top = self
            .authorities
            .get(&Role::Root)
            .or_else(|| self.authorities.get(&Role::Issuing));
        let partner = self.authorities.get(&Role::Partner);
        top.into_iter()
            .chain(partner)
            .chain(&self.also_trusted)
            .map(|authority| authority.certificate.clone())
            .collect()
    }

    /// The honest intermediates under the root, DER.
    #[must_use]
    pub fn issuers(&self) -> Vec<Vec<u8>> {
        [
            Role::Issuing,
            Role::IssuingRsa,
            Role::Policy,
            Role::Deep,
            Role::Sibling,
        ]
        .iter()
        .filter_map(|role| self.authorities.get(role))
        .filter(|authority| !authority.chain.is_empty())
        .map(|authority| authority.certificate.clone())
        .collect()
    }

    /// The root of the servers' certificates, DER.
    ///
    /// # Errors
    /// Never on a PKI of this crate; [`PkiError::NeedsRoot`] is the type's way to say "absent".
    pub fn server_ca(&self) -> Result<Vec<u8>, PkiError> {
        Ok(self.authority(Role::Server)?.certificate.clone())
    }

    fn honest(&self, user: &User, row: Option<&'static Honest>) -> Result<Credential, PkiError> {
        let (algorithm, role) = row.map_or((KeyAlgorithm::P256, Role::Issuing), |row| (row.key, row.issuer));
        let name = row.map_or_else(
            || user.name.clone(),
            |row| format!("{}-{}", user.name, row.suffix),
        );
        let key = KeyPair::derive(self.spec.seed, &name, algorithm).map_err(PkiError::key(name.as_str()))?;
        let issuer = self.authority(role)?;
        let serial = match row {
            Some(row) if row.suffix == SAME_SERIAL => self.fault_serial("revoked", user),
            Some(_) | None => self.serial(&name),
        };
        let draft = self.leaf(issuer, user, &key, serial);
        let leaf = issuer.sign(&draft).map_err(PkiError::key(role.slug()))?;
        Ok(Credential {
            twin: name.clone(),
            name,
            user: user.name.clone(),
            chain: issuer.chain_of(leaf),
            key,
            fault: None,
        })
    }

    fn faulty(&self, fault: &str, user: &User) -> Result<Credential, PkiError> {
        let fault: &'static Fault = FAULTS
            .iter()
            .find(|row| row.name == fault)
            .copied()
            .ok_or_else(|| PkiError::UnknownCredential(fault.to_owned()))?;
        let Minted { chain, key } = (fault.mint)(&Mint::new(self, user, fault.name))?;
        let main = self.main_user()?.name == user.name;
        let name = if main {
            fault.name.to_owned()
        } else {
            format!("{}-{}", user.name, fault.name)
        };
        // Rows name alice's credential as the twin.
        let twin = fault
            .twin
            .strip_prefix("alice")
            .map_or(fault.twin.to_owned(), |rest| format!("{}{rest}", user.name));
        Ok(Credential {
            name,
            user: user.name.clone(),
            chain,
            key,
            twin,
            fault: Some(fault),
        })
    }

    /// A user's honest leaf as an issuer would sign it.
    pub(crate) fn leaf(&self, issuer: &Authority, user: &User, key: &KeyPair, serial: Vec<u8>) -> Draft {
        let mut extensions = vec![
            Extension::basic_constraints(false, None),
            Extension::key_usage(&[DIGITAL_SIGNATURE]),
            Extension::extended_key_usage(&[oid::CLIENT_AUTH]),
            Extension::subject_key_identifier(&key.key_identifier()),
            Extension::authority_key_identifier(&issuer.key_identifier),
        ];
        if !user.san.is_empty() {
            let names: Vec<Vec<u8>> = user.san.iter().map(GeneralName::to_der).collect();
            extensions.push(Extension::subject_alt_name(false, &names));
        }
        let signer = self.signer_of(&issuer.subject).map_or("unknown", Role::slug);
        extensions.extend(self.spec.revocation_pointers(signer));
        Draft {
            version: Some(2),
            serial,
            inner_algorithm: None,
            outer_algorithm: None,
            issuer: issuer.subject.clone(),
            not_before: der::time(self.spec.now - DAY),
            not_after: der::time(self.spec.now + LEAF_LIFETIME),
            subject: user.subject.to_der(),
            spki: key.spki_der().to_vec(),
            extensions,
        }
    }

    /// 16 octets, positive and without a leading zero: within the 20 of RFC 5280 4.1.2.2.
    pub(crate) fn serial(&self, name: &str) -> Vec<u8> {
        serial(self.spec.seed, name)
    }

    pub(crate) fn fault_serial(&self, fault: &str, user: &User) -> Vec<u8> {
        self.serial(&format!("{}!{fault}", user.name))
    }
}

pub(crate) fn serial(seed: u64, name: &str) -> Vec<u8> {
    let mut octets: Vec<u8> = hash::derive(seed, &["serial", name])
        .into_iter()
        .take(16)
        .collect();
    if let Some(first) = octets.first_mut() {
        *first = *first & 0x3f | 0x40;
    }
    octets
}

#[cfg(test)]
mod tests;
