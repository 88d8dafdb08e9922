//! Scenarios and deployments: those that come with the program, and those that the user names by path.
//!
//! The files are embedded when the program is built (`build.rs`), so that it works from any folder. What a user names is
//! looked up here and nowhere else; a word that names nothing is a [`Complaint`] with the words that would have.

mod gather;
mod named;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use globset::{Glob, GlobMatcher};

use crate::complaint::{Complaint, did_you_mean};
use crate::deployment::Deployment;
use crate::deployment::load::Folder;
use crate::scenario::{self, Scenario, ScenarioId};
use gather::{Disk, Embedded, gather};

include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

/// Largest input file that is read, bytes: what people write by hand is far below, a mistaken path may not be.
const LARGEST_FILE: u64 = 4 * 1024 * 1024;

/// Every scenario that comes with the program, by id.
///
/// # Errors
/// A [`Complaint`] where a file is not understood; a test keeps the shipped ones free of it.
pub fn scenarios() -> Result<Vec<Scenario>, Complaint> {
    scenario_files()
        .map(|(id, path, text)| scenario::load(id, &path, text))
        .collect()
}

/// Id, place in the repository and text of every scenario that comes with the program, by id.
pub fn scenario_files() -> impl Iterator<Item = (ScenarioId, PathBuf, &'static str)> {
    SCENARIOS.iter().map(|(place, text)| {
        let id = place.strip_suffix(".toml").unwrap_or(place);
        (
            ScenarioId(id.to_owned()),
            Path::new("scenarios").join(place),
            *text,
        )
    })
}

/// Names of the deployments that come with the program, sorted.
pub fn deployment_names() -> Vec<&'static str> {
    let names: BTreeSet<&str> = DEPLOYMENTS
        .iter()
        .filter_map(|(place, _)| place.strip_suffix("/deployment.toml"))
        .collect();
    names.into_iter().filter(|name| !name.contains('/')).collect()
}

/// The files of a deployment that comes with the program, by path relative to its folder; `None` where there is none of that
/// name.
///
/// # Errors
/// A [`Complaint`] where its deployment file is no TOML.
pub fn deployment_folder(name: &str) -> Result<Option<Folder>, Complaint> {
    let place = format!("{name}/deployment.toml");
    let Some((_, text)) = DEPLOYMENTS.iter().find(|(known, _)| *known == place) else {
        return Ok(None);
    };
    let shelf = Embedded {
        table: DEPLOYMENTS,
        name,
    };
    let path = Path::new("deployments").join(place);
    gather(&shelf, &path, (*text).to_owned()).map(Some)
}

/// The deployment that `argument` names: a name, `name+variant`, the path of a deployment file or of its folder; a path
/// takes `+variant` too.
///
/// # Errors
/// A [`Complaint`] where there is none of that name, or where its files are not understood.
pub fn deployment(argument: &str) -> Result<Deployment, Complaint> {
    if Path::new(argument).exists() && !deployment_names().contains(&argument) {
        return deployment_at(Path::new(argument));
    }
    let (base, variant) = match argument.rsplit_once('+') {
        Some((base, variant)) => (base, Some(variant)),
        None => (argument, None),
    };
    let deployment = match deployment_folder(base)? {
        Some(folder) => {
            let path = Path::new("deployments").join(base).join("deployment.toml");
            understood(base, &path, &folder)?
        }
        None if Path::new(base).exists() => deployment_at(Path::new(base))?,
        None => {
            return Err(
                Complaint::whole(Path::new(base), "no such deployment, and no such file").with_help(format!(
                    "{}; or the path of a deployment.toml",
                    did_you_mean(base, deployment_names())
                )),
            );
        }
    };
    match variant {
        Some(variant) => deployment.with_variant(variant),
        None => Ok(deployment),
    }
}

/// The deployment whose file or folder stands at `path`.
fn deployment_at(path: &Path) -> Result<Deployment, Complaint> {
    let (name, file, folder) = folder_at(path)?;
    understood(&name, &file, &folder)
}

fn understood(name: &str, file: &Path, folder: &Folder) -> Result<Deployment, Complaint> {
    let deployment = Deployment::from_folder(name, file, folder)?;
    named::check(&deployment, folder)?;
    Ok(deployment)
}

/// Everything that is wrong with a deployment's folder: one complaint for the deployment file, one for each variant.
/// Where the deployment file itself is not understood, its variants cannot be either, and are not looked at.
pub fn deployment_complaints(path: &Path) -> Vec<Complaint> {
    let (name, file, folder) = match folder_at(path) {
        Ok(found) => found,
        Err(complaint) => return vec![complaint],
    };
    let is_variant = |place: &str| place.starts_with("variants/");
    let base: Folder = folder
        .iter()
        .filter(|(place, _)| !is_variant(place))
        .map(|(place, text)| (place.clone(), text.clone()))
        .collect();
    if let Err(complaint) = understood(&name, &file, &base) {
        return vec![complaint];
    }
    let variants = folder.into_iter().filter(|(place, _)| is_variant(place));
    variants
        .filter_map(|variant| {
            let mut one = base.clone();
            one.extend([variant]);
            understood(&name, &file, &one).err()
        })
        .collect()
}

