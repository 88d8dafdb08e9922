//! Everything that belongs to a deployment's folder: what its file names, and nothing else, since on disk it may stand among
//! anything. Files of shared folders (`../django/app.toml`) keep the name by which they are called.

use std::path::{Path, PathBuf};

use crate::complaint::Complaint;
use crate::deployment::joined::includes;
use crate::deployment::load::Folder;

/// Files that a copied folder may have: a mistaken path may lead to a tree of any size.
const MOST_FILES: usize = 500;
/// How deep folders may nest.
const DEEPEST: usize = 8;

/// Where texts come from: the program itself, or a disk.
pub(super) trait Shelf {
    /// The text of a file below the deployment's folder; `None` where there is none.
    fn text(&self, place: &str) -> Result<Option<String>, Complaint>;
    /// The files below a folder, as paths relative to the deployment's, sorted.
    fn below(&self, folder: &str) -> Result<Vec<String>, Complaint>;
}

/// Reads all that the deployment file `text`, which stands at `path`, names on this shelf.
pub(super) fn gather(shelf: &dyn Shelf, path: &Path, text: String) -> Result<Folder, Complaint> {
    let mut folder = Folder::new();
    let mut joined = text.clone();
    for name in includes(path, &text)? {
        if let Some(included) = shelf.text(&name)? {
            joined.push('\n');
            joined.push_str(&included);
            folder.insert(name, included);
        }
    }
    folder.insert("deployment.toml".to_owned(), text);
    // What is wrong with the joined text is said, with its place, by whoever loads the folder.
    let Ok(table) = toml::from_str::<toml::Table>(&joined) else {
        return Ok(folder);
    };
    let Some(launch) = table.get("launch") else {
        return Ok(folder);
    };
    let templates = launch.get("templates").and_then(toml::Value::as_array);
    let environments = launch.get("environment").and_then(toml::Value::as_array);
    let requirements = environments
        .into_iter()
        .flatten()
        .filter_map(|environment| environment.get("requirements"));
    let files = templates.into_iter().flatten().chain(requirements);
    for name in files.filter_map(toml::Value::as_str) {
        if let Some(text) = shelf.text(name)? {
            folder.insert(name.to_owned(), text);
        }
    }
    let copied = launch.get("folders").and_then(toml::Value::as_table);
    let copied = copied
        .into_iter()
        .flat_map(|table| table.values())
        .filter_map(toml::Value::as_str);
    for name in copied.chain(std::iter::once("variants")) {
        for place in shelf.below(name)? {
            if name == "variants" && !place.ends_with(".toml") {
                continue;
            }
            if let Some(text) = shelf.text(&place)? {
                folder.insert(place, text);
            }
        }
    }
    Ok(folder)
}

/// The deployments that are embedded in the program: a table of path and text, sorted, and the name of one of them.
pub(super) struct Embedded<'a> {
    pub(super) table: &'a [(&'static str, &'static str)],
    pub(super) name: &'a str,
}

impl Embedded<'_> {
    /// `../django/app.toml` seen from the deployment's folder, as it stands in the table.
    fn place(&self, relative: &str) -> String {
        let mut parts = vec![self.name];
        for part in relative.split('/') {
            match part {
                ".." => {
                    parts.pop();
                }
                "." | "" => {}
                part => parts.push(part),
            }
        }
        parts.join("/")
    }
}

impl Shelf for Embedded<'_> {
    fn text(&self, place: &str) -> Result<Option<String>, Complaint> {
        let place = self.place(place);
        let found = self
            .table
            .binary_search_by(|(known, _)| (*known).cmp(place.as_str()));
        let row = found.ok().and_then(|row| self.table.get(row));
        Ok(row.map(|(_, text)| (*text).to_owned()))
    }

    fn below(&self, folder: &str) -> Result<Vec<String>, Complaint> {
        let inside = format!("{}/", self.place(folder));
        let files = self
            .table
            .iter()
            .filter_map(|(place, _)| place.strip_prefix(&inside));
        Ok(files.map(|rest| format!("{folder}/{rest}")).collect())
    }
}

/// A deployment's folder on disk.
pub(super) struct Disk {
    pub(super) folder: PathBuf,
}

impl Shelf for Disk {
    fn text(&self, place: &str) -> Result<Option<String>, Complaint> {
        let path = self.folder.join(place);
        if path.is_file() {
            super::read(&path).map(Some)
        } else {
            Ok(None)
        }
    }

    fn below(&self, folder: &str) -> Result<Vec<String>, Complaint> {
        let mut places = Vec::new();
        let top = self.folder.join(folder);
        if top.is_dir() {
            collect(&top, folder, DEEPEST, &mut places)?;
        }
        places.sort();
        Ok(places)
    }
}

fn collect(path: &Path, place: &str, depth: usize, places: &mut Vec<String>) -> Result<(), Complaint> {
    let failed = |error: std::io::Error| Complaint::whole(path, error.to_string());
    if depth == 0 {
        return Err(Complaint::whole(
            path,
            "folders nest deeper than a deployment's may",
        ));
    }
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // What the program embeds leaves out the same: hidden files, compiled Python, documents.
        if name.starts_with('.') || name == "__pycache__" || name.ends_with('~') || name.ends_with(".md") {
            continue;
        }
        let inside = format!("{place}/{name}");
        if entry.file_type().map_err(failed)?.is_dir() {
            collect(&entry.path(), &inside, depth - 1, places)?;
        } else if places.len() < MOST_FILES {
            places.push(inside);
        } else {
            let message = format!("more than {MOST_FILES} files");
            return Err(Complaint::whole(path, message));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[(&str, &str)] = &[
        ("one/deployment.toml", ""),
        ("one/variants/x.toml", "x"),
        ("shared/app.toml", "a"),
        ("shared/project/inner/m.py", "m"),
        ("shared/project/n.py", "n"),
    ];
    const TEXT: &str =
        "include = [\"../shared/app.toml\"]\n[launch]\nfolders = { app = \"../shared/project\" }\n";

    #[test]
    fn shared_folders_are_found_beside_the_deployment() {
        let shelf = Embedded {
            table: TABLE,
            name: "one",
        };
        let folder = gather(&shelf, Path::new("one/deployment.toml"), TEXT.to_owned()).unwrap();
        let names: Vec<&str> = folder.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["../shared/app.toml", "deployment.toml"],
            "`a` is no TOML, so no further"
        );
        let shelf = Embedded {
            table: &[("one/variants/x.toml", "x"), ("shared/project/n.py", "n")],
            name: "one",
        };
        let text = TEXT.lines().skip(1).collect::<Vec<_>>().join("\n");
        let folder = gather(&shelf, Path::new("one/deployment.toml"), text).unwrap();
        let names: Vec<&str> = folder.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["../shared/project/n.py", "deployment.toml", "variants/x.toml"]
        );
    }

    #[test]
    fn a_disk_gives_the_same_as_the_table() {
        let top = tempfile::tempdir().unwrap();
        for (place, text) in TABLE {
            let path = top.path().join(place);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        std::fs::create_dir(top.path().join("shared/project/__pycache__")).unwrap();
        std::fs::write(top.path().join("shared/project/__pycache__/n.pyc"), [0xff]).unwrap();
        let disk = Disk {
            folder: top.path().join("one"),
        };
        let embedded = Embedded {
            table: TABLE,
            name: "one",
        };
        for folder in ["../shared/project", "variants", "nowhere"] {
            assert_eq!(disk.below(folder).unwrap(), embedded.below(folder).unwrap());
        }
        assert_eq!(disk.text("../shared/app.toml").unwrap().as_deref(), Some("a"));
    }
}
