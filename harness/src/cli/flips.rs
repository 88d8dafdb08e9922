//! `gauntlet flips`: which scenarios each planted misconfiguration turns from pass to fail, held against what its file says.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use clap::Args;
use globset::Glob;
use mtls_gauntlet::baseline::Exit;
use mtls_gauntlet::catalogue;
use mtls_gauntlet::complaint::Complaint;
use mtls_gauntlet::deployment::Deployment;
use mtls_gauntlet::event::Event;
use mtls_gauntlet::judge::{Verdict, VerdictKind};
use mtls_gauntlet::run::{self, Options};
use mtls_gauntlet::scenario::Scenario;

use super::CommandError;
use super::run::{default_jobs, now};

/// Which deployment, which variants.
#[derive(Debug, Clone, Args)]
pub(super) struct FlipsArguments {
    /// A deployment with variants beside it.
    deployment: String,
    /// Only these variants.
    #[arg(long, default_value = "*", value_name = "GLOB")]
    variant: String,
    /// Write what was seen into the variants' files under ./deployments.
    #[arg(long)]
    write: bool,
}

type Verdicts = BTreeMap<String, Verdict>;

impl FlipsArguments {
    /// Runs the hardened deployment, then each variant; exit 1 where a variant flips other scenarios than its file lists.
    pub(super) fn obey(&self, out: &mut dyn Write) -> Result<Exit, CommandError> {
        let deployment = catalogue::deployment(&self.deployment)?;
        let scenarios = catalogue::Selection::default().scenarios()?;
        let glob = Glob::new(&self.variant)
            .map_err(|error| Complaint::whole(Path::new("--variant"), error.to_string()))?
            .compile_matcher();
        let hardened = verdicts(&deployment, &scenarios)?;
        let mut differ = false;
        for (id, verdict) in hardened
            .iter()
            .filter(|(_, verdict)| verdict.kind != VerdictKind::Pass)
        {
            writeln!(
                out,
                "{}: {} {id}: {}",
                deployment.name, verdict.kind, verdict.reason
            )?;
            differ |= verdict.kind != VerdictKind::Skipped;
        }
        let mut caught: BTreeSet<String> = BTreeSet::new();
        for name in deployment.variants.keys().filter(|name| glob.is_match(name)) {
            let planted = deployment.clone().with_variant(name)?;
            let seen = verdicts(&planted, &scenarios)?;
            let listed: BTreeSet<String> = planted
                .variant
                .iter()
                .flat_map(|variant| variant.file.flips.iter().cloned())
                .collect();
            let flipped: BTreeSet<String> = changed(&hardened, &seen, VerdictKind::Fail);
            writeln!(
                out,
                "{name}: {}",
                flipped.iter().cloned().collect::<Vec<_>>().join(" ")
            )?;
            let hides = planted
                .variant
                .iter()
                .flat_map(|variant| variant.file.hides.keys().cloned())
                .collect::<BTreeSet<_>>();
            let mut hidden = changed(&hardened, &seen, VerdictKind::Inconclusive);
            hidden.extend(changed(&hardened, &seen, VerdictKind::Skipped));
            for id in hidden.difference(&hides) {
                let verdict = seen
                    .get(id)
                    .map(|verdict| format!("{}: {}", verdict.kind, verdict.reason));
                writeln!(
                    out,
                    "  can no longer be tried, and not under `hides`: {id}: {}",
                    verdict.unwrap_or_default()
                )?;
            }
            for id in hides.difference(&hidden) {
                writeln!(out, "  under `hides`, but tried: {id}")?;
            }
            differ |= hides != hidden;
            for id in listed.difference(&flipped) {
                writeln!(out, "  listed, but not seen: {id}")?;
            }
            for id in flipped.difference(&listed) {
                writeln!(out, "  seen, but not listed: {id}")?;
            }
            if flipped.is_empty() {
                writeln!(out, "  caught by nothing")?;
            }
            differ |= listed != flipped || flipped.is_empty();
            if self.write {
                write_flips(&self.deployment, name, &flipped)?;
            }
            caught.extend(flipped);
            out.flush()?;
        }
        let elsewhere = caught_elsewhere()?;
        for id in hardened
            .keys()
            .filter(|id| !caught.contains(*id) && !elsewhere.contains(*id))
        {
            writeln!(out, "no variant fails {id}")?;
            differ |= self.variant == "*";
        }
        Ok(if differ { Exit::Fail } else { Exit::Fine })
    }
}

/// Scenarios that a variant of any shipped deployment lists: a fault that only another server can have is shown there.
fn caught_elsewhere() -> Result<BTreeSet<String>, CommandError> {
    let mut listed = BTreeSet::new();
    for name in catalogue::deployment_names() {
        let variants = catalogue::deployment(name)?.variants;
        listed.extend(variants.into_values().flat_map(|variant| variant.file.flips));
    }
    Ok(listed)
}

/// Scenarios that pass on the hardened deployment and are `kind` here.
fn changed(hardened: &Verdicts, seen: &Verdicts, kind: VerdictKind) -> BTreeSet<String> {
    let passed = hardened
        .iter()
        .filter(|(_, verdict)| verdict.kind == VerdictKind::Pass);
    let now = passed.filter(|(id, _)| seen.get(*id).is_some_and(|verdict| verdict.kind == kind));
    now.map(|(id, _)| id.clone()).collect()
}

fn verdicts(deployment: &Deployment, scenarios: &[Scenario]) -> Result<Verdicts, CommandError> {
    let options = Options {
        seed: 1,
        jobs: default_jobs(),
        timeout: Duration::from_secs(5),
        deadline: None,
        shard: None,
        authorized: Vec::new(),
        intrusive: false,
        stop: std::sync::Arc::default(),
        now: now(),
    };
    let mut verdicts = Verdicts::new();
    run::run(deployment, scenarios, &options, &mut |event| {
        if let Event::ScenarioFinished(result) = event {
            verdicts.insert(result.claim.id.0, result.verdict);
        }
    })
    .map_err(CommandError::Run)?;
    Ok(verdicts)
}

/// Replaces the `flips` list, which stands last in a variant's file.
fn write_flips(deployment: &str, variant: &str, flips: &BTreeSet<String>) -> Result<(), CommandError> {
    let path = Path::new("deployments")
        .join(deployment)
        .join("variants")
        .join(format!("{variant}.toml"));
    let text = catalogue::read(&path)?;
    let failed = |source: io::Error| CommandError::File {
        path: path.clone(),
        source,
    };
    let Some(start) = text.find("flips") else {
        return Err(Complaint::whole(&path, "no `flips` key").into());
    };
    let head = text.get(..start).unwrap_or_default();
    let lines: String = flips.iter().map(|id| format!("    \"{id}\",\n")).collect();
    std::fs::write(&path, format!("{head}flips = [\n{lines}]\n")).map_err(failed)
}
