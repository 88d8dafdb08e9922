//! Certificate authorities: what they are named, what they sign with, and what must be sent along with their leaves.

use crate::certificate::{CRL_SIGN, Draft, Extension, KEY_CERT_SIGN};
use crate::crl::{CrlDraft, Revoked};
use crate::key::{KeyError, KeyPair};
use crate::signature::SignatureAlgorithm;

/// The part that an authority plays in a [`crate::Pki`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The trusted root.
    Root,
    /// The intermediate under the root that issues alice's certificate.
    Issuing,
    /// An intermediate like it with an RSA key.
    IssuingRsa,
    /// An intermediate without a path length limit, above [`Self::Deep`].
    Policy,
    /// An intermediate under [`Self::Policy`], for a chain of three.
    Deep,
    /// An intermediate like the issuing one that the root's CRL revokes.
    Revoked,
    /// Its sibling that is not revoked.
    Sibling,
    /// The root of another organisation that the deployment trusts too.
    Partner,
    /// A root with the trusted root's name and key identifier and another key; trusted by nobody.
    ImpostorRoot,
    /// An intermediate with the issuing one's name and key identifier, under the impostor root.
    ImpostorIssuing,
    /// A root in the style of a public web CA; trusted by browsers, not by the deployment.
    Public,
    /// The root of the servers' certificates.
    Server,
}

impl Role {
    /// The word for file names and messages.
    #[must_use]
    pub fn slug(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Issuing => "issuing",
            Self::IssuingRsa => "issuing-rsa",
            Self::Policy => "policy",
            Self::Deep => "deep",
            Self::Revoked => "revoked",
            Self::Sibling => "sibling",
            Self::Partner => "partner",
            Self::ImpostorRoot => "impostor-root",
            Self::ImpostorIssuing => "impostor-issuing",
            Self::Public => "public",
            Self::Server => "server-ca",
        }
    }
}

/// An authority with its key.
#[derive(Clone, Debug)]
pub struct Authority {
    /// Its Name, DER.
    pub subject: Vec<u8>,
    /// Its key.
    pub key: KeyPair,
    /// The identifier that its leaves point at.
    pub key_identifier: Vec<u8>,
    /// The certificates that a leaf's chain carries: this authority's and those above it, without the root.
    pub chain: Vec<Vec<u8>>,
    /// Its own certificate, DER.
    pub certificate: Vec<u8>,
}

impl Authority {
    /// Signs a draft as it stands, with the algorithm given.
    ///
    /// # Errors
    /// [`KeyError`] when the key cannot sign so.
    pub fn sign_with(&self, draft: &Draft, algorithm: SignatureAlgorithm) -> Result<Vec<u8>, KeyError> {
        let to_be_signed = draft.to_be_signed(algorithm);
        let signature = self.key.sign(algorithm, &to_be_signed)?;
        Ok(draft.assemble(&to_be_signed, algorithm, &signature))
    }

    /// Signs a draft honestly.
    ///
    /// # Errors
    /// [`KeyError`] when the key cannot sign.
    pub fn sign(&self, draft: &Draft) -> Result<Vec<u8>, KeyError> {
        self.sign_with(draft, self.key.usual_signature())
    }

    /// Signs a CRL.
    ///
    /// # Errors
    /// [`KeyError`] when the key cannot sign.
    pub fn sign_crl(&self, crl: &CrlDraft, revoked: &[Revoked]) -> Result<Vec<u8>, KeyError> {
        crl.sign(self, revoked)
    }

    /// The chain of a leaf of this authority.
    #[must_use]
    pub fn chain_of(&self, leaf: Vec<u8>) -> Vec<Vec<u8>> {
        [vec![leaf], self.chain.clone()].concat()
    }
}

/// The extensions of an authority's certificate.
#[must_use]
pub fn extensions(
    own_identifier: &[u8],
    issuer_identifier: Option<&[u8]>,
    path_length: Option<u8>,
) -> Vec<Extension> {
    let mut extensions = vec![
        Extension::basic_constraints(true, path_length),
        Extension::key_usage(&[KEY_CERT_SIGN, CRL_SIGN]),
        Extension::subject_key_identifier(own_identifier),
    ];
    extensions.extend(issuer_identifier.map(Extension::authority_key_identifier));
    extensions
}
