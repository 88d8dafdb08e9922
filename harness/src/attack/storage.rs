//! Looks at private keys at rest.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::launch::Target;
use crate::observation::{Layer, Observation, Outcome};
use crate::scenario::step::StorageCheck;

/// Most bytes of a file that are read: keys and bundles are small.
const FILE_LIMIT: u64 = 1024 * 1024;

/// Looks at every private key that the deployment names.
pub(super) fn look(check: StorageCheck, target: &Target) -> Observation {
    let mut observation = Observation::new(Layer::App, Outcome::Granted);
    for path in target.private_keys() {
        match inspect(check, path, target) {
            Ok(None) => {}
            Ok(Some(violation)) => observation.violations.push(violation),
            Err(why) => {
                observation.outcome = Outcome::NotTried;
                observation
                    .evidence
                    .insert(0, format!("{}: {why}", path.display()));
            }
        }
    }
    if target.private_keys().is_empty() {
        observation.outcome = Outcome::NotTried;
        observation
            .evidence
            .push("the deployment names no private key".to_owned());
    }
    observation
}

fn inspect(check: StorageCheck, path: &Path, target: &Target) -> Result<Option<String>, String> {
    let metadata = std::fs::metadata(path).map_err(|error| error.to_string())?;
    match check {
        StorageCheck::Mode => {
            let mode = metadata.permissions().mode() & 0o777;
            Ok((mode & 0o077 != 0).then(|| {
                format!(
                    "{} has mode {mode:04o}: others than its owner can read it",
                    path.display()
                )
            }))
        }
        StorageCheck::CaKeyBeside => beside(path),
        StorageCheck::WebRoot => {
            let inside = target.web_roots().iter().find(|root| path.starts_with(root));
            Ok(inside.map(|root| format!("{} lies under the web root {}", path.display(), root.display())))
        }
    }
}

fn read(path: &Path) -> Result<String, String> {
    use std::io::Read;
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut text = Vec::new();
    file.take(FILE_LIMIT)
        .read_to_end(&mut text)
        .map_err(|error| error.to_string())?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// A private key of a CA in the same folder: a certificate that may sign others (RFC 5280 section 4.2.1.9), and its key.
fn beside(path: &Path) -> Result<Option<String>, String> {
    let folder = path.parent().ok_or_else(|| "it lies in no folder".to_owned())?;
    let entries = std::fs::read_dir(folder).map_err(|error| error.to_string())?;
    for entry in entries.take(1000).flatten() {
        let name = entry.file_name().to_string_lossy().to_lowercase();
        let other = entry.path();
        let names_a_ca =
            name.starts_with("ca") || name.contains("-ca") || name.contains("_ca") || name.contains("root");
        if other != path
            && names_a_ca
            && other.is_file()
            && read(&other).is_ok_and(|text| text.contains("PRIVATE KEY-----"))
        {
            return Ok(Some(format!(
                "the CA's private key {} lies beside {}",
                other.display(),
                path.display()
            )));
        }
    }
    Ok(None)
}
