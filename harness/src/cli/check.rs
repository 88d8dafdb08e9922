//! `gauntlet check`: everything that is wrong with input files, without running anything.

use std::collections::BTreeSet;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use mtls_gauntlet::baseline::{Baseline, Exit};
use mtls_gauntlet::catalogue;
use mtls_gauntlet::complaint::Complaint;

use super::{CommandError, frame};

/// Which files.
#[derive(Debug, Clone, Args)]
pub(super) struct CheckArguments {
    /// Scenario files, deployment.toml files (or their folders), variants/NAME.toml files, baselines (.txt).
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl CheckArguments {
    /// Prints every complaint on stderr; exit 2 where there is one.
    pub(super) fn obey(&self) -> Result<Exit, CommandError> {
        let colour = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        // A variant's file and its deployment's may both be named: nothing is said twice.
        let mut said = BTreeSet::new();
        for complaint in self.files.iter().flat_map(|file| complaints(file)) {
            if said.insert(complaint.to_string()) {
                write!(io::stderr(), "{}", frame::render(&complaint, colour))?;
            }
        }
        if said.is_empty() {
            return Ok(Exit::Fine);
        }
        let plural = if said.len() == 1 { "" } else { "s" };
        writeln!(io::stderr(), "gauntlet: {} complaint{plural}", said.len())?;
        Ok(Exit::BadInput)
    }
}

/// What a file is follows from its place: a deployment is called `deployment.toml`, its variants stand under `variants/`,
/// a baseline ends in `.txt`. Everything else is a scenario.
fn complaints(file: &Path) -> Vec<Complaint> {
    if file.ends_with("deployment.toml") || file.is_dir() {
        return catalogue::deployment_complaints(file);
    }
    if let Some(deployment) = deployment_of_variant(file) {
        return variant_complaints(file, &deployment);
    }
    let outcome = if file.extension().is_some_and(|ending| ending == "txt") {
        catalogue::read(file)
            .and_then(|text| Baseline::parse(file, &text))
            .map(drop)
    } else {
        catalogue::scenario_at(file).map(drop)
    };
    outcome.err().into_iter().collect()
}

/// The deployment file that a variant's file belongs to.
fn deployment_of_variant(file: &Path) -> Option<PathBuf> {
    let folder = file
        .parent()
        .filter(|folder| folder.file_name().is_some_and(|name| name == "variants"))?;
    let deployment = folder.parent()?.join("deployment.toml");
    deployment.is_file().then_some(deployment)
}

/// Complaints of the variant, and of its deployment file: without that the variant means nothing.
fn variant_complaints(file: &Path, deployment: &Path) -> Vec<Complaint> {
    if let Err(complaint) = catalogue::read(file) {
        return vec![complaint];
    }
    let all = catalogue::deployment_complaints(deployment);
    all.into_iter()
        .filter(|complaint| complaint.path == file || !is_variant(&complaint.path))
        .collect()
}

fn is_variant(path: &Path) -> bool {
    path.parent().is_some_and(|folder| folder.ends_with("variants"))
}
