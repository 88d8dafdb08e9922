//! `gauntlet matrix`: which planted misconfigurations are caught, by which scenarios, held against what their files say.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use globset::Glob;
use mtls_gauntlet::baseline::{Baseline, Change, Exit};
use mtls_gauntlet::catalogue;
use mtls_gauntlet::complaint::Complaint;
use mtls_gauntlet::deployment::Deployment;
use mtls_gauntlet::detection::{Examined, Extent, Pace, Unexamined, examine};
use mtls_gauntlet::judge::VerdictKind;
use mtls_gauntlet::report::Tally;
use mtls_gauntlet::report::matrix::{PlantedFault, TestedDeployment, matrix};
use mtls_gauntlet::run::Options;

use super::CommandError;
use super::run::{default_jobs, now};

/// Which deployments, which variants.
#[derive(Debug, Clone, Args)]
pub(super) struct MatrixArguments {
    /// Deployments with variants beside them. Default: all that come with the program.
    deployments: Vec<String>,
    /// Only these variants.
    #[arg(long, default_value = "*", value_name = "GLOB")]
    variant: String,
    /// Only these scenarios: globs over ids. What a variant lists beside them is left as it is.
    #[arg(long, value_name = "GLOB")]
    scenario: Vec<String>,
    /// Against a variant only the scenarios that its file lists and one in N others; the hardened deployments meet all.
    #[arg(long, value_name = "N")]
    sample: Option<u32>,
    /// Write what was seen into the variants' files, which must be on disk.
    #[arg(long)]
    write: bool,
    /// Seconds that one exchange may take. Several runs share the machine: slow is not dead.
    #[arg(long, default_value_t = 15, value_name = "SECONDS")]
    timeout: u64,
    /// Runs at a time.
    #[arg(long, default_value_t = 3)]
    parallel: usize,
    /// Run once more, one after the other, what did not come as listed or recorded, and go by that; what changed is told.
    #[arg(long)]
    second_look: bool,
    /// Write the matrix as a page of Markdown.
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
    /// Compare the verdicts of each hardened deployment with DIR/NAME.txt.
    #[arg(long, value_name = "DIR")]
    snapshots: Option<PathBuf>,
    /// Record the verdicts into --snapshots instead of comparing.
    #[arg(long, requires = "snapshots")]
    record: bool,
    /// Leave out deployments whose programs are not installed; they are counted.
    #[arg(long)]
    skip_missing: bool,
}

/// Complaints about one variant that are printed: a variant that breaks the honest client has one for each scenario.
const COMPLAINTS: usize = 12;

