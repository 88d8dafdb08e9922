//! Server certificates: the honest one that a launched deployment serves, and those that a proxy must refuse of its
//! upstream.

use super::{LEAF_LIFETIME, Pki};
use crate::authority::{Authority, Role};
use crate::certificate::{DIGITAL_SIGNATURE, Draft, Extension, KEY_ENCIPHERMENT};
use crate::credential::Credential;
use crate::der::{self, DAY};
use crate::key::{KeyAlgorithm, KeyPair};
use crate::name::{Attribute, GeneralName, Name};
use crate::signature::SignatureAlgorithm;
use crate::spec::PkiError;
use crate::{hash::Hash, oid};

/// The kinds of server certificate, sorted: `server` is honest, the others have one fault each.
pub static SERVERS: &[&str] = &[
    "server",
    "server-client-purpose",
    "server-expired",
    "server-other-ca",
    "server-rsa",
    "server-self-signed",
    "server-sha1",
    "server-weak-key",
    "server-wrong-name",
];

impl Pki {
    /// A server credential of a kind in [`SERVERS`].
    ///
    /// # Errors
    /// [`PkiError::UnknownCredential`] for another kind.
    pub fn server(&self, kind: &str) -> Result<Credential, PkiError> {
        if !SERVERS.contains(&kind) {
            return Err(PkiError::UnknownCredential(kind.to_owned()));
        }
        let algorithm = match kind {
            "server-weak-key" => KeyAlgorithm::Rsa(1024),
            "server-rsa" => KeyAlgorithm::Rsa(2048),
            _ => KeyAlgorithm::P256,
        };
        let key = KeyPair::derive(self.spec.seed, kind, algorithm).map_err(PkiError::key(kind))?;
        let role = if kind == "server-other-ca" {
            Role::Public
        } else {
            Role::Server
        };
        let issuer = self.authority(role)?;
        let mut draft = self.server_leaf(issuer, kind, &key)?;
        let mut signature = issuer.key.usual_signature();
        let mut signer = issuer.clone();
        match kind {
            "server-client-purpose" => draft.replace(Extension::extended_key_usage(&[oid::CLIENT_AUTH])),
            "server-expired" => draft.not_after = der::time(self.spec.now - 1),
            "server-wrong-name" => {
                let name = "wrong.example.test";
                draft.subject = Name(vec![vec![Attribute::text(oid::COMMON_NAME, name)]]).to_der();
                draft.replace(Extension::subject_alt_name(
                    false,
                    &[GeneralName::server(name).to_der()],
                ));
            }
            "server-self-signed" => {
                draft.issuer = draft.subject.clone();
                draft.remove(oid::AUTHORITY_KEY_IDENTIFIER);
                signer.key = key.clone();
            }
            "server-sha1" => signature = SignatureAlgorithm::Ecdsa(Hash::Sha1),
            _ => {}
        }
        let leaf = signer
            .sign_with(&draft, signature)
            .map_err(PkiError::key(role.slug()))?;
        let twin = if kind == "server-weak-key" {
            "server-rsa"
        } else {
            "server"
        };
        Ok(Credential {
            name: kind.to_owned(),
            user: "server".to_owned(),
            chain: issuer.chain_of(leaf),
            key,
            twin: twin.to_owned(),
            fault: None,
        })
    }

    fn server_leaf(&self, issuer: &Authority, kind: &str, key: &KeyPair) -> Result<Draft, PkiError> {
        let names = &self.spec.server_names;
        let common_name = names
            .first()
            .ok_or(PkiError::Unavailable("no server name is given"))?;
        let alternative: Vec<Vec<u8>> = names
            .iter()
            .map(|name| GeneralName::server(name).to_der())
            .collect();
        let usage: &[u8] = match key.algorithm() {
            KeyAlgorithm::Rsa(_) => &[DIGITAL_SIGNATURE, KEY_ENCIPHERMENT],
            KeyAlgorithm::P224
            | KeyAlgorithm::P256
            | KeyAlgorithm::P384
            | KeyAlgorithm::P521
            | KeyAlgorithm::Secp256k1
            | KeyAlgorithm::Ed25519
            | KeyAlgorithm::Unknown => &[DIGITAL_SIGNATURE],
        };
        Ok(Draft {
            version: Some(2),
            serial: self.serial(kind),
            inner_algorithm: None,
            outer_algorithm: None,
            issuer: issuer.subject.clone(),
            not_before: der::time(self.spec.now - DAY),
            not_after: der::time(self.spec.now + LEAF_LIFETIME),
            subject: Name(vec![vec![Attribute::text(oid::COMMON_NAME, common_name)]]).to_der(),
            spki: key.spki_der().to_vec(),
            extensions: vec![
                Extension::basic_constraints(false, None),
                Extension::key_usage(usage),
                Extension::extended_key_usage(&[oid::SERVER_AUTH]),
                Extension::subject_key_identifier(&key.key_identifier()),
                Extension::authority_key_identifier(&issuer.key_identifier),
                Extension::subject_alt_name(false, &alternative),
            ],
        })
    }
}
