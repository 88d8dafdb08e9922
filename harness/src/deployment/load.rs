//! Reads a deployment's folder: the file, its templates and its planted variants.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::facts::Facts;
use super::file::DeploymentFile;
use super::joined::Joined;
use super::launch_file::{LaunchFile, VariantFile};
use super::settings::{self, Mistake};
use crate::complaint::{Complaint, did_you_mean};

/// A deployment, ready to be started or to be attacked where it is.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// The name by which it was asked for, with `+variant`.
    pub name: String,
    /// Where the file stands, for messages and relative paths.
    pub path: PathBuf,
    /// The file, with the variant's settings put in.
    pub file: DeploymentFile,
    /// The texts of the templates that the file names, by the file name that they get.
    pub templates: BTreeMap<String, String>,
    /// The files of the folders that are copied as they are, by path in the run's folder.
    pub copies: BTreeMap<String, String>,
    /// The requirements of each Python environment, by its name.
    pub requirements: BTreeMap<String, String>,
    /// What the file lets one try.
    pub facts: Facts,
    /// The planted misconfigurations that stand beside it.
    pub variants: BTreeMap<String, Variant>,
    /// The one that is planted.
    pub variant: Option<Variant>,
}

/// A planted misconfiguration.
#[derive(Debug, Clone)]
pub struct Variant {
    /// The file's stem.
    pub name: String,
    /// What it says.
    pub file: VariantFile,
}

/// The files of a deployment's folder, by path relative to it (`deployment.toml`, `nginx.conf`, `variants/x.toml`), and those
/// of shared folders that it names (`../django/app.toml`).
pub type Folder = BTreeMap<String, String>;

impl Deployment {
    /// Reads a folder. `path` is where its deployment file stands.
    ///
    /// # Errors
    /// A [`Complaint`] for whatever is not understood, in any file of the folder.
    pub fn from_folder(name: &str, path: &Path, folder: &Folder) -> Result<Self, Complaint> {
        let joined = Joined::read(path, folder)?;
        let mut file: DeploymentFile = toml::from_str(joined.text()).map_err(|error| joined.toml(&error))?;
        if let Some(launch) = &mut file.launch {
            adjust(&joined, launch)?;
        }
        check(&joined, &file)?;
        let parent = path.parent().unwrap_or(Path::new(""));
        let (mut templates, mut copies) = (BTreeMap::new(), BTreeMap::new());
        let (mut requirements, mut variants) = (BTreeMap::new(), BTreeMap::new());
        if let Some(launch) = &file.launch {
            for template in &launch.templates {
                let content = folder
                    .get(template)
                    .ok_or_else(|| joined.missing("template", template, folder))?;
                let name = template.rsplit('/').next().unwrap_or(template);
                templates.insert(name.to_owned(), content.clone());
            }
            for environment in &launch.environment {
                let name = &environment.requirements;
                let content = folder
                    .get(name)
                    .ok_or_else(|| joined.missing("requirements file", name, folder))?;
                requirements.insert(environment.name.clone(), content.clone());
            }
            for (name, from) in &launch.folders {
                let inside = format!("{from}/");
                let before = copies.len();
                for (place, content) in folder.range(inside.clone()..) {
                    let Some(rest) = place.strip_prefix(&inside) else {
                        break;
                    };
                    copies.insert(format!("{name}/{rest}"), content.clone());
                }
                if copies.len() == before {
                    return Err(joined.missing("folder", from, folder));
                }
            }
            for (place, content) in folder.range("variants/".to_owned()..) {
                let Some(stem) = place
                    .strip_prefix("variants/")
                    .and_then(|rest| rest.strip_suffix(".toml"))
                else {
                    continue;
                };
                let variant = load_variant(&parent.join(place), content, launch)?;
                variants.insert(
                    stem.to_owned(),
                    Variant {
                        name: stem.to_owned(),
                        file: variant,
                    },
                );
            }
        }
        let facts = Facts::of(&file);
        Ok(Self {
            name: name.to_owned(),
            path: path.to_path_buf(),
            file,
            templates,
            copies,
            requirements,
            facts,
            variants,
            variant: None,
        })
    }

