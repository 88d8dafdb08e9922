//! Files that people and programs write for `gauntlet`: scenarios, deployments, recordings.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use mtls_gauntlet::complaint::Complaint;
use mtls_gauntlet::deployment::load::{Deployment, Folder};
use mtls_gauntlet::report::{self, Format, Look};
use mtls_gauntlet::scenario::{self, ScenarioId};

use crate::effort::linear;

/// A key that no file has.
const UNKNOWN: &str = "no-such-key = 1\n";
/// Between the files of a deployment's folder: a NUL, the name, a line end.
const FILE: char = '\0';

/// A scenario file.
///
/// # Panics
/// Where it loads with too many rows or an unknown key, or the complaint points outside the file.
pub fn scenario(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let load =
        |text: &str| scenario::load(ScenarioId("fuzz/input".to_owned()), Path::new("input.toml"), text);
    match linear(text.len(), || load(text)) {
        Ok(scenario) => {
            assert!(!scenario.rows.is_empty(), "a scenario that tries nothing");
            assert!(
                scenario.rows.len() <= scenario::matrix::MOST_ROWS,
                "{} rows",
                scenario.rows.len()
            );
            assert!(
                load(&format!("{UNKNOWN}{text}")).is_err(),
                "an unknown key is taken"
            );
        }
        Err(complaint) => points_into(&complaint, text),
    }
}

/// A deployment's folder: the deployment file; after a NUL each, the names of further files and their texts.
///
/// # Panics
/// Where it loads with an unknown key, or the complaint points outside its file.
pub fn deployment(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut files = text.split(FILE);
    let first = files.next().unwrap_or_default();
    let others: Folder = files
        .filter_map(|file| file.split_once('\n'))
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect();
    let load = |text: &str| {
        let mut folder = others.clone();
        folder.insert("deployment.toml".to_owned(), text.to_owned());
        Deployment::from_folder("fuzz", Path::new("fuzz/deployment.toml"), &folder)
    };
    match linear(text.len(), || load(first)) {
        Ok(_) => assert!(
            load(&format!("{UNKNOWN}{first}")).is_err(),
            "an unknown key is taken"
        ),
        Err(complaint) => points_into(&complaint, &complaint.text),
    }
}

/// What a renderer relies on: the place lies in the text, between characters.
fn points_into(complaint: &Complaint, text: &str) {
    let shown = complaint.text.get(complaint.span.clone());
    assert!(
        shown.is_some(),
        "the complaint's place {:?} is not in its text",
        complaint.span
    );
    let lines = text.matches('\n').count() + 1;
    assert!(
        (1..=lines).contains(&complaint.line),
        "line {} of {lines}",
        complaint.line
    );
    assert!(!complaint.message.is_empty(), "a complaint without a word");
}

/// Where a reporter of these tests writes to.
#[derive(Debug, Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .map_or(Err(io::ErrorKind::Other.into()), |mut page| {
                page.extend_from_slice(bytes);
                Ok(bytes.len())
            })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A recording of a run.
///
/// # Panics
/// Where it does not read as it was written, or a reporter lets through what a terminal would obey.
pub fn recording(bytes: &[u8]) {
    let Ok(events) = linear(bytes.len(), || report::read(bytes)) else {
        return;
    };
    for format in Format::ALL {
        let page = Page::default();
        let mut reporter = format.listener(Box::new(page.clone()), Look::PLAIN);
        for event in &events {
            // A reporter that cannot write says so; this one always can.
            assert!(reporter.hear(event).is_ok(), "{format:?} fails");
        }
        drop(reporter);
        let page = page.0.lock().map(|page| page.clone()).unwrap_or_default();
        match format.word() {
            "jsonl" => {
                let again = report::read(page.as_slice());
                assert_eq!(
                    again.ok().as_ref(),
                    Some(&events),
                    "what is written is not read again"
                );
            }
            "json" => {
                let report = serde_json::from_slice::<report::Report>(&page);
                assert!(page.is_empty() || report.is_ok(), "{report:?}");
            }
            _ => {}
        }
        let text = String::from_utf8_lossy(&page);
        let obeyed = text
            .chars()
            .find(|letter| letter.is_control() && *letter != '\n' && *letter != '\t');
        assert_eq!(obeyed, None, "{format} lets a control character through");
    }
}
