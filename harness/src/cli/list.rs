//! `gauntlet list` and `gauntlet deployments`: what there is.

use std::io::{self, Write};

use clap::Args;
use mtls_gauntlet::baseline::Exit;
use mtls_gauntlet::catalogue::{self, Selection};
use mtls_gauntlet::scenario::vocabulary::Need;
use mtls_gauntlet::scenario::{Scenario, Severity};
use serde::Serialize;

use super::CommandError;

/// Which scenarios, how written.
#[derive(Debug, Clone, Args)]
pub(super) struct ListArguments {
    /// Only these scenarios: globs over ids, or paths of scenario files.
    #[arg(long, value_name = "GLOB|FILE")]
    scenario: Vec<String>,
    /// Only these families (the first part of the ids).
    #[arg(long)]
    family: Vec<String>,
    /// As one JSON array, for programs.
    #[arg(long)]
    json: bool,
}

/// A scenario in the JSON list.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    family: &'a str,
    title: &'a str,
    severity: Severity,
    cwe: &'a [u32],
    owasp_api: &'a [String],
    pci_dss: &'a [String],
    soc2: &'a [String],
    references: &'a [String],
    needs: &'a [Need],
    intrusive: bool,
    rows: usize,
}

impl<'a> Listed<'a> {
    fn of(scenario: &'a Scenario) -> Self {
        let Scenario {
            claim,
            path: _,
            needs,
            intrusive,
            alone: _,
            rows,
        } = scenario;
        Self {
            id: &claim.id.0,
            family: claim.id.family(),
            title: &claim.title,
            severity: claim.severity,
            cwe: &claim.cwe,
            owasp_api: &claim.owasp_api,
            pci_dss: &claim.pci_dss,
            soc2: &claim.soc2,
            references: &claim.references,
            needs,
            intrusive: *intrusive,
            rows: rows.len(),
        }
    }
}

impl ListArguments {
    /// Prints a line, or a JSON object, for each scenario.
    pub(super) fn obey(&self, out: &mut dyn Write) -> Result<Exit, CommandError> {
        let scenarios = Selection::new(&self.scenario, &self.family)?.scenarios()?;
        if self.json {
            let listed: Vec<Listed<'_>> = scenarios.iter().map(Listed::of).collect();
            serde_json::to_writer_pretty(&mut *out, &listed).map_err(io::Error::from)?;
            writeln!(out)?;
            return Ok(Exit::Fine);
        }
        let longest = scenarios
            .iter()
            .map(|scenario| scenario.claim.id.0.len())
            .max()
            .unwrap_or(0);
        for Scenario { claim, .. } in &scenarios {
            writeln!(
                out,
                "{:longest$}  {:8}  {}",
                claim.id.0,
                claim.severity.word(),
                claim.title
            )?;
        }
        Ok(Exit::Fine)
    }
}

/// Prints the deployments that come with the program, what they need, and their variants.
pub(super) fn deployments(out: &mut dyn Write) -> Result<Exit, CommandError> {
    for name in catalogue::deployment_names() {
        let deployment = catalogue::deployment(name)?;
        writeln!(out, "{name}  {}", deployment.file.says)?;
        let needs = deployment.file.launch.iter().flat_map(|launch| {
            let programs = launch.needs.iter().map(|need| need.package.as_str());
            let packages = programs.filter(|package| !package.is_empty()).map(str::to_owned);
            let environments = launch
                .environment
                .iter()
                .map(|environment| format!("Python packages ({})", environment.name));
            packages.chain(environments)
        });
        let needs: Vec<String> = needs.collect();
        if !needs.is_empty() {
            writeln!(out, "  needs {}", needs.join(", "))?;
        }
        for variant in deployment.variants.values() {
            writeln!(out, "  {name}+{}  {}", variant.name, variant.file.says)?;
        }
    }
    Ok(Exit::Fine)
}
