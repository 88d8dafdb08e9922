//! What of a launched deployment can be changed while it runs: its revocation lists, its bundle of CAs, its responder.
//!
//! Files are written anew under their names; that they are read again is the matter of [`Target::reload`].

use std::path::Path;

use certs_gen::{Crl, Pki, Target as Revoked};
use revocation_responder::Handle;

use super::LaunchError;
use super::pki_folder::pem;
use super::target::Target;
use crate::scenario::state::MARKER;

/// Whose the marker is.
const MARKED_USER: &str = "bob";

/// The lists with which a deployment is started.
///
/// # Errors
/// [`LaunchError::Pki`] where the PKI cannot sign them.
pub(super) fn initial(pki: &Pki) -> Result<Vec<Crl>, LaunchError> {
    let failed = |error: certs_gen::PkiError| LaunchError::Pki(error.to_string());
    let now = pki.spec().now;
    let mut revoked = Vec::new();
    if pki.spec().users.iter().any(|user| user.name == MARKED_USER) {
        revoked.push(pki.revocation(Revoked::Credential(MARKER), now).map_err(failed)?);
    }
    pki.crls_revoking(&revoked, now).map_err(failed)
}

impl Target {
    /// The OCSP responder that the front asks, where the deployment has `responder`.
    pub fn responder(&self) -> Option<&Handle> {
        self.responder.as_ref()
    }

    /// The run's PKI.
    ///
    /// # Errors
    /// The deployment was not launched, so that its PKI is not ours.
    pub fn own_pki(&self) -> Result<&Pki, LaunchError> {
        self.credentials()
            .pki()
            .filter(|_| self.is_launched())
            .ok_or_else(|| LaunchError::Pki("the deployment's lists are not ours".to_owned()))
    }

    /// Writes the lists into the files of `{{ pki.crl }}` and `{{ pki.crl_ISSUER }}`.
    ///
    /// # Errors
    /// [`LaunchError`] where there is no such folder or a file cannot be written.
    pub fn put_lists(&self, lists: &[Crl]) -> Result<(), LaunchError> {
        let all: String = lists.iter().map(|list| pem("X509 CRL", &list.der)).collect();
        self.put("crl.pem", &all)?;
        for list in lists {
            self.put(&format!("crl-{}.pem", list.name), &pem("X509 CRL", &list.der))?;
        }
        Ok(())
    }

    /// Writes the lists with which the deployment was started.
    ///
    /// # Errors
    /// [`LaunchError`] where they cannot be signed or written.
    pub fn put_initial_lists(&self) -> Result<(), LaunchError> {
        self.put_lists(&initial(self.own_pki()?)?)
    }

    /// Writes the CAs into the file of `{{ pki.client_ca }}`.
    ///
    /// # Errors
    /// [`LaunchError`] where there is no such folder or the file cannot be written.
    pub fn put_trust(&self, authorities: &[Vec<u8>]) -> Result<(), LaunchError> {
        let all: String = authorities.iter().map(|der| pem("CERTIFICATE", der)).collect();
        self.put("client-ca.pem", &all)
    }

    /// The file is replaced and not rewritten: whoever reads it meanwhile gets the whole old one.
    fn put(&self, name: &str, text: &str) -> Result<(), LaunchError> {
        let folder = self
            .folder()
            .map(|folder| folder.join("pki"))
            .ok_or_else(|| LaunchError::Pki("the deployment's files are not ours".to_owned()))?;
        let (fresh, path) = (folder.join(format!("{name}.new")), folder.join(name));
        std::fs::write(&fresh, text).map_err(LaunchError::file(&fresh))?;
        let put = |fresh: &Path, path: &Path| std::fs::rename(fresh, path);
        put(&fresh, &path).map_err(LaunchError::file(&path))
    }
}
