//! The corpus: cases that behaved in a new way, one JSON file each, named by what it holds.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::CampaignError;
use super::case::Case;

/// Longest corpus file that is read, bytes.
const LONGEST: u64 = 1024 * 1024;

/// Most cases that are kept in memory to grow others from; the newest count.
pub(super) const MOST: usize = 4096;

/// All cases of a folder, in the order of their names. A folder that is not there holds none.
///
/// # Errors
/// [`CampaignError::File`] where it cannot be read, [`CampaignError::Corpus`] where a file is no case.
pub(super) fn load(folder: &Path) -> Result<Vec<Case>, CampaignError> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let entries = std::fs::read_dir(folder).map_err(CampaignError::file(folder))?;
    let mut paths: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
        .collect();
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let corpus = |why: String| CampaignError::Corpus {
            path: path.clone(),
            why,
        };
        let size = std::fs::metadata(&path)
            .map_err(CampaignError::file(&path))?
            .len();
        if size > LONGEST {
            return Err(corpus(format!("longer than {LONGEST} bytes")));
        }
        let text = std::fs::read_to_string(&path).map_err(CampaignError::file(&path))?;
        let case: Case = serde_json::from_str(&text).map_err(|error| corpus(error.to_string()))?;
        case.scenario("corpus")
            .map_err(|complaint| corpus(complaint.to_string()))?;
        cases.push(case);
    }
    Ok(cases)
}

/// Writes a case into the folder; the same case has the same name.
///
/// # Errors
/// [`CampaignError::File`] where it cannot be written.
pub(super) fn save(folder: &Path, case: &Case) -> Result<(), CampaignError> {
    std::fs::create_dir_all(folder).map_err(CampaignError::file(folder))?;
    let text = serde_json::to_string_pretty(case).map_err(|error| CampaignError::Corpus {
        path: folder.to_owned(),
        why: error.to_string(),
    })?;
    let digest = Sha256::digest(text.as_bytes());
    let name = digest
        .iter()
        .take(8)
        .fold(String::new(), |name, byte| format!("{name}{byte:02x}"));
    let path = folder.join(format!("{name}.json"));
    std::fs::write(&path, format!("{text}\n")).map_err(CampaignError::file(&path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_saved_is_loaded_and_what_is_no_case_is_named() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(load(&folder.path().join("none")).unwrap(), Vec::new());
        save(folder.path(), &Case::honest()).unwrap();
        save(folder.path(), &Case::honest()).unwrap();
        assert_eq!(load(folder.path()).unwrap(), vec![Case::honest()]);
        std::fs::write(folder.path().join("x.json"), "{}").unwrap();
        let error = load(folder.path()).unwrap_err().to_string();
        assert!(error.contains("x.json"), "{error}");
    }
}