/// A deployment's name, the place of its file, and the texts that belong to it.
fn folder_at(path: &Path) -> Result<(String, PathBuf, Folder), Complaint> {
    let file = if path.is_dir() {
        path.join("deployment.toml")
    } else {
        path.to_path_buf()
    };
    let text = read(&file)?;
    let table: toml::Table = toml::from_str(&text).map_err(|error| Complaint::toml(&file, &text, &error))?;
    let name = table
        .get("name")
        .and_then(toml::Value::as_str)
        .unwrap_or("deployment")
        .to_owned();
    let shelf = Disk {
        folder: file.parent().unwrap_or(Path::new("")).to_path_buf(),
    };
    let folder = gather(&shelf, &file, text)?;
    Ok((name, file, folder))
}

/// The text of an input file.
///
/// # Errors
/// A [`Complaint`] where it cannot be read, is too large or is no UTF-8.
pub fn read(path: &Path) -> Result<String, Complaint> {
    let whole = |error: std::io::Error| Complaint::whole(path, error.to_string());
    let size = std::fs::metadata(path).map_err(whole)?.len();
    if size > LARGEST_FILE {
        return Err(Complaint::whole(
            path,
            format!("{size} bytes is more than an input file may have ({LARGEST_FILE})"),
        ));
    }
    std::fs::read_to_string(path).map_err(whole)
}

/// The scenario in a file outside the catalogue. Its id is what follows the last folder named `scenarios`, or the last two
/// parts of the path.
///
/// # Errors
/// A [`Complaint`] where the file is not understood.
pub fn scenario_at(path: &Path) -> Result<Scenario, Complaint> {
    let text = read(path)?;
    scenario::load(id_of(path), path, &text)
}

fn id_of(path: &Path) -> ScenarioId {
    let stem = path.with_extension("");
    let parts: Vec<String> = stem
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    let after = match parts.iter().rposition(|part| part == "scenarios") {
        Some(place) if place + 1 < parts.len() => place + 1,
        Some(_) | None => parts.len().saturating_sub(2),
    };
    ScenarioId(parts.get(after..).unwrap_or_default().join("/"))
}

/// Which scenarios a user asked for. Both lists empty: all of them.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    families: Vec<String>,
    globs: Vec<GlobMatcher>,
    files: Vec<PathBuf>,
}

impl Selection {
    /// The selection of `--scenario` (globs over ids, or paths of files) and `--family`.
    ///
    /// # Errors
    /// A [`Complaint`] for a family or a plain id that does not exist, and for a glob that is none. A glob with wildcards
    /// may match nothing: that shows as "nothing ran".
    pub fn new(scenarios: &[String], families: &[String]) -> Result<Self, Complaint> {
        let known: Vec<ScenarioId> = scenario_files().map(|(id, _, _)| id).collect();
        let known_families: BTreeSet<&str> = known.iter().map(ScenarioId::family).collect();
        for family in families {
            if !known_families.contains(family.as_str()) {
                return Err(
                    Complaint::whole(Path::new("--family"), format!("no family `{family}`"))
                        .with_help(did_you_mean(family, known_families.iter().copied())),
                );
            }
        }
        let mut selection = Self {
            families: families.to_vec(),
            ..Self::default()
        };
        for text in scenarios {
            if text.ends_with(".toml") {
                selection.files.push(PathBuf::from(text));
                continue;
            }
            let glob = Glob::new(text)
                .map_err(|error| Complaint::whole(Path::new("--scenario"), error.to_string()))?;
            let plain = !text.contains(['*', '?', '[', '{']);
            if plain && !known.iter().any(|id| id.0 == *text) {
                return Err(
                    Complaint::whole(Path::new("--scenario"), format!("no scenario `{text}`"))
                        .with_help(nearest_ids(text, &known)),
                );
            }
            selection.globs.push(glob.compile_matcher());
        }
        Ok(selection)
    }

    /// Is this scenario of the catalogue asked for?
    pub fn takes(&self, id: &ScenarioId) -> bool {
        let named = self.globs.iter().any(|glob| glob.is_match(&id.0));
        let all = self.globs.is_empty() && self.files.is_empty();
        let family = self.families.is_empty() || self.families.iter().any(|family| family == id.family());
        family && (named || all)
    }

    /// Nothing was left out.
    pub fn is_everything(&self) -> bool {
        self.families.is_empty() && self.globs.is_empty() && self.files.is_empty()
    }

