//! Certificates, keys and CRLs read from PEM files.

use std::path::{Path, PathBuf};

use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};

use crate::error::StartError;

/// All certificates of a PEM file; at least one.
pub(crate) fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, StartError> {
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| refuse(path, &error.to_string()))?;
    if certificates.is_empty() {
        return Err(refuse(path, "it holds no certificate"));
    }
    Ok(certificates)
}

/// The private key of a PEM file.
pub(crate) fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, StartError> {
    PrivateKeyDer::from_pem_file(path).map_err(|error| refuse(path, &error.to_string()))
}

/// All CRLs of the PEM files.
pub(crate) fn revocation_lists(
    paths: &[PathBuf],
) -> Result<Vec<CertificateRevocationListDer<'static>>, StartError> {
    let mut lists = Vec::new();
    for path in paths {
        let before = lists.len();
        for list in CertificateRevocationListDer::pem_file_iter(path)
            .map_err(|error| refuse(path, &error.to_string()))?
        {
            lists.push(list.map_err(|error| refuse(path, &error.to_string()))?);
        }
        if lists.len() == before {
            return Err(refuse(path, "it holds no CRL"));
        }
    }
    Ok(lists)
}

/// The error for `path`.
pub(crate) fn refuse(path: &Path, what: &str) -> StartError {
    StartError::Pki {
        path: path.to_owned(),
        what: what.to_owned(),
    }
}
