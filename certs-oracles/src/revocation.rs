//! The `openssl crl` and `openssl ocsp` commands: the one verifies the signature of a list, the other asks about a
//! certificate as nginx and Apache do, reads the answer and verifies its signer.
//!
//! `openssl ocsp` compares the dates of an answer with the machine's clock: a PKI whose answers it judges must be made
//! for the present.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::Answer;
use crate::openssl::{OpensslError, armour};

/// Whether the signature of a list verifies under a certificate.
///
/// # Errors
/// [`OpensslError::Io`] when the program or its files are not there; never because it refuses.
pub fn verify_list(crl: &[u8], issuer: &[u8]) -> Result<Answer, OpensslError> {
    let folder = tempfile::tempdir()?;
    let list = folder.path().join("list.pem");
    fs::write(&list, armour("X509 CRL", crl))?;
    let authority = folder.path().join("issuer.pem");
    fs::write(&authority, armour("CERTIFICATE", issuer))?;
    let output = Command::new("openssl")
        .args(["crl", "-noout", "-verify", "-CAfile"])
        .arg(authority)
        .arg("-in")
        .arg(list)
        .env("OPENSSL_CONF", "/dev/null")
        .output()?;
    // Its exit code is 0 in either case in OpenSSL 3.0.
    let words = words(&output);
    Ok(if words.contains("verify OK") {
        Answer::Accepted
    } else {
        Answer::Refused(words)
    })
}

/// Somebody who wants to know whether a client's certificate is revoked.
#[derive(Debug)]
pub struct Inquirer {
    folder: TempDir,
    leaf: PathBuf,
    issuer: PathBuf,
    anchors: PathBuf,
}

impl Inquirer {
    /// Asks about the first certificate of a chain, which the second one issued; trusts the anchors. All DER.
    ///
    /// # Errors
    /// [`OpensslError::Io`] when files cannot be written.
    pub fn new(chain: &[Vec<u8>], anchors: &[Vec<u8>]) -> Result<Self, OpensslError> {
        let folder = tempfile::tempdir()?;
        let write = |name: &str, certificates: &[Vec<u8>]| -> Result<PathBuf, OpensslError> {
            let text: String = certificates
                .iter()
                .map(|certificate| armour("CERTIFICATE", certificate))
                .collect();
            let path = folder.path().join(name);
            fs::write(&path, text)?;
            Ok(path)
        };
        let (leaf, rest) = chain.split_at(chain.len().min(1));
        Ok(Self {
            leaf: write("leaf.pem", leaf)?,
            issuer: write("issuer.pem", rest.split_at(rest.len().min(1)).0)?,
            anchors: write("anchors.pem", anchors)?,
            folder,
        })
    }

    /// The request that `openssl ocsp` would send, with a nonce.
    ///
    /// # Errors
    /// [`OpensslError::Io`] when the program cannot be run or writes no request.
    pub fn request(&self) -> Result<Vec<u8>, OpensslError> {
        let path = self.folder.path().join("request.der");
        self.command(None)
            .arg("-nonce")
            .arg("-reqout")
            .arg(&path)
            .output()?;
        Ok(fs::read(&path)?)
    }

    /// What it makes of a response to a request.
    ///
    /// # Errors
    /// [`OpensslError::Io`] when the program or its files are not there; never because it refuses.
    pub fn judge(&self, request: &[u8], response: &[u8]) -> Result<Answer, OpensslError> {
        let request_path = self.folder.path().join("request.der");
        fs::write(&request_path, request)?;
        let response_path = self.folder.path().join("response.der");
        fs::write(&response_path, response)?;
        // It reads no request when it is told of a certificate, and looks for no status when it is not: so it is asked
        // twice, about the nonce and about the status.
        let about_nonce = words(
            &openssl_ocsp(Some(&self.anchors))
                .args(["-no_nonce", "-reqin"])
                .arg(request_path)
                .arg("-respin")
                .arg(&response_path)
                .output()?,
        );
        if about_nonce.contains("Nonce Verify error") {
            return Ok(Answer::Refused(about_nonce));
        }
        let output = self
            .command(Some(&self.anchors))
            .arg("-no_nonce")
            .arg("-respin")
            .arg(response_path)
            .output()?;
        Ok(self.verdict(&output))
    }

    /// Asks a responder over HTTP by POST, as a foreign client, and waits `timeout` seconds at most.
    ///
    /// # Errors
    /// [`OpensslError::Io`] when the program is not there; never because it refuses or gets no answer.
    pub fn ask(&self, url: &str, timeout: u32) -> Result<Answer, OpensslError> {
        let output = self
            .command(Some(&self.anchors))
            .arg("-nonce")
            .arg("-timeout")
            .arg(timeout.to_string())
            .arg("-url")
            .arg(url)
            .output()?;
        Ok(self.verdict(&output))
    }

    fn command(&self, anchors: Option<&Path>) -> Command {
        let mut command = openssl_ocsp(anchors);
        command.arg("-issuer").arg(&self.issuer);
        command.arg("-cert").arg(&self.leaf);
        command
    }

    /// Accepted is what a server would build on: a verified response which says at this time that the certificate is
    /// good. The exit code alone does not tell.
    fn verdict(&self, output: &Output) -> Answer {
        let words = words(output);
        let good = format!("{}: good", self.leaf.display());
        let accepted = words.contains("Response verify OK")
            && words.contains(&good)
            && !words.contains("WARNING: Status times invalid");
        if accepted {
            Answer::Accepted
        } else {
            Answer::Refused(words)
        }
    }
}

fn openssl_ocsp(anchors: Option<&Path>) -> Command {
    let mut command = Command::new("openssl");
    command.args(["ocsp", "-no-CApath", "-no-CAstore"]);
    if let Some(anchors) = anchors {
        command.arg("-CAfile").arg(anchors);
    }
    command.env("OPENSSL_CONF", "/dev/null");
    command
}

fn words(output: &Output) -> String {
    [&output.stdout, &output.stderr]
        .map(|stream| String::from_utf8_lossy(stream).into_owned())
        .concat()
}
