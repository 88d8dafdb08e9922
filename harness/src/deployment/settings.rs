//! Settings of a launched deployment: nested tables of values, and what a variant changes in them.

use super::launch_file::{Setting, Settings};

/// What is wrong with a variant's `set`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Mistake {
    /// The deployment has no such setting; the valid words at that place.
    Unknown { key: String, valid: Vec<String> },
    /// It is what the hardened deployment has.
    Same { key: String },
}

/// The first mistake in `set`, held against what the hardened deployment has.
pub(super) fn mistake(strict: &Settings, set: &Settings) -> Option<Mistake> {
    for (key, value) in set {
        let Some(before) = strict.get(key) else {
            return Some(Mistake::Unknown {
                key: key.clone(),
                valid: strict.keys().cloned().collect(),
            });
        };
        let found = match (before, value) {
            (Setting::Table(before), Setting::Table(value)) => mistake(before, value),
            (before, value) => (before == value).then(|| Mistake::Same { key: key.clone() }),
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Puts `set` into `settings`; tables are merged, all else is replaced.
pub(super) fn change(settings: &mut Settings, set: &Settings) {
    for (key, value) in set {
        match (settings.get_mut(key), value) {
            (Some(Setting::Table(table)), Setting::Table(changes)) => change(table, changes),
            (Some(_) | None, value) => {
                settings.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Settings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_nested_setting_is_changed_and_its_neighbours_stay() {
        let mut strict = settings("mode = 1\n[app]\nroles = \"check\"\nlogs = \"nothing\"\n");
        let set = settings("app.roles = \"presence\"\n");
        assert_eq!(mistake(&strict, &set), None);
        change(&mut strict, &set);
        assert_eq!(
            strict,
            settings("mode = 1\n[app]\nroles = \"presence\"\nlogs = \"nothing\"\n")
        );
    }

    #[test]
    fn an_unknown_or_unchanged_setting_is_a_mistake() {
        let strict = settings("[app]\nroles = \"check\"\n");
        assert_eq!(
            mistake(&strict, &settings("app.rules = 1")),
            Some(Mistake::Unknown {
                key: "rules".to_owned(),
                valid: vec!["roles".to_owned()]
            })
        );
        assert_eq!(
            mistake(&strict, &settings("app.roles = \"check\"")),
            Some(Mistake::Same {
                key: "roles".to_owned()
            })
        );
    }
}