impl MatrixArguments {
    /// Runs everything; exit 1 where a fault is not caught, a list is not what was seen, or a hardened deployment raises an alarm.
    pub(super) fn obey(&self, out: &mut dyn Write) -> Result<Exit, CommandError> {
        let names: Vec<String> = if self.deployments.is_empty() {
            catalogue::deployment_names()
                .into_iter()
                .map(str::to_owned)
                .collect()
        } else {
            self.deployments.clone()
        };
        let deployments: Vec<Deployment> = names
            .iter()
            .map(|name| catalogue::deployment(name))
            .collect::<Result<_, _>>()?;
        let glob = Glob::new(&self.variant)
            .map_err(|error| Complaint::whole(Path::new("--variant"), error.to_string()))?
            .compile_matcher();
        let scenarios = catalogue::Selection::new(&self.scenario, &[])?.scenarios()?;
        let extent = self
            .sample
            .map_or(Extent::Whole, |one_in| Extent::Listed { one_in });
        let options = Options {
            seed: 1,
            jobs: default_jobs(),
            timeout: Duration::from_secs(self.timeout),
            deadline: None,
            shard: None,
            authorized: Vec::new(),
            intrusive: false,
            stop: std::sync::Arc::default(),
            now: now(),
        };
        let recorded = self.recorded(&deployments)?;
        let examined = examine(
            &deployments,
            &|name| glob.is_match(name),
            &scenarios,
            extent,
            &options,
            Pace {
                parallel: self.parallel,
                second_look: self.second_look,
                recorded: &recorded,
            },
            &mut |name, milliseconds| {
                drop(writeln!(io::stderr(), "{name}: {milliseconds} ms"));
            },
        );
        let mut sound = true;
        let mut skipped = 0_usize;
        let mut done = Vec::new();
        for result in examined {
            match result {
                Ok(examined) => {
                    sound &= self.say(&examined, recorded.get(&examined.deployment.name), out)?;
                    done.push(examined);
                }
                Err(unexamined) if self.skip_missing && unexamined.lacks_a_program() => {
                    skipped += 1;
                    writeln!(out, "skipped {}: {}", unexamined.name, unexamined.error)?;
                }
                Err(Unexamined { name, error }) => {
                    sound = false;
                    writeln!(out, "{name}: {}", super::chain(&error))?;
                }
            }
        }
        if self.deployments.is_empty() && self.variant == "*" && self.scenario.is_empty() {
            sound &= every_scenario_is_caught(&done, out)?;
        }
        if let Some(path) = &self.page {
            let tested: Vec<TestedDeployment> = done.iter().map(tested).collect();
            write(path, &matrix(&tested))?;
        }
        let planted: usize = done.iter().map(|examined| examined.planted.len()).sum();
        let caught = done
            .iter()
            .flat_map(|examined| &examined.planted)
            .filter(|planted| !planted.flips.is_empty())
            .count();
        let alarms: usize = done.iter().map(|examined| examined.hardened.alarms().len()).sum();
        writeln!(
            out,
            "{caught} of {planted} planted faults caught, {alarms} alarms on {} hardened deployments, {skipped} deployments skipped",
            done.len()
        )?;
        Ok(if sound { Exit::Fine } else { Exit::Fail })
    }

    /// Prints one deployment; says whether everything is as it should be.
    fn say(
        &self,
        examined: &Examined,
        recorded: Option<&Baseline>,
        out: &mut dyn Write,
    ) -> Result<bool, CommandError> {
        let name = &examined.deployment.name;
        let hardened = &examined.hardened;
        let count = |kind| {
            let of_kind = hardened
                .results
                .values()
                .filter(|result| result.verdict.kind == kind);
            of_kind.count()
        };
        writeln!(
            out,
            "{name}: {} pass, {} skipped",
            count(VerdictKind::Pass),
            count(VerdictKind::Skipped)
        )?;
        for (id, verdict) in hardened.alarms() {
            writeln!(out, "  {} {id}: {}", verdict.kind, verdict.reason)?;
        }
        for planted in &examined.planted {
            let flips: Vec<&str> = planted.flips.iter().map(String::as_str).collect();
            writeln!(out, "  +{}: {}", planted.variant.name, flips.join(" "))?;
            for complaint in planted.complaints.iter().take(COMPLAINTS) {
                writeln!(out, "    {complaint}")?;
            }
            if let Some(more) = planted
                .complaints
                .len()
                .checked_sub(COMPLAINTS)
                .filter(|more| *more > 0)
            {
                writeln!(out, "    and {more} more")?;
            }
            if self.write {
                let mut flips = planted.flips.clone();
                let listed = planted.variant.file.flips.iter();
                flips.extend(listed.filter(|id| !hardened.results.contains_key(*id)).cloned());
                write_flips(&examined.deployment, &planted.variant.name, &flips)?;
            }
        }
        for change in &examined.second_looks {
            writeln!(out, "  second look: {change}")?;
        }
        let as_recorded = self.compare_with_snapshot(examined, recorded, out)?;
        out.flush()?;
        Ok(examined.is_sound() && as_recorded)
    }

    /// The snapshots that there are, by deployment; none where they are written anew.
    fn recorded(&self, deployments: &[Deployment]) -> Result<BTreeMap<String, Baseline>, CommandError> {
        let Some(folder) = self.snapshots.as_ref().filter(|_| !self.record) else {
            return Ok(BTreeMap::new());
        };
        let mut found = BTreeMap::new();
        for deployment in deployments {
            let path = folder.join(format!("{}.txt", deployment.name));
            if path.exists() {
                let baseline = Baseline::parse(&path, &catalogue::read(&path)?)?;
                found.insert(deployment.name.clone(), baseline);
            }
        }
        Ok(found)
    }

