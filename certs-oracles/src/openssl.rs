//! The `openssl verify` command as a judge: what nginx, HAProxy, Apache and Python's ssl module do.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::process::Command;

use thiserror::Error;

use crate::{Answer, Question};

/// Why the command could not be asked.
#[derive(Debug, Error)]
pub enum OpensslError {
    /// The program is missing or its files could not be written.
    #[error("run openssl: {0}")]
    Io(#[from] io::Error),
}

/// Asks `openssl verify -purpose sslclient -crl_check_all`. A refusal is everything that it wrote to standard error.
///
/// # Errors
/// [`OpensslError::Io`] when the program or its files are not there; never because it refuses.
pub fn ask(question: &Question<'_>) -> Result<Answer, OpensslError> {
    let folder = tempfile::tempdir()?;
    let write = |name: &str, label: &str, blocks: &[Vec<u8>]| {
        let path = folder.path().join(name);
        fs::write(
            &path,
            blocks
                .iter()
                .map(|block| armour(label, block))
                .collect::<String>(),
        )
        .map(|()| path)
    };
    let (leaf, rest) = question.chain.split_at(question.chain.len().min(1));
    let mut command = Command::new("openssl");
    command.args([
        "verify",
        "-purpose",
        "sslclient",
        "-crl_check_all",
        "-no-CApath",
        "-no-CAstore",
    ]);
    command.arg("-attime").arg(question.time.to_string());
    command
        .arg("-CAfile")
        .arg(write("anchors.pem", "CERTIFICATE", question.anchors)?);
    command
        .arg("-CRLfile")
        .arg(write("crls.pem", "X509 CRL", question.crls)?);
    if !rest.is_empty() {
        command
            .arg("-untrusted")
            .arg(write("untrusted.pem", "CERTIFICATE", rest)?);
    }
    command.arg(write("leaf.pem", "CERTIFICATE", leaf)?);
    let output = command.env("OPENSSL_CONF", "/dev/null").output()?;
    if output.status.success() {
        Ok(Answer::Accepted)
    } else {
        Ok(Answer::Refused(
            String::from_utf8_lossy(&output.stderr).into_owned(),
        ))
    }
}

/// PEM by hand, so that bytes that are no DER at all get through too.
pub(crate) fn armour(label: &str, bytes: &[u8]) -> String {
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in base64(bytes).as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    // Writing to a String cannot fail.
    let _infallible = writeln!(text, "-----END {label}-----");
    text
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len() * 4 / 3 + 4);
    for chunk in bytes.chunks(3) {
        let octet = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let word = octet(0) << 16 | octet(1) << 8 | octet(2);
        for index in 0..4_u32 {
            let sextet = usize::try_from(word >> (18 - 6 * index) & 0x3f).unwrap_or(0);
            let letter = ALPHABET.get(sextet).copied().unwrap_or(b'=');
            let padding = usize::try_from(index).unwrap_or(0) > chunk.len();
            text.push(char::from(if padding { b'=' } else { letter }));
        }
    }
    text
}