    /// The same deployment with one misconfiguration planted.
    ///
    /// # Errors
    /// A [`Complaint`] that lists the variants where there is none of that name.
    pub fn with_variant(mut self, name: &str) -> Result<Self, Complaint> {
        let Some(variant) = self.variants.get(name).cloned() else {
            return Err(
                Complaint::whole(&self.path, format!("no variant `{name}` of `{}`", self.name))
                    .with_help(did_you_mean(name, self.variants.keys().map(String::as_str))),
            );
        };
        if let Some(launch) = &mut self.file.launch {
            settings::change(&mut launch.settings, &variant.file.set);
        }
        if let Some(spoken) = &variant.file.tls_versions {
            self.file.front.tls_versions = Some(spoken.clone());
            self.facts = Facts::of(&self.file);
        }
        self.name = format!("{}+{name}", self.name);
        self.variant = Some(variant);
        Ok(self)
    }

    /// A user's entry; `None` for nobody of that name.
    pub fn user(&self, name: &str) -> Option<&super::file::UserFile> {
        self.file.users.get(name)
    }

    /// What the app shows as the identity of a user.
    pub fn shown_as(&self, user: &str) -> String {
        self.user(user)
            .and_then(|entry| entry.shown_as.clone())
            .unwrap_or_else(|| user.to_owned())
    }
}

/// Puts `[launch.adjust]` into the settings.
fn adjust(joined: &Joined, launch: &mut LaunchFile) -> Result<(), Complaint> {
    match settings::mistake(&launch.settings, &launch.adjust) {
        Some(Mistake::Unknown { key, valid }) => {
            let complaint = joined.at(joined.place("[launch.adjust"), format!("unknown setting `{key}`"));
            Err(complaint.with_help(did_you_mean(&key, valid.iter().map(String::as_str))))
        }
        Some(Mistake::Same { key }) => {
            let message = format!("setting `{key}` is so already");
            Err(joined.at(joined.place("[launch.adjust"), message))
        }
        None => {
            let changes = launch.adjust.clone();
            settings::change(&mut launch.settings, &changes);
            Ok(())
        }
    }
}

fn load_variant(path: &Path, text: &str, launch: &LaunchFile) -> Result<VariantFile, Complaint> {
    let variant: VariantFile = toml::from_str(text).map_err(|error| Complaint::toml(path, text, &error))?;
    let place = |word: &str| text.find(word).map_or(0..0, |start| start..start + word.len());
    match settings::mistake(&launch.settings, &variant.set) {
        Some(Mistake::Unknown { key, valid }) => {
            return Err(
                Complaint::at(path, text, place(&key), format!("unknown setting `{key}`"))
                    .with_help(did_you_mean(&key, valid.iter().map(String::as_str))),
            );
        }
        Some(Mistake::Same { key }) => {
            let message = format!("setting `{key}` is what the hardened deployment has");
            return Err(Complaint::at(path, text, place(&key), message));
        }
        None => {}
    }
    if variant.set.is_empty() {
        return Err(Complaint::whole(
            path,
            "a variant that sets nothing plants nothing",
        ));
    }
    Ok(variant)
}

