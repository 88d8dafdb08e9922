//! What a row leaves open and the deployment decides: one row for each backend, route, role or canary.

use super::names::Surroundings;
use crate::deployment::Facts;
use crate::scenario::step::Step;
use crate::scenario::vocabulary::{Canary, Endpoint, Need};

/// A row after the file-level lists (backends, roles, routes, canaries) have been drawn apart too.
#[derive(Clone)]
pub(super) struct Variety {
    pub(super) row: String,
    pub(super) step: Step,
    pub(super) backend: usize,
    pub(super) canary: Option<Canary>,
}
/// The rows that a row becomes on this deployment.
///
/// # Errors
/// The reason to skip.
pub(super) fn varieties(
    row: String,
    step: &Step,
    surroundings: &Surroundings<'_>,
) -> Result<Vec<Variety>, String> {
    let base = Variety {
        row,
        step: step.clone(),
        backend: 0,
        canary: None,
    };
    let mut all = vec![base];
    if step.to == Some(Endpoint::Backend) {
        if surroundings.setting.backends == 0 {
            return Err(Facts::reason_without(Need::Backend).to_owned());
        }
        if surroundings.setting.backends > 1 {
            all = spread(&all, &surroundings.setting.backend_labels, |variety, index, _| {
                variety.backend = index
            });
        }
    }
    if step
        .request
        .as_ref()
        .is_some_and(|request| request.route.as_deref() == Some("routes"))
    {
        let routes = surroundings.deployment.file.app.routes.clone();
        if routes.is_empty() {
            return Err("needs [app] routes".to_owned());
        }
        all = spread(&all, &routes, |variety, _, route| {
            variety.step.request.get_or_insert_default().route = Some(route.to_owned());
        });
    }
    if step.forge.as_ref().is_some_and(|forge| forge.each) {
        let (_, names) = surroundings.dialect()?;
        let mut roles: Vec<String> = vec!["all".to_owned()];
        roles.extend(names.iter().map(|(role, _)| role.word().to_owned()));
        all = spread(&all, &roles, |variety, _, role| {
            let forge = variety.step.forge.get_or_insert_default();
            forge.roles = if role == "all" {
                None
            } else {
                Some(vec![role.to_owned()])
            };
        });
    }
    if let Some(leak) = &step.leak {
        let words: Vec<String> = leak.plant.iter().map(|canary| canary.word().to_owned()).collect();
        all = spread(&all, &words, |variety, index, _| {
            variety.canary = leak.plant.get(index).copied()
        });
    }
    Ok(all)
}

fn spread(rows: &[Variety], labels: &[String], set: impl Fn(&mut Variety, usize, &str)) -> Vec<Variety> {
    let several = labels.len() > 1;
    rows.iter()
        .flat_map(|row| {
            labels
                .iter()
                .enumerate()
                .map(move |(index, label)| (row, index, label))
        })
        .map(|(row, index, label)| {
            let mut variety = row.clone();
            if several {
                variety.row = if row.row.is_empty() {
                    label.clone()
                } else {
                    format!("{}+{label}", row.row)
                };
            }
            set(&mut variety, index, label);
            variety
        })
        .collect()
}
