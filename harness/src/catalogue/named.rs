//! The scenarios and rows that a deployment's files name: one that does not exist would be passed over without a word.

use std::path::Path;

use super::{nearest_ids, scenario_files};
use crate::complaint::{Complaint, did_you_mean};
use crate::deployment::Deployment;
use crate::deployment::load::Folder;
use crate::scenario::{self, ScenarioId};

/// The file of a deployment in its folder.
const FILE: &str = "deployment.toml";

/// Looks up every id under `[limits]` and under the `flips` of each variant.
pub(super) fn check(deployment: &Deployment, folder: &Folder) -> Result<(), Complaint> {
    let text = folder.get(FILE).map_or("", String::as_str);
    for name in deployment.file.limits.keys() {
        exists(name).map_err(|why| complaint(&deployment.path, text, name, "limits", &why))?;
    }
    for (variant, planted) in &deployment.variants {
        let place = format!("variants/{variant}.toml");
        let text = folder.get(&place).map_or("", String::as_str);
        for name in &planted.file.flips {
            let path = deployment.path.with_file_name(&place);
            exists(name).map_err(|why| complaint(&path, text, name, "flips", &why))?;
        }
    }
    Ok(())
}

/// What is wrong with a name, and what would be right.
struct Unknown {
    message: String,
    help: String,
}

fn complaint(path: &Path, text: &str, name: &str, table: &str, why: &Unknown) -> Complaint {
    let quoted = format!("\"{name}\"");
    let start = text.find(&quoted).unwrap_or(0);
    let end = (start + quoted.len()).min(text.len());
    Complaint::at(path, text, start..end, format!("{} in `{table}`", why.message)).with_help(why.help.clone())
}

fn exists(name: &str) -> Result<(), Unknown> {
    let (id, row) = match name.split_once('#') {
        Some((id, row)) => (id, Some(row)),
        None => (name, None),
    };
    let Some((found, path, text)) = scenario_files().find(|(known, _, _)| known.0 == id) else {
        let known: Vec<ScenarioId> = scenario_files().map(|(id, _, _)| id).collect();
        return Err(Unknown {
            message: format!("no scenario `{id}`"),
            help: nearest_ids(id, &known),
        });
    };
    let Some(row) = row else { return Ok(()) };
    // A shipped scenario that is not understood is another's complaint.
    let Ok(scenario) = scenario::load(found, &path, text) else {
        return Ok(());
    };
    let parts: Vec<&str> = scenario
        .rows
        .iter()
        .flat_map(|known| known.name.split('+'))
        .collect();
    if parts.contains(&row) {
        return Ok(());
    }
    Err(Unknown {
        message: format!("no row `{row}` of {id}"),
        help: did_you_mean(row, parts),
    })
}

#[cfg(test)]
mod tests {
    use crate::catalogue::{deployment, deployment_folder, deployment_names};
    use crate::deployment::Deployment;

    fn checked(change: impl Fn(&mut Deployment)) -> Result<(), crate::complaint::Complaint> {
        let folder = deployment_folder("embedded").expect("TOML").expect("it ships");
        let mut found = deployment("embedded").expect("it is understood");
        change(&mut found);
        super::check(&found, &folder)
    }

    #[test]
    fn an_id_or_a_row_that_does_not_exist_is_named_with_its_neighbours() {
        let limit = |name: &str| {
            checked(|found| {
                found.file.limits.insert(name.to_owned(), "why".to_owned());
            })
        };
        assert!(limit("certificate/expired").is_ok());
        let id = limit("certificate/expird").expect_err("no such scenario");
        assert!(
            id.to_string().contains("no scenario `certificate/expird`"),
            "{id}"
        );
        assert!(id.help.unwrap_or_default().contains("certificate/expired"));
        let row = limit("certificate/expired#expired-1-dya").expect_err("no such row");
        assert!(row.to_string().contains("no row `expired-1-dya`"), "{row}");
        assert!(row.help.unwrap_or_default().contains("expired-1-day"));
    }

    #[test]
    fn a_variant_that_lists_what_does_not_exist_is_refused() {
        let error = checked(|found| {
            let variant = found.variants.values_mut().next().expect("it has some");
            variant.file.flips.push("certificate/expird".to_owned());
        });
        let error = error.expect_err("no such scenario");
        assert!(error.path.to_string_lossy().contains("variants/"), "{error}");
    }

    #[test]
    fn the_shipped_ones_name_what_exists() {
        for name in deployment_names() {
            let folder = deployment_folder(name).expect("TOML").expect("it ships");
            let found = deployment(name).expect("it is understood");
            super::check(&found, &folder).unwrap_or_else(|complaint| panic!("{complaint}"));
        }
    }
}