fn check(joined: &Joined, file: &DeploymentFile) -> Result<(), Complaint> {
    if !file.users.contains_key("alice") {
        return Err(joined.whole("no [users.alice]").with_help(
            "alice is the honest client of every control: say under which subject she is enrolled",
        ));
    }
    let ways = [
        file.pki.generate,
        file.pki.issuer.is_some(),
        !file.pki.credentials.is_empty(),
    ];
    if !ways.contains(&true) {
        return Err(joined
            .at(
                joined.place("[pki]"),
                "[pki] names no way to get alice's certificate",
            )
            .with_help(
                "one of: generate = true, issuer = { cert, key }, credentials.alice = { cert, key }",
            ));
    }
    if file.pki.generate && file.launch.is_none() {
        return Err(joined
            .at(joined.place("generate"), "generate = true needs [launch]")
            .with_help(
                "a running deployment cannot know a CA that is made now; name its test CA as `issuer`",
            ));
    }
    let tap = file.launch.as_ref().and_then(|launch| launch.tap.as_ref());
    if tap.is_some_and(|tap| tap.mutual && !tap.tls) {
        return Err(joined
            .at(
                joined.place("mutual"),
                "[launch.tap] mutual = true needs tls = true",
            )
            .with_help("a proxy shows its own certificate only to an app that speaks TLS"));
    }
    if let Some(identity) = &file.identity {
        let dialect = client_identity::dialect::dialect(&identity.dialect).map_err(|error| {
            let names: Vec<&str> = client_identity::dialect::DIALECTS
                .iter()
                .map(|dialect| dialect.name())
                .collect();
            joined
                .at(joined.place(&identity.dialect), error.to_string())
                .with_help(did_you_mean(&identity.dialect, names))
        })?;
        header_names(identity, dialect).map_err(|message| joined.at(joined.place("[identity]"), message))?;
    }
    if !file.front.url.starts_with("https://") {
        return Err(joined.at(
            joined.place(&file.front.url),
            "front.url must be https://host:port",
        ));
    }
    let routes = [
        Some(&file.app.protected),
        file.app.public.as_ref(),
        file.app.admin.as_ref(),
    ];
    for route in routes.into_iter().flatten() {
        if !route.path.starts_with('/') {
            return Err(joined.at(joined.place(&route.path), "a route's path must begin with `/`"));
        }
    }
    Ok(())
}

/// The header names of an `[identity]` table: the operator's, where it names any; else the dialect's own.
///
/// # Errors
/// What is wrong with a role or a name, with the valid roles.
pub fn header_names(
    identity: &super::file::IdentityFile,
    dialect: &dyn client_identity::dialect::Dialect,
) -> Result<client_identity::dialect::HeaderNames, String> {
    use client_identity::dialect::{HeaderNames, Role};
    if identity.headers.is_empty() {
        return Ok(HeaderNames::defaults(dialect));
    }
    let mut names = HeaderNames::none(dialect);
    for (word, name) in &identity.headers {
        let role: Role = word.parse().map_err(|error| {
            let roles: Vec<&str> = dialect.roles().iter().map(|spec| spec.role.word()).collect();
            format!("{error}; {}", did_you_mean(word, roles))
        })?;
        names = names.with(role, name).map_err(|error| error.to_string())?;
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The complaint about the embedded deployment with `from` made `to` in one of its files.
    fn complaint(file: &str, from: &str, to: &str) -> String {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deployments/embedded");
        let mut folder = Folder::new();
        for name in [
            "deployment.toml",
            "app.toml",
            "proxy.toml",
            "variants/hsts-forgotten.toml",
        ] {
            let text = std::fs::read_to_string(root.join(name)).unwrap();
            if name == file {
                assert!(text.contains(from), "{file} has no `{from}`");
                folder.insert(name.to_owned(), text.replace(from, to));
            } else {
                folder.insert(name.to_owned(), text);
            }
        }
        let read = Deployment::from_folder("embedded", Path::new("deployment.toml"), &folder);
        read.err().unwrap().to_string()
    }

    #[test]
    fn a_key_that_would_mean_nothing_is_refused() {
        let said = complaint("deployment.toml", "tls = true, mutual = true", "mutual = true");
        assert!(said.contains("mutual = true needs tls = true"), "{said}");
    }

    #[test]
    fn a_variant_sets_what_there_is_and_is_otherwise() {
        let variant = "variants/hsts-forgotten.toml";
        let said = complaint(variant, "proxy-hsts = \"off\"", "proxy-hts = \"off\"");
        assert!(said.contains("unknown setting `proxy-hts`"), "{said}");
        let said = complaint(variant, "proxy-hsts = \"off\"", "proxy-hsts = \"on\"");
        assert!(said.contains("is what the hardened deployment has"), "{said}");
        let said = complaint(variant, "{ proxy-hsts = \"off\" }", "{}");
        assert!(said.contains("plants nothing"), "{said}");
    }
}
