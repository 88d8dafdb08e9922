//! What describes the program itself: JSON schemas, shell completions, the manual page.

use std::io::{self, Write};

use clap::{Args, CommandFactory, ValueEnum};
use mtls_gauntlet::baseline::Exit;
use mtls_gauntlet::deployment::file::DeploymentFile;
use mtls_gauntlet::deployment::launch_file::VariantFile;
use mtls_gauntlet::event::Event;
use mtls_gauntlet::report::Report;
use mtls_gauntlet::report::compare::Document;
use mtls_gauntlet::scenario::ScenarioFile;

use super::CommandError;

/// Which schema.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// Scenario files.
    Scenario,
    /// deployment.toml.
    Deployment,
    /// variants/NAME.toml.
    Variant,
    /// The JSON report.
    Report,
    /// The JSON of `gauntlet compare`.
    Compare,
    /// One line of a recording (`--format jsonl`).
    Event,
}

/// Which schema.
#[derive(Debug, Clone, Args)]
pub(super) struct SchemaArguments {
    kind: Kind,
}

impl SchemaArguments {
    /// Prints a JSON schema, generated from the types that read the file.
    pub(super) fn obey(&self, out: &mut dyn Write) -> Result<Exit, CommandError> {
        let schema = match self.kind {
            Kind::Scenario => schemars::schema_for!(ScenarioFile),
            Kind::Deployment => schemars::schema_for!(DeploymentFile),
            Kind::Variant => schemars::schema_for!(VariantFile),
            Kind::Compare => schemars::schema_for!(Document),
            Kind::Report => schemars::schema_for!(Report),
            Kind::Event => schemars::schema_for!(Event),
        };
        serde_json::to_writer_pretty(&mut *out, &schema).map_err(io::Error::from)?;
        writeln!(out)?;
        Ok(Exit::Fine)
    }
}

/// For which shell.
#[derive(Debug, Clone, Args)]
pub(super) struct CompletionsArguments {
    shell: clap_complete::Shell,
}

impl CompletionsArguments {
    /// Prints a completion script.
    pub(super) fn obey(&self, out: &mut dyn Write) -> Result<Exit, CommandError> {
        let mut script = Vec::new();
        clap_complete::generate(
            self.shell,
            &mut super::Arguments::command(),
            "gauntlet",
            &mut script,
        );
        out.write_all(&script)?;
        Ok(Exit::Fine)
    }
}

/// Prints the manual page (roff).
pub(super) fn man(out: &mut dyn Write) -> Result<Exit, CommandError> {
    let mut page = Vec::new();
    clap_mangen::Man::new(super::Arguments::command()).render(&mut page)?;
    out.write_all(&page)?;
    Ok(Exit::Fine)
}
