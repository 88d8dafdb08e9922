//! A deployment file and the files that it includes, as one text: a complaint still names the file and line that it is about.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::load::Folder;
use crate::complaint::{Complaint, did_you_mean};

/// The texts, one after the other.
#[derive(Debug)]
pub(super) struct Joined {
    text: String,
    parts: Vec<Part>,
}

#[derive(Debug)]
struct Part {
    path: PathBuf,
    range: Range<usize>,
}

/// The one key that is read before the texts can be joined.
#[derive(Deserialize)]
struct Includes {
    #[serde(default)]
    include: Vec<String>,
}

/// The files that a deployment file includes, as it names them.
///
/// # Errors
/// A [`Complaint`] where the file is no TOML.
pub fn includes(path: &Path, text: &str) -> Result<Vec<String>, Complaint> {
    let found: Includes = toml::from_str(text).map_err(|error| Complaint::toml(path, text, &error))?;
    Ok(found.include)
}

impl Joined {
    /// Joins `deployment.toml` of a folder, which stands at `path`, with what it includes.
    pub(super) fn read(path: &Path, folder: &Folder) -> Result<Self, Complaint> {
        let main = folder
            .get("deployment.toml")
            .ok_or_else(|| Complaint::whole(path, "no such file"))?;
        let mut joined = Self {
            text: String::new(),
            parts: Vec::new(),
        };
        joined.add(path.to_path_buf(), main);
        let parent = path.parent().unwrap_or(Path::new(""));
        for name in includes(path, main)? {
            let Some(text) = folder.get(&name) else {
                return Err(joined.at(
                    joined.place(&name),
                    format!("included file `{name}` is not there"),
                ));
            };
            let place = parent.join(&name);
            let first = text
                .lines()
                .map(str::trim_start)
                .find(|line| !line.is_empty() && !line.starts_with('#'));
            if !first.is_some_and(|line| line.starts_with('[')) {
                return Err(Complaint::at(
                    &place,
                    text,
                    0..0,
                    "an included file must begin with a table",
                ));
            }
            joined.add(place, text);
        }
        Ok(joined)
    }

    fn add(&mut self, path: PathBuf, text: &str) {
        let start = self.text.len();
        self.text.push_str(text);
        self.text.push('\n');
        self.parts.push(Part {
            path,
            range: start..self.text.len(),
        });
    }

    /// All of it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Where `word` stands first; nowhere is the beginning.
    pub(super) fn place(&self, word: &str) -> Range<usize> {
        self.text
            .find(word)
            .map_or(0..0, |start| start..start + word.len())
    }

    /// A complaint about a place, in the file that it belongs to.
    pub(super) fn at(&self, span: Range<usize>, message: impl Into<String>) -> Complaint {
        let part = self
            .parts
            .iter()
            .find(|part| part.range.contains(&span.start))
            .or(self.parts.last());
        let Some(part) = part else {
            return Complaint::whole(Path::new("deployment.toml"), message);
        };
        let text = self.text.get(part.range.clone()).unwrap_or_default();
        let start = span.start.saturating_sub(part.range.start);
        let end = span
            .end
            .min(part.range.end)
            .saturating_sub(part.range.start)
            .max(start);
        Complaint::at(&part.path, text, start..end, message)
    }

    /// A complaint about the deployment file as a whole.
    pub(super) fn whole(&self, message: impl Into<String>) -> Complaint {
        let path = self.parts.first().map_or(Path::new(""), |part| &part.path);
        Complaint::whole(path, message)
    }

    /// A TOML or type error, with the words that would have been taken.
    pub(super) fn toml(&self, error: &toml::de::Error) -> Complaint {
        let message = error.message().to_owned();
        let complaint = self.at(error.span().unwrap_or(0..0), message.clone());
        match crate::complaint::did_you_mean_from_serde(&message) {
            Some(help) => complaint.with_help(help),
            None => complaint,
        }
    }

    /// A complaint about a file that is named but not there.
    pub(super) fn missing(&self, what: &str, name: &str, folder: &Folder) -> Complaint {
        self.at(
            self.place(name),
            format!("{what} `{name}` does not stand beside the file"),
        )
        .with_help(did_you_mean(name, folder.keys().map(String::as_str)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(main: &str, included: &str) -> Folder {
        Folder::from([
            ("deployment.toml".to_owned(), main.to_owned()),
            ("../shared/facts.toml".to_owned(), included.to_owned()),
        ])
    }

    #[test]
    fn a_complaint_names_the_included_file_and_its_line() {
        let folder = folder(
            "name = \"x\"\ninclude = [\"../shared/facts.toml\"]\n[front]\nurl = \"u\"\n",
            "# Shared.\n[app]\nodd = 1\n",
        );
        let joined = Joined::read(Path::new("d/x/deployment.toml"), &folder).unwrap();
        let complaint = joined.at(joined.place("odd"), "unknown");
        assert_eq!(complaint.path, Path::new("d/x/../shared/facts.toml"));
        assert_eq!(complaint.line, 3);
        let complaint = joined.at(joined.place("url"), "unknown");
        assert_eq!(complaint.path, Path::new("d/x/deployment.toml"));
        assert_eq!(complaint.line, 4);
    }

    #[test]
    fn an_included_file_begins_with_a_table() {
        let folder = folder("include = [\"../shared/facts.toml\"]\n", "name = \"y\"\n");
        let complaint = Joined::read(Path::new("d/x/deployment.toml"), &folder).unwrap_err();
        assert!(complaint.message.contains("begin with a table"), "{complaint}");
    }

    #[test]
    fn an_included_file_that_is_not_there_is_named() {
        let folder = folder("include = [\"../shared/other.toml\"]\n", "[app]\n");
        let complaint = Joined::read(Path::new("d/x/deployment.toml"), &folder).unwrap_err();
        assert!(complaint.message.contains("../shared/other.toml"), "{complaint}");
    }
}