    fn compare_with_snapshot(
        &self,
        examined: &Examined,
        recorded: Option<&Baseline>,
        out: &mut dyn Write,
    ) -> Result<bool, CommandError> {
        let Some(folder) = &self.snapshots else {
            return Ok(true);
        };
        let name = &examined.deployment.name;
        let path = folder.join(format!("{name}.txt"));
        let now = Baseline::of_results(examined.hardened.results.values());
        if self.record {
            write(&path, &now.print(name))?;
            return Ok(true);
        }
        let Some(recorded) = recorded else {
            writeln!(out, "  no snapshot {}: `--record` makes it", path.display())?;
            return Ok(false);
        };
        let comparison = recorded.compare(&now, |_| true);
        // On a busy machine a server that closes and one that answers first can come either way. The verdicts may not.
        let (ways, verdicts): (Vec<_>, Vec<_>) =
            comparison.changes().into_iter().partition(Change::is_of_the_way);
        for (changes, what) in [(&ways, "reached otherwise than"), (&verdicts, "not as")] {
            if !changes.is_empty() {
                writeln!(out, "  {what} in {}:", path.display())?;
            }
            for change in changes {
                write!(out, "{change}")?;
            }
        }
        Ok(verdicts.is_empty())
    }
}

/// A scenario that no variant of any shipped deployment fails proves nothing.
fn every_scenario_is_caught(done: &[Examined], out: &mut dyn Write) -> Result<bool, CommandError> {
    let mut caught = BTreeSet::new();
    for name in catalogue::deployment_names() {
        let variants = catalogue::deployment(name)?.variants;
        caught.extend(variants.into_values().flat_map(|variant| variant.file.flips));
    }
    for examined in done {
        caught.extend(
            examined
                .planted
                .iter()
                .flat_map(|planted| planted.flips.iter().cloned()),
        );
    }
    let all: BTreeSet<String> = catalogue::scenario_files().map(|(id, _, _)| id.0).collect();
    let mut fine = true;
    for id in all.difference(&caught) {
        fine = false;
        writeln!(out, "no variant fails {id}")?;
    }
    Ok(fine)
}

/// What the page says of a deployment. Versions of programs are left out: the page is the same wherever the verdicts are.
fn tested(examined: &Examined) -> TestedDeployment {
    let verdicts = examined
        .hardened
        .results
        .values()
        .map(|result| result.verdict.kind);
    let faults = examined.planted.iter().map(|planted| PlantedFault {
        name: planted.variant.name.clone(),
        says: planted.variant.file.says.clone(),
        flips: planted.flips.clone(),
        hidden: planted.variant.file.hides.clone(),
    });
    TestedDeployment {
        name: examined.deployment.name.clone(),
        says: examined.deployment.file.says.clone(),
        versions: Vec::new(),
        hardened: Tally::of(verdicts),
        alarms: examined.hardened.alarms(),
        faults: faults.collect(),
    }
}

fn write(path: &Path, text: &str) -> Result<(), CommandError> {
    std::fs::write(path, text).map_err(|source| CommandError::File {
        path: path.to_path_buf(),
        source,
    })
}

/// Replaces the `flips` list, which stands last in a variant's file.
fn write_flips(deployment: &Deployment, variant: &str, flips: &BTreeSet<String>) -> Result<(), CommandError> {
    let folder = deployment.path.parent().unwrap_or(Path::new(""));
    let path = folder.join("variants").join(format!("{variant}.toml"));
    let text = catalogue::read(&path)?;
    let Some(start) = text.find("flips") else {
        return Err(Complaint::whole(&path, "no `flips` key").into());
    };
    let head = text.get(..start).unwrap_or_default();
    let lines: String = flips.iter().map(|id| format!("    \"{id}\",\n")).collect();
    write(&path, &format!("{head}flips = [\n{lines}]\n"))
}