    /// The scenarios themselves, by id. A file outside the catalogue takes the place of the shipped scenario of its id.
    ///
    /// # Errors
    /// A [`Complaint`] where a file is not understood.
    pub fn scenarios(&self) -> Result<Vec<Scenario>, Complaint> {
        let mut chosen = BTreeMap::new();
        for (id, path, text) in scenario_files().filter(|(id, _, _)| self.takes(id)) {
            chosen.insert(id.clone(), scenario::load(id, &path, text)?);
        }
        for file in &self.files {
            let scenario = scenario_at(file)?;
            chosen.insert(scenario.claim.id.clone(), scenario);
        }
        Ok(chosen.into_values().collect())
    }
}

/// The shipped scenario of an id, or that of a `.toml` file.
///
/// # Errors
/// A [`Complaint`] with the nearest ids where there is none.
pub fn scenario(id: &str) -> Result<Scenario, Complaint> {
    if id.ends_with(".toml") {
        return scenario_at(Path::new(id));
    }
    let id = id.split('#').next().unwrap_or_default();
    match scenario_files().find(|(known, _, _)| known.0 == id) {
        Some((id, path, text)) => scenario::load(id, &path, text),
        None => {
            let known: Vec<ScenarioId> = scenario_files().map(|(id, _, _)| id).collect();
            Err(Complaint::whole(Path::new(id), "no such scenario").with_help(nearest_ids(id, &known)))
        }
    }
}

/// A few ids near `text`: there are too many to list them all.
fn nearest_ids(text: &str, known: &[ScenarioId]) -> String {
    let mut near: Vec<(usize, &str)> = known
        .iter()
        .map(|id| (strsim::damerau_levenshtein(text, &id.0), id.0.as_str()))
        .collect();
    near.sort_unstable();
    let names: Vec<&str> = near.iter().take(3).map(|(_, id)| *id).collect();
    if names.is_empty() {
        "`gauntlet list` shows the ids".to_owned()
    } else {
        format!(
            "did you mean one of {}? `gauntlet list` shows all",
            names.join(", ")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_scenario_is_understood() {
        for (id, path, text) in scenario_files() {
            if let Err(complaint) = scenario::load(id, &path, text) {
                panic!("{complaint}\n{:?}", complaint.help);
            }
        }
    }

    #[test]
    fn every_shipped_deployment_and_variant_is_understood() {
        for name in deployment_names() {
            let hardened = deployment(name).unwrap_or_else(|complaint| panic!("{complaint}"));
            assert_eq!(hardened.name, name, "the folder's name is the deployment's");
            for variant in hardened.variants.keys() {
                let planted = deployment(&format!("{name}+{variant}"))
                    .unwrap_or_else(|complaint| panic!("{complaint}"));
                assert_eq!(
                    planted.variant.map(|variant| variant.name).as_ref(),
                    Some(variant)
                );
            }
        }
    }

    #[test]
    fn the_tables_are_sorted_by_path() {
        assert!(SCENARIOS.is_sorted_by(|left, right| left.0 < right.0));
        assert!(DEPLOYMENTS.is_sorted_by(|left, right| left.0 < right.0));
    }

    #[test]
    fn an_unknown_deployment_names_the_valid_ones() {
        let complaint = deployment("no-such-thing").expect_err("there is none");
        let help = complaint.help.unwrap_or_default();
        assert!(
            deployment_names().iter().all(|name| help.contains(name)),
            "{help}"
        );
        assert!(help.contains("deployment.toml"), "{help}");
    }

    #[test]
    fn an_id_is_the_path_below_scenarios() {
        assert_eq!(
            id_of(Path::new("/a/scenarios/certificate/expired.toml")).0,
            "certificate/expired"
        );
        assert_eq!(id_of(Path::new("mine/own.toml")).0, "mine/own");
        assert_eq!(id_of(Path::new("own.toml")).0, "own");
    }

    #[test]
    fn a_plain_id_must_exist_and_a_glob_need_not() {
        assert!(Selection::new(&["no/such-id".to_owned()], &[]).is_err());
        let none = Selection::new(&["no/such-*".to_owned()], &[]).expect("a glob");
        assert!(none.scenarios().expect("loads").is_empty());
        assert!(!none.is_everything());
    }

    #[test]
    fn an_unknown_family_is_refused() {
        assert!(Selection::new(&[], &["certifcate".to_owned()]).is_err());
    }

    #[test]
    fn a_glob_crosses_folders() {
        let selection = Selection::new(&["*expired*".to_owned()], &[]).expect("a glob");
        assert!(selection.takes(&ScenarioId("certificate/expired-intermediate".to_owned())));
        assert!(!selection.takes(&ScenarioId("certificate/future".to_owned())));
    }
}
