//! What clients may present, by name: minted when first asked for, or given as files.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use certs_gen::{KeyPair, Pki, PkiError, Recipe};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use super::LaunchError;
use crate::complaint::did_you_mean;
use crate::deployment::file::CaFile;

/// A credential, ready to be presented.
#[derive(Debug, Clone)]
pub struct Presentable {
    /// DER as sent, leaf first.
    pub chain: Vec<Vec<u8>>,
    /// The key that signs the handshake.
    pub key: KeyPair,
    /// The user whose names it carries.
    pub user: String,
    /// The honest credential that differs in exactly the fault; its own name when it is honest.
    pub twin: String,
}

/// Why a credential is not to be had.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CredentialError {
    /// No credential has this name.
    #[error("no credential is called `{name}`: {help}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The valid words, or the nearest one.
        help: String,
    },
    /// Only given credentials are there, and this one would have to be minted.
    #[error("`{0}` has to be minted: needs [pki] issuer")]
    NeedsMint(String),
    /// It needs the CA above the issuer.
    #[error("`{0}` needs the root's key: [pki] root")]
    NeedsRoot(String),
    /// It cannot be minted for another reason.
    #[error("mint `{name}`: {message}")]
    Mint {
        /// The name asked for.
        name: String,
        /// Why.
        message: String,
    },
}

/// What stands before the colon of a credential that is minted by recipe.
const RECIPE: &str = "recipe";

/// Most credentials that are kept before those by recipe are forgotten.
const MOST_MINTED: usize = 4096;

fn recipe(name: &str, text: &str) -> Result<Recipe, CredentialError> {
    text.parse()
        .map_err(|error: certs_gen::RecipeError| CredentialError::Mint {
            name: name.to_owned(),
            message: error.to_string(),
        })
}

/// All credentials of a deployment.
#[derive(Debug)]
pub struct CredentialStore {
    pki: Option<Pki>,
    given: BTreeMap<String, Arc<Presentable>>,
    minted: Mutex<BTreeMap<String, Arc<Presentable>>>,
}

impl CredentialStore {
    /// Credentials of a PKI whose keys we hold.
    pub(super) fn of_pki(pki: Pki) -> Self {
        Self {
            pki: Some(pki),
            given: BTreeMap::new(),
            minted: Mutex::default(),
        }
    }

    /// Credentials that exist as files, by user. Relative paths are looked up in `folder`.
    pub(super) fn given(files: &BTreeMap<String, CaFile>, folder: &Path) -> Result<Self, LaunchError> {
        let mut given = BTreeMap::new();
        for (user, file) in files {
            let read = |path: &str| {
                let path = folder.join(path);
                std::fs::read_to_string(&path).map_err(LaunchError::file(path))
            };
            let chain = certificates(&read(&file.cert)?)
                .map_err(|error| LaunchError::Pki(format!("{}: {error}", file.cert)))?;
            let passphrase = file.passphrase.as_deref().and_then(secret_text);
            let key = KeyPair::from_pem(&read(&file.key)?, passphrase.as_deref())
                .map_err(|error| LaunchError::Pki(format!("{}: {error}", file.key)))?;
            let (user, twin) = (user.clone(), user.clone());
            given.insert(
                user.clone(),
                Arc::new(Presentable {
                    chain,
                    key,
                    user,
                    twin,
                }),
            );
        }
        Ok(Self {
            pki: None,
            given,
            minted: Mutex::default(),
        })
    }

    /// The same, with whatever is not given minted by a PKI.
    pub(super) fn minting(mut self, pki: Pki) -> Self {
        self.pki = Some(pki);
        self
    }

    /// The PKI behind it, where we hold its keys.
    pub fn pki(&self) -> Option<&Pki> {
        self.pki.as_ref()
    }

    /// A credential: a user, an honest twin (`alice-rsa2048`), a fault (`expired`), or a user's fault (`bob:expired`).
    /// `unknown-user` is the honest certificate of somebody who is not enrolled, `common-name:TEXT` that of TEXT,
    /// `recipe:TEXT` what a [`Recipe`] says.
    ///
    /// # Errors
    /// Why there is none of that name.
    pub fn get(&self, name: &str) -> Result<Arc<Presentable>, CredentialError> {
        if let Some(given) = self.given.get(name) {
            return Ok(Arc::clone(given));
        }
        let Some(pki) = &self.pki else {
            return Err(CredentialError::NeedsMint(name.to_owned()));
        };
        if let Some(known) = self
            .minted
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(name)
        {
            return Ok(Arc::clone(known));
        }
        // Minting is deterministic, so two threads that mint the same name at once do no harm.
        let credential = match name.split_once(':') {
            Some(("common-name", text)) => pki.unknown_user(text),
            Some((RECIPE, text)) => pki.by_recipe(&recipe(name, text)?),
            Some((user, fault)) => pki.credential_for(fault, user),
            None if name == "unknown-user" => pki.unknown_user("mallory"),
            None => pki.credential(name),
        };
        let credential = credential.map_err(|error| refusal(pki, name, &error))?;
        let (chain, key, user, twin) = (credential.chain, credential.key, credential.user, credential.twin);
        let presentable = Arc::new(Presentable {
            chain,
            key,
            user,
            twin,
        });
        let mut minted = self.minted.lock().unwrap_or_else(PoisonError::into_inner);
        // A campaign mints without end, and each recipe but a few times.
        if minted.len() >= MOST_MINTED {
            minted.retain(|known, _| !known.starts_with(RECIPE));
        }
        minted.insert(name.to_owned(), Arc::clone(&presentable));
        drop(minted);
        Ok(presentable)
    }

    /// A user's honest certificate that expires at `not_after`, Unix seconds. Minted anew each time: its end is the clock's
    /// matter and not the plan's.
    ///
    /// # Errors
    /// Why it cannot be minted.
    pub fn short_lived(&self, user: &str, not_after: i64) -> Result<Presentable, CredentialError> {
        let name = format!("{user}, until {not_after}");
        let Some(pki) = &self.pki else {
            return Err(CredentialError::NeedsMint(name));
        };
        let credential = pki.short_lived(user, not_after);
        let credential = credential.map_err(|error| refusal(pki, &name, &error))?;
        Ok(Presentable {
            chain: credential.chain,
            key: credential.key,
            user: credential.user,
            twin: credential.twin,
        })
    }

    /// The leaf (DER) of a user's own certificate, for forging headers.
    pub fn user_certificate(&self, user: &str) -> Option<Vec<u8>> {
        self.get(user).ok()?.chain.first().cloned()
    }
}

fn refusal(pki: &Pki, name: &str, error: &PkiError) -> CredentialError {
    if matches!(error, PkiError::NeedsRoot(_)) {
        return CredentialError::NeedsRoot(name.to_owned());
    }
    if matches!(error, PkiError::UnknownCredential(_) | PkiError::UnknownUser(_)) {
        let names = pki.names();
        return CredentialError::Unknown {
            name: name.to_owned(),
            help: did_you_mean(name, names.iter().map(String::as_str)),
        };
    }
    CredentialError::Mint {
        name: name.to_owned(),
        message: error.to_string(),
    }
}

/// The certificates of a PEM text, DER.
pub(super) fn certificates(text: &str) -> Result<Vec<Vec<u8>>, String> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    let chain = chain.map_err(|error| error.to_string())?;
    if chain.is_empty() {
        return Err("no certificate in it".to_owned());
    }
    Ok(chain.into_iter().map(|der| der.as_ref().to_vec()).collect())
}

/// `env:VARIABLE`, or the text itself.
pub(super) fn secret_text(text: &str) -> Option<String> {
    match text.strip_prefix("env:") {
        Some(variable) => std::env::var(variable).ok(),
        None => Some(text.to_owned()),
    }
}
